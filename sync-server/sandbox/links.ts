// Owns payment links: a page at which one sum is paid, with an order of its own. A link that is cancelled or expired takes
// no money; what a payment makes of it is told together with the payment (see `follower`).

import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Db, OrderRow, PaymentRow } from './database.ts';
import { createShelf, type Search } from './documents.ts';
import type { Announce } from './events.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import { notesText, type Orders } from './orders.ts';
import type { Follower } from './payments.ts';
import { Refusal } from './refusal.ts';
import { ofPayment, type Snapshot } from './snapshots.ts';

const linkBody = z.object({
  amount: z.int().min(100),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('INR'),
  reference_id: z.string().max(40).nullish(),
  description: z.string().max(2048).nullish(),
  customer: z.record(z.string(), z.unknown()).nullish(),
  notify: z.record(z.string(), z.boolean()).nullish(),
  expire_by: z.int().nullish(),
  callback_url: z.url({ protocol: /^https?$/ }).nullish(),
  callback_method: z.literal('get').nullish(),
  notes: notesText,
});

export interface Link {
  readonly id: string;
  readonly amount: number;
  readonly amount_paid: number;
  readonly currency: string;
  readonly description: string | null;
  readonly reference_id: string;
  readonly order_id: string;
  readonly short_url: string;
  readonly status: 'created' | 'partially_paid' | 'paid' | 'cancelled' | 'expired';
  readonly callback_url: string | null;
  readonly expire_by: number;
  readonly expired_at: number;
  readonly cancelled_at: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly payments: readonly object[] | null;
}

const SHORTEST_SECONDS = 15 * 60;

export interface LinkParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly orders: Orders;
  readonly announce: Announce;
  readonly publicUrl: string;
}

export type Links = ReturnType<typeof createLinks>;

export function createLinks(parts: LinkParts) {
  const { db, clock, orders, announce } = parts;
  const shelf = createShelf<Link>(db, 'payment_link');
  const keep = (link: Link): Link => {
    const { id, order_id: owner, reference_id, created_at: createdAt, expire_by } = link;
    const dueMs = isOpen(link) && expire_by > 0 ? expire_by * 1000 : null;
    shelf.put({ id, owner, reference: reference_id || null, dueMs, createdAt, body: link });
    return link;
  };
  const ofOrder = ({ id }: OrderRow): Link | null => shelf.list({ owner: id, count: 1, skip: 0 })[0] ?? null;

  function end(link: Link, status: 'cancelled' | 'expired'): Link {
    if (!isOpen(link)) throw new Refusal(`Payment Link cannot be ${status} as it is ${link.status} already`);
    const now = unixSeconds(clock);
    const ended = keep({ ...link, status, [`${status}_at`]: now, updated_at: now });
    announce([
      { event: `payment_link.${status}`, about: link.order_id, paymentId: null, entities: { payment_link: ended } },
    ]);
    return ended;
  }

  const follower: Follower = {
    mayPay(order) {
      const link = ofOrder(order);
      if (link !== null && !isOpen(link)) throw new Refusal(`Payment Link is ${link.status}`);
    },
    captured(payment, order): Snapshot[] {
      const link = ofOrder(order);
      if (link === null) return [];
      const status = order.status === 'paid' ? 'paid' : 'partially_paid';
      const paid = keep(paidBy(link, payment, { status, at: unixSeconds(clock) }));
      return [ofPayment(`payment_link.${status}`, { payment, order, more: { payment_link: paid } })];
    },
  };
  return {
    get: shelf.get,
    list: (search: Search): Link[] => shelf.list(search),
    dueIds: shelf.dueIds,
    follower,
    keep: db.transaction((id: string) => end(shelf.get(id), 'expired')),
    create: db.transaction((body: unknown): Link => {
      const asked = readLink(body, unixSeconds(clock));
      const reference = asked.reference_id ?? '';
      if (reference !== '' && shelf.list({ reference, count: 1, skip: 0 }).length > 0) {
        throw new Refusal(`payment link with given reference_id (${reference}) already exists`, {
          field: 'reference_id',
        });
      }
      return keep(linkOf(asked, parts));
    }),
    end: db.transaction((id: string, status: 'cancelled' | 'expired'): Link => end(shelf.get(id), status)),
    /** The order by which a link is paid; also while it may not be. */
    orderOf: (id: string): OrderRow => orders.get(shelf.get(id).order_id),
  };
}

export const isOpen = ({ status }: Link): boolean => status === 'created' || status === 'partially_paid';

function readLink(body: unknown, now: number): z.infer<typeof linkBody> {
  const parsed = linkBody.safeParse(body);
  if (!parsed.success) throw new Refusal(`The payment link is invalid: ${z.prettifyError(parsed.error)}`);
  const { expire_by } = parsed.data;
  if (typeof expire_by === 'number' && expire_by < now + SHORTEST_SECONDS) {
    throw new Refusal('expire_by should be at least 15 minutes after current time', { field: 'expire_by' });
  }
  return parsed.data;
}

function linkOf(asked: z.infer<typeof linkBody>, { clock, newId, orders, publicUrl }: LinkParts) {
  const { amount, currency, notes } = asked;
  const id = newId('plink_');
  const now = unixSeconds(clock);
  const order = orders.make(amount, currency, asked.reference_id ?? null, notes);
  return {
    accept_partial: false,
    amount,
    amount_paid: 0,
    callback_method: asked.callback_url == null ? '' : 'get',
    callback_url: asked.callback_url ?? null,
    cancelled_at: 0,
    created_at: now,
    currency,
    customer: asked.customer ?? {},
    description: asked.description ?? null,
    expire_by: asked.expire_by ?? 0,
    expired_at: 0,
    first_min_partial_amount: 0,
    id,
    // Null, not a list: links are the odd one here.
    notes: notes === '[]' ? null : (JSON.parse(notes) as unknown),
    notify: asked.notify ?? { email: false, sms: false, whatsapp: false },
    order_id: order.id,
    payments: null,
    reference_id: asked.reference_id ?? '',
    reminder_enable: false,
    reminders: [],
    short_url: `${publicUrl}/link/${id}`,
    status: 'created' as const,
    updated_at: now,
    upi_link: false,
    user_id: '',
    whatsapp_link: false,
  };
}

function paidBy(link: Link, payment: PaymentRow, told: { status: 'paid' | 'partially_paid'; at: number }): Link {
  const { id: payment_id, amount, method, created_at } = payment;
  const line = { amount, created_at, method, payment_id, plink_id: link.id, status: 'captured', updated_at: told.at };
  return {
    ...link,
    status: told.status,
    amount_paid: link.amount_paid + amount,
    updated_at: told.at,
    payments: [...(link.payments ?? []), line],
  };
}

/** The fields with which a paid link's page sends the browser back, signed with the key secret. */
export function linkReturn(link: Link, paymentId: string, keySecret: string): Record<string, string> {
  const { id, reference_id, status } = link;
  const text = `${id}|${reference_id}|${status}|${paymentId}`;
  return {
    razorpay_payment_id: paymentId,
    razorpay_payment_link_id: id,
    razorpay_payment_link_reference_id: reference_id,
    razorpay_payment_link_status: status,
    razorpay_signature: createHmac('sha256', keySecret).update(text).digest('hex'),
  };
}
