// Owns events: the body of each, made and signed once, and the plan of its deliveries under the webhook switches. It runs
// inside the transaction of the change that it tells about, and does no I/O: deliveries are rows, sent by the courier.

import { createHmac } from 'node:crypto';
import type { Db, OrderRow, PaymentRow, RefundRow } from './database.ts';
import { orderEntity, paymentEntity, refundEntity } from './entities.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';

export interface Snapshot {
  readonly event:
    | 'payment.authorized'
    | 'payment.captured'
    | 'payment.failed'
    | 'order.paid'
    | 'refund.created'
    | 'refund.processed';
  readonly payment: PaymentRow;
  readonly order: OrderRow;
  readonly refund?: RefundRow;
}

export type Announce = (snapshots: readonly Snapshot[]) => void;

/** One account for the whole sandbox; fourteen letters, as an account id has. */
const ACCOUNT_ID = 'acc_SandboxAccount';
const COPIES_AT_ONCE = 5;
const DUPLICATE_AFTER_MS = 230;

export interface EventParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: Faults;
  readonly webhookSecret: string;
}

export function createAnnouncer({ db, clock, newId, faults, webhookSecret }: EventParts): Announce {
  const saveEvent = db.prepare<[string, string, string, string, Buffer, string, number]>(
    'INSERT INTO events (id, name, order_id, payment_id, body, signature, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const saveDelivery = db.prepare<[Planned]>(`
    INSERT INTO deliveries (event_id, state, next_ms, volley, tampered, unsigned, unnamed)
    VALUES (@event_id, @state, @next_ms, @volley, @tampered, @unsigned, @unnamed)`);
  return (snapshots) => {
    const eventIds = chosen(snapshots, faults).map((snapshot) => {
      const id = newId('');
      const body = Buffer.from(JSON.stringify(eventBody(snapshot, unixSeconds(clock))));
      const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
      const { event, order, payment } = snapshot;
      saveEvent.run(id, event, order.id, payment.id, body, signature, clock.now().getTime());
      return id;
    });
    for (const planned of plan(eventIds, clock.now().getTime(), faults)) saveDelivery.run(planned);
  };
}

function eventBody({ event, payment, order, refund }: Snapshot, createdAt: number) {
  const payload = {
    payment: { entity: paymentEntity(payment) },
    ...(event === 'order.paid' ? { order: { entity: orderEntity(order) } } : {}),
    ...(refund === undefined ? {} : { refund: { entity: refundEntity(refund) } }),
  };
  return {
    entity: 'event',
    account_id: ACCOUNT_ID,
    event,
    contains: Object.keys(payload),
    payload,
    created_at: createdAt,
  };
}

/** Some accounts subscribe to one of the events only; a switch acts that out where the event is among those to be sent. */
function chosen(snapshots: readonly Snapshot[], faults: Faults): readonly Snapshot[] {
  for (const [name, event] of [
    ['only_payment_captured', 'payment.captured'],
    ['only_order_paid', 'order.paid'],
  ] as const) {
    const found = snapshots.filter((snapshot) => snapshot.event === event);
    if (found.length > 0 && faults.take(name)) return found;
  }
  return snapshots;
}

interface Planned {
  readonly event_id: string;
  readonly state: 'pending' | 'held' | 'dropped';
  readonly next_ms: number;
  /** 1: sent at the same moment as the neighbours of the same event. */
  readonly volley: number;
  readonly tampered: number;
  readonly unsigned: number;
  readonly unnamed: number;
}

function plan(eventIds: readonly string[], nowMs: number, faults: Faults): Planned[] {
  if (eventIds.length === 0) return [];
  const ordered = faults.take('webhook_reorder') ? eventIds.toReversed() : eventIds;
  const dropped = faults.take('webhook_drop');
  const held = faults.take('webhook_hold');
  const copies = faults.take('webhook_concurrent') ? COPIES_AT_ONCE : 1;
  const nextMs = nowMs + faults.delaySeconds() * 1000;
  const common = {
    state: dropped ? ('dropped' as const) : held ? ('held' as const) : ('pending' as const),
    volley: copies > 1 ? 1 : 0,
    tampered: faults.take('webhook_tampered') ? 1 : 0,
    unsigned: faults.take('webhook_unsigned') ? 1 : 0,
    unnamed: faults.take('webhook_no_event_id') ? 1 : 0,
  };
  const first = ordered.flatMap((event_id) =>
    Array.from({ length: copies }, () => ({ ...common, event_id, next_ms: nextMs })),
  );
  if (!faults.take('webhook_duplicate')) return first;
  return [...first, ...ordered.map((event_id) => ({ ...common, event_id, next_ms: nextMs + DUPLICATE_AFTER_MS }))];
}
