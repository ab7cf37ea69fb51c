// Owns how Stripe's JSON is read where it is about one payment: sessions, payment intents, charges and refunds. Tolerant of
// what is expanded and what is not, and of words that Stripe may add; strict about money (whole units of the currency's
// smallest part, which for INR is the paisa).

import { z } from 'zod';
import type { ProviderOrder, ProviderRefund, ReportedPayment } from './port.ts';

const SESSION_ID = /^cs_[A-Za-z0-9_]{1,200}$/;
const INTENT_ID = /^pi_[A-Za-z0-9_]{1,100}$/;
const REFUND_ID = /^(re|pyr)_[A-Za-z0-9_]{1,100}$/;

export const isSessionId = (id: string): boolean => SESSION_ID.test(id);
export const isIntentId = (id: string): boolean => INTENT_ID.test(id);

export const text = z.string().max(5000);
export const paise = z.int().min(0);
export const unixSeconds = z.int().min(0).max(99_999_999_999);

/** An object of theirs that is told by its id alone unless it was asked for whole. */
export const reference = z
  .union([text, z.object({ id: text }).transform(({ id }) => id)])
  .nullish()
  .catch(null);

const textMap = z.record(z.string(), z.unknown());

export function metadataOf(told: unknown, name: string): string | null {
  const value = textMap.safeParse(told).data?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export const sessionFields = z.object({
  id: z.string().regex(SESSION_ID),
  mode: text,
  client_reference_id: text.nullish(),
  amount_total: paise.nullish(),
  currency: text.nullish(),
  status: z.enum(['open', 'complete', 'expired']).nullish(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  payment_intent: z.unknown().optional(),
  subscription: z.unknown().optional(),
  metadata: z.unknown().optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
  created: unixSeconds,
});
export type Session = z.infer<typeof sessionFields>;

/** The id by which a session is known above the adapter: of a later session of one purchase, the first session's. */
export function orderIdOf({ id, metadata }: Pick<Session, 'id' | 'metadata'>): string {
  const first = metadataOf(metadata, 'order');
  return first !== null && isSessionId(first) ? first : id;
}

/** Null where it is the session of something else, or does not say what it takes. */
export function toOrder(session: Session): ProviderOrder | null {
  const { mode, amount_total, currency, client_reference_id, payment_status, payment_intent } = session;
  if (mode !== 'payment' || typeof amount_total !== 'number' || typeof currency !== 'string') return null;
  const begun = session.status === 'complete' || reference.parse(payment_intent) !== null;
  return {
    orderId: orderIdOf(session),
    receipt: client_reference_id || null,
    amountPaise: amount_total,
    currency: currency.toUpperCase(),
    status: payment_status === 'paid' ? 'paid' : begun ? 'attempted' : 'created',
  };
}

const chargeFields = z.object({
  amount_refunded: paise,
  created: unixSeconds,
  payment_method_details: z.object({ type: text }).nullish().catch(null),
});

const paymentError = z.object({ code: text.nullish(), decline_code: text.nullish(), message: text.nullish() });

export const intentFields = z.object({
  id: z.string().regex(INTENT_ID),
  amount: paise,
  amount_received: paise.nullish(),
  currency: text.min(1),
  status: text,
  created: unixSeconds,
  metadata: z.unknown().optional(),
  latest_charge: z.unknown().optional(),
  last_payment_error: paymentError.nullish().catch(null),
});
export type Intent = z.infer<typeof intentFields>;

/** `capturedAtSeconds`: when the event says so; a look-up tells it by the charge. */
export function toPayment(intent: Intent, orderId: string | null, capturedAtSeconds: number | null): ReportedPayment {
  const charge = chargeFields.safeParse(intent.latest_charge).data ?? null;
  const took = intent.status === 'succeeded';
  const amountPaise = took ? (intent.amount_received ?? intent.amount) : intent.amount;
  const refunded = took ? (charge?.amount_refunded ?? 0) : 0;
  const error = intent.last_payment_error ?? null;
  const seconds = capturedAtSeconds ?? charge?.created ?? intent.created;
  const status = statusOf(intent, error !== null, amountPaise > 0 && refunded >= amountPaise);
  return {
    paymentId: intent.id,
    orderId,
    status,
    amountPaise,
    amountRefundedPaise: refunded,
    currency: intent.currency.toUpperCase(),
    method: charge?.payment_method_details?.type ?? null,
    capturedAt: took ? new Date(seconds * 1000) : null,
    failure:
      status === 'failed'
        ? { code: error?.decline_code || error?.code || '', description: error?.message ?? '' }
        : null,
  };
}

function statusOf({ status }: Intent, hasError: boolean, allWentBack: boolean): ReportedPayment['status'] {
  if (status === 'succeeded') return allWentBack ? 'refunded' : 'captured';
  if (status === 'requires_capture') return 'authorized';
  // After a refused attempt it asks for another way to pay; a cancelled one failed only if somebody had tried.
  return hasError && (status === 'requires_payment_method' || status === 'canceled') ? 'failed' : 'created';
}

const refundFields = z.object({
  id: z.string().regex(REFUND_ID),
  amount: paise,
  status: text.nullish(),
  created: unixSeconds.optional().catch(undefined),
  payment_intent: reference.refine((id) => typeof id === 'string' && isIntentId(id), { error: 'no payment intent' }),
  metadata: z.unknown().optional(),
});

const refundStatuses: Readonly<Record<string, ProviderRefund['status']>> = {
  succeeded: 'processed',
  failed: 'failed',
  canceled: 'failed',
};

/** A refund, with our key where we made it. */
export const refundAnswer = refundFields.transform(({ id, amount, status, created, payment_intent, metadata }) => {
  const refund: ProviderRefund = {
    refundId: id,
    paymentId: payment_intent ?? '',
    amountPaise: amount,
    status: refundStatuses[status ?? ''] ?? 'pending',
  };
  return { refund, key: metadataOf(metadata, 'key'), createdAt: created ?? 0 };
});

/** One page of a list, as it came; what is on it is read by whoever looks for something. */
export const pageOf = <T>(item: z.ZodType<T>) => z.object({ data: z.array(item), has_more: z.boolean() });
