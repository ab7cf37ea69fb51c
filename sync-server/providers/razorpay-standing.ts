// Owns how Razorpay's JSON is read where something outlives a payment: a dispute about one, a subscription that makes
// them. As strict about money and as tolerant about all else as razorpay-entities.

import { z } from 'zod';
import type { MandateStatus, ProviderMandate, ReportedDispute } from './port.ts';
import { noteOf, PAYMENT_ID } from './razorpay-entities.ts';

const DISPUTE_ID = /^disp_[A-Za-z0-9_]{1,40}$/;
const MANDATE_ID = /^sub_[A-Za-z0-9_]{1,40}$/;

export const isMandateId = (id: string): boolean => MANDATE_ID.test(id);

const text = z.string().max(1000);

const disputeStatuses = {
  open: 'open',
  created: 'open',
  under_review: 'open',
  action_required: 'open',
  won: 'won',
  lost: 'lost',
  closed: 'closed',
} as const;

export const disputeEntity = z
  .object({
    id: z.string().regex(DISPUTE_ID),
    payment_id: z.string().regex(PAYMENT_ID),
    amount: z.int().min(0),
    currency: text.min(1),
    status: z.enum(Object.keys(disputeStatuses) as (keyof typeof disputeStatuses)[]),
    reason_code: text.nullish().catch(null),
    reason_description: text.nullish().catch(null),
  })
  .transform(
    (dispute): Omit<ReportedDispute, 'toldAt'> => ({
      disputeId: dispute.id,
      paymentId: dispute.payment_id,
      amountPaise: dispute.amount,
      currency: dispute.currency,
      status: disputeStatuses[dispute.status],
      reason: dispute.reason_description || dispute.reason_code || null,
    }),
  );

const mandateStatus = z.enum([
  'created',
  'authenticated',
  'active',
  'pending',
  'halted',
  'paused',
  'cancelled',
  'completed',
  'expired',
]) satisfies z.ZodType<MandateStatus>;

const mandateFields = z.object({
  id: z.string().regex(MANDATE_ID),
  status: mandateStatus,
  short_url: text.nullish().catch(null),
  notes: z.unknown().optional(),
  created_at: z.int().min(0).optional().catch(undefined),
});

function toMandate({ id, status, short_url, notes }: z.infer<typeof mandateFields>): ProviderMandate {
  // The page stays up at Razorpay; once the customer has agreed, it is for another card, and no longer for agreeing.
  const url = status === 'created' ? (short_url ?? null) : null;
  return { mandateId: id, receipt: noteOf(notes, 'receipt'), status, authorisationUrl: url };
}

export const mandateEntity = mandateFields.transform(toMandate);

const noted = z.object({ notes: z.unknown().optional() });

/** Newest first, as it came. One that cannot be read is most likely another's; its receipt alone tells whether it is ours. */
export const mandateListAnswer = z.object({
  items: z.array(
    z.unknown().transform((item) => ({
      receipt: noteOf(noted.safeParse(item).data?.notes, 'receipt'),
      mandate: mandateEntity.safeParse(item).data ?? null,
    })),
  ),
});

const planFields = z.object({
  id: z.string().regex(/^plan_[A-Za-z0-9_]{1,40}$/),
  period: text,
  interval: z.int(),
  item: z.object({ name: text, amount: z.int().min(0), currency: text }),
});

export const planAnswer = planFields.transform(({ id, period, interval, item }) => ({
  planId: id,
  isYearly: period === 'yearly' && interval === 1,
  name: item.name,
  amountPaise: item.amount,
  currency: item.currency,
}));

export const planListAnswer = z.object({ items: z.array(planAnswer.nullable().catch(null)) });
