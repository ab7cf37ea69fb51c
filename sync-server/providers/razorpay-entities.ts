// Owns how Razorpay's JSON is read: tolerant of every form its documentation shows (notes as [], null or an object,
// captured as true, false or "1", keys that come and go), strict about money (integer paise, nothing guessed).

import { z } from 'zod';
import type { ProviderOrder, ProviderRefund, ReportedPayment } from './port.ts';

// Fourteen letters and digits today. The length is Razorpay's business; the characters are ours: the SDK puts an id into
// the URL unescaped, so a slash, a dot or a question mark would call something else.
const ORDER_ID = /^order_[A-Za-z0-9_]{1,40}$/;
export const PAYMENT_ID = /^pay_[A-Za-z0-9_]{1,40}$/;
const REFUND_ID = /^rfnd_[A-Za-z0-9_]{1,40}$/;
const LINK_ID = /^plink_[A-Za-z0-9_]{1,40}$/;

export const isOrderId = (id: string): boolean => ORDER_ID.test(id);
export const isPaymentId = (id: string): boolean => PAYMENT_ID.test(id);
export const isLinkId = (id: string): boolean => LINK_ID.test(id);

const paise = z.int().min(0);
const unixSeconds = z.int().min(0).max(99_999_999_999);
const text = z.string().max(1000);

const notes = z.record(z.string(), z.unknown());

/** One note, where notes are an object that has it as text; documented forms are also [], null and absent. */
export function noteOf(told: unknown, name: string): string | null {
  const value = notes.safeParse(told).data?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

const orderFields = z.object({
  id: text.min(1),
  amount: paise,
  currency: text.min(1),
  receipt: text.nullish(),
  status: z.enum(['created', 'attempted', 'paid']),
  created_at: unixSeconds.optional(),
});

function toOrder(order: z.infer<typeof orderFields>): ProviderOrder {
  const { id, amount, currency, receipt, status } = order;
  return { orderId: id, receipt: receipt ?? null, amountPaise: amount, currency, status };
}

const storedOrder = orderFields.refine(({ id }) => isOrderId(id), { path: ['id'], message: 'not an order id' });

export const orderAnswer = storedOrder.transform(toOrder);

/** Orders of a list, oldest first. Ids begin with the time they were made at, so they break a tie of the same second. */
export const orderListAnswer = z
  .object({ items: z.array(storedOrder) })
  .transform(({ items }) =>
    items.toSorted((a, b) => (a.created_at ?? 0) - (b.created_at ?? 0) || (a.id < b.id ? -1 : 1)).map(toOrder),
  );

/**
 * The order inside an event. A payment link's order is told there without its prefix, so the payment's own order_id says
 * which order this is; null when it is the order of something else, or cannot be read.
 */
export function orderInEvent(entity: unknown, paymentOrderId: string | null): ProviderOrder | null {
  const parsed = orderFields.safeParse(entity);
  if (!parsed.success || paymentOrderId === null) return null;
  const { id } = parsed.data;
  if (id !== paymentOrderId && `order_${id}` !== paymentOrderId) return null;
  return toOrder({ ...parsed.data, id: paymentOrderId });
}

const linkInEvent = z.object({ id: z.string().max(50) });

/** The payment link inside an event; null where there is none. Its id is told with its prefix, an order's beside it is not. */
export function linkIdIn(entity: unknown): string | null {
  const { data } = linkInEvent.safeParse(entity);
  return data !== undefined && isLinkId(data.id) ? data.id : null;
}

const YES: ReadonlySet<unknown> = new Set([true, 1, '1', 'true']);
const captureFlag = z
  .union([z.boolean(), z.literal([0, 1, '0', '1', 'true', 'false', ''])])
  .transform((flag) => YES.has(flag));

const paymentFields = z
  .object({
    id: z.string().regex(PAYMENT_ID),
    amount: paise,
    amount_refunded: paise.nullish(),
    currency: text.min(1),
    status: z.enum(['created', 'authorized', 'captured', 'refunded', 'failed']),
    order_id: text.nullish(),
    method: text.nullish(),
    captured: captureFlag.nullish(),
    captured_at: unixSeconds.nullish(),
    created_at: unixSeconds.nullish(),
    error_code: text.nullish(),
    error_description: text.nullish(),
  })
  // A payment that says both "captured" and "not captured" is not a fact about money; it is looked up instead.
  .refine(({ status, captured }) => status !== 'captured' || captured !== false, {
    path: ['captured'],
    message: 'the status says captured and the flag says it is not',
  });

export type PaymentFields = z.infer<typeof paymentFields>;

export const paymentEntity: z.ZodType<PaymentFields> = paymentFields;

export function toPayment(payment: PaymentFields, capturedAtSeconds: number | null): ReportedPayment {
  const { id, amount, amount_refunded, currency, status, order_id, method, error_code, error_description } = payment;
  const hasMoney = status === 'captured' || status === 'refunded';
  return {
    paymentId: id,
    orderId: order_id || null,
    status,
    amountPaise: amount,
    amountRefundedPaise: amount_refunded ?? 0,
    currency,
    method: method ?? null,
    capturedAt: hasMoney && capturedAtSeconds !== null ? new Date(capturedAtSeconds * 1000) : null,
    failure: status === 'failed' ? { code: error_code ?? '', description: error_description ?? '' } : null,
  };
}

/** A look-up has no event time: the payment's own time stands in. */
const lookedUp = (item: PaymentFields): ReportedPayment => toPayment(item, item.captured_at ?? item.created_at ?? null);

export const paymentAnswer = paymentFields.transform(lookedUp);

/** The payments of an order, as a look-up tells them. */
export const paymentListAnswer = z
  .object({ items: z.array(paymentFields) })
  .transform(({ items }) => items.map(lookedUp));

const refundFields = z.object({
  id: z.string().regex(REFUND_ID),
  payment_id: z.string().regex(PAYMENT_ID),
  amount: paise,
  receipt: text.nullish(),
  status: z.enum(['pending', 'processed', 'failed']),
  created_at: unixSeconds.optional(),
});

function toRefund({ id, payment_id, amount, status }: z.infer<typeof refundFields>): ProviderRefund {
  return { refundId: id, paymentId: payment_id, amountPaise: amount, status };
}

export const refundEntity = refundFields.transform(toRefund);

/** One page of refunds as it came, to be put in order once all pages are there. */
export const refundListAnswer = z.object({ items: z.array(refundFields) }).transform(({ items }) =>
  items.map((item) => ({
    receipt: item.receipt ?? null,
    createdAt: item.created_at ?? 0,
    refund: toRefund(item),
  })),
);
