// Owns how Stripe's JSON is read where something outlives a payment: a dispute about one, a subscription that makes them.

import { z } from 'zod';
import type { MandateStatus, ProviderMandate, ReportedDispute } from './port.ts';
import { isIntentId, metadataOf, paise, reference, type Session, text } from './stripe-entities.ts';

const SUBSCRIPTION_ID = /^sub_[A-Za-z0-9_]{1,100}$/;

export const isSubscriptionId = (id: string): boolean => SUBSCRIPTION_ID.test(id);

const disputeStatuses = {
  needs_response: 'open',
  under_review: 'open',
  warning_needs_response: 'open',
  warning_under_review: 'open',
  appeal_needs_response: 'open',
  appeal_under_review: 'open',
  won: 'won',
  lost: 'lost',
  // An inquiry that ended, or a dispute that was headed off: no money was taken.
  warning_closed: 'closed',
  prevented: 'closed',
} as const;

export const disputeEntity = z
  .object({
    id: z.string().regex(/^(dp|du)_[A-Za-z0-9_]{1,100}$/),
    payment_intent: reference.refine((id) => typeof id === 'string' && isIntentId(id), { error: 'no payment intent' }),
    amount: paise,
    currency: text.min(1),
    status: z.enum(Object.keys(disputeStatuses) as (keyof typeof disputeStatuses)[]),
    reason: text.nullish().catch(null),
  })
  .transform(
    (dispute): Omit<ReportedDispute, 'toldAt'> => ({
      disputeId: dispute.id,
      paymentId: dispute.payment_intent ?? '',
      amountPaise: dispute.amount,
      currency: dispute.currency.toUpperCase(),
      status: disputeStatuses[dispute.status],
      reason: dispute.reason || null,
    }),
  );

const mandateStatuses = {
  incomplete: 'created',
  incomplete_expired: 'expired',
  // The first charge lies ahead: the customer has agreed, and nothing was taken yet.
  trialing: 'authenticated',
  active: 'active',
  past_due: 'pending',
  unpaid: 'halted',
  paused: 'paused',
  canceled: 'cancelled',
} as const satisfies Readonly<Record<string, MandateStatus>>;

const subscriptionFields = z.object({
  id: z.string().regex(SUBSCRIPTION_ID),
  status: z.enum(Object.keys(mandateStatuses) as (keyof typeof mandateStatuses)[]),
  metadata: z.unknown().optional(),
  pause_collection: z.unknown().optional(),
});

export const mandateEntity = subscriptionFields.transform(
  ({ id, status, metadata, pause_collection }): ProviderMandate => ({
    mandateId: id,
    receipt: metadataOf(metadata, 'receipt'),
    status: status === 'active' && pause_collection ? 'paused' : mandateStatuses[status],
    authorisationUrl: null,
  }),
);

/** The mandate that a session is on its way to, while there is no subscription yet. */
export function mandateToCome({ id, client_reference_id, status, url }: Session): ProviderMandate {
  const isOpen = status === 'open';
  return {
    mandateId: id,
    receipt: client_reference_id || null,
    status: status === 'expired' ? 'expired' : 'created',
    authorisationUrl: isOpen ? (url ?? null) : null,
  };
}

const invoicePayment = z.object({
  payment: z.object({ payment_intent: reference }).catch({ payment_intent: null }),
});

/** An invoice of a mandate with the payments that were tried for it. */
export const invoiceAnswer = z.object({
  id: text.min(1),
  amount_paid: paise,
  payments: z.object({ data: z.array(invoicePayment), has_more: z.boolean().optional() }).nullish(),
});
