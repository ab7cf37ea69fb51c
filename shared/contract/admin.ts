// What operators ask of the server: orgs, adjustments, the audit log, webhooks, and the proof that the books are right.
// Counters know nothing of it, so it is no part of the protocol's version.
import { z } from 'zod';
import { amount, entry, instant, signedAmount } from '../ledger/entry.ts';
import { renewalStatus } from '../plan/shapes.ts';
import { cursor, listLimit, purchase, subscription } from './billing.ts';
import { device } from './devices.ts';

const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });
/** What is looked for or filtered by; text that can be nothing finds nothing. */
const looked = z.string().max(200).optional();

export const adminOrgsQuery = z.object({ query: looked, cursor, limit: listLimit });
/** serviceRenewalStatus: as it is now. */
export const adminOrg = z.object({
  id: z.string(),
  legalName: z.string(),
  gstin: z.string().nullable(),
  phone: z.string().nullable(),
  createdAt: instant,
  plan: z.literal('pharmapulse-one').nullable(),
  serviceRenewalStatus: renewalStatus,
  balance: z.int(),
});
export type AdminOrg = z.infer<typeof adminOrg>;
export const adminOrgList = pageOf(adminOrg);

/** purchases: the newest 200. */
export const adminOrgAnswer = z.object({
  org: adminOrg.omit({ plan: true, serviceRenewalStatus: true, balance: true }).extend({
    address: z.string(),
    stateCode: z.string(),
    pin: z.string(),
    email: z.string().nullable(),
  }),
  subscription,
  balance: z.int(),
  held: z.int(),
  available: z.int(),
  seq: z.int(),
  purchases: z.array(purchase),
  devices: z.array(device.omit({ current: true })),
});
export type AdminOrgAnswer = z.infer<typeof adminOrgAnswer>;

/** Why an operator did something: it stands in the ledger and in the audit log for ever. */
const reason = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'must be whole characters');

/** `POST /api/admin/orgs/:id/credits`: gives or takes, never below what is available. */
export const adjustRequest = z.object({
  delta: signedAmount.refine((delta) => delta !== 0, 'must not be 0'),
  reason,
});
export type AdjustRequest = z.infer<typeof adjustRequest>;
export const adjustAnswer = z.object({ entry, balance: z.int().min(0), available: z.int().min(0) });
export type AdjustAnswer = z.infer<typeof adjustAnswer>;

export const auditQuery = z.object({ org: looked, cursor, limit: listLimit });
export const auditItem = z.object({
  id: z.string(),
  orgId: z.string(),
  at: instant,
  actor: z.string(),
  action: z.string(),
  subject: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditItem = z.infer<typeof auditItem>;
export const auditList = pageOf(auditItem);

export const webhookState = z.enum(['pending', 'applied', 'ignored', 'parked']);
export type WebhookState = z.infer<typeof webhookState>;
export const webhooksQuery = z.object({ state: webhookState.optional(), cursor, limit: listLimit });
/** reason: what became of it, or why it was not applied yet. */
export const webhookItem = z.object({
  id: z.string(),
  provider: z.string(),
  eventId: z.string(),
  event: z.string(),
  state: webhookState,
  attempts: z.int().min(0),
  reason: z.string().nullable(),
  receivedAt: instant,
});
export type WebhookItem = z.infer<typeof webhookItem>;
export const webhookList = pageOf(webhookItem);

/** Everything that the verifier can find wrong, and what it means. A fault is never repaired by the program. */
export const faultCatalogue = {
  org_incomplete: 'an org has no subscription row or no row in the balance cache',
  entry_of_no_org: 'the ledger has entries of an org that does not exist',
  entry_gap: 'an entry is not numbered one after the entry before it',
  entry_balance: 'balanceAfter is not the balance before plus delta',
  entry_negative: 'the balance after an entry is below 0',
  entry_hash: 'the hash of an entry is not that of its fields and the hash before',
  entry_text: 'a text of an entry is empty or has a line break: its hash could stand for other fields as well',
  entry_sign: 'an entry adds where its kind takes, or takes where it adds',
  cache_balance: 'the cached balance is not that of the last entry',
  cache_seq: 'the cached number is not that of the last entry',
  cache_hash: 'the cached hash is not that of the last entry',
  cache_held: 'the cached held credits are not the sum of the open holds',
  cache_overheld: 'more is held than there is',
  hold_state: 'what a hold says of its end does not fit its state',
  hold_amount: 'more was captured than was held',
  hold_entry: 'a captured hold has no spend entry of exactly what was captured',
  hold_twice: 'two holds name the same entry',
  grant_twice: 'a month was granted twice',
  grant_amount: 'a monthly grant is not of the monthly amount',
  grant_month: 'a grant is for a month in which none was due',
  grant_missing: 'a month whose grant was owed and is decided has none',
  grant_schedule:
    'the month that is decided next is not the start of one, lies too far ahead, or stands without a plan',
  grant_left: "a month's run is marked done, and orgs are left that it has not looked at",
  topup_missing: 'a paid top-up has no entry',
  topup_twice: 'a paid top-up has more than one entry',
  topup_amount: 'a top-up entry is not of the credits that were bought',
  topup_of_no_purchase: 'a top-up entry has no paid purchase',
  payment_missing: 'a paid purchase has no settled payment, or a refunded one no money that went back',
  payment_twice: 'a purchase has more than one settled payment',
  payment_amount: 'a settled payment is not of exactly the amount of its purchase in INR',
  payment_order: "a payment is of another order than its purchase's",
  payment_time: 'a purchase was not paid when its payment was captured',
  payment_misplaced: 'a payment stands on a purchase in a state that such money never leaves it in',
  payment_of_no_purchase: 'a payment belongs to no purchase',
  payment_refund: 'a refunded payment was not refunded in full, or names no refund',
  refund_sum: 'what was refunded of a purchase is not what was refunded of its payments',
  refund_state: 'a settled purchase is not refunded though all of its money went back, or the other way round',
  review_without_money: 'a purchase is under review, and no money of it is',
  purchase_credits: 'a purchase says that it grants credits which nothing grants',
  plan_twice: 'an org has paid for two plans',
  plan_effect: "the subscription is not what the org's paid plan gives",
  renewal_effect: 'a paid renewal moved no due date',
  next_due: 'the next due date is not what plan and renewals make',
  invoice_missing: 'a settled purchase has no invoice',
  invoice_twice: 'a settled purchase has more than one invoice',
  invoice_amount: 'an invoice is not of the amount of its purchase',
  invoice_line: 'the line of an invoice is not what was bought',
  invoice_number: 'number, series, financial year and date of a document do not fit',
  invoice_document: 'a document is not what its row says, or does not add up',
  invoice_of_no_payment: 'an invoice stands on a purchase that was never settled',
  note_original: 'a credit note names no invoice of its purchase',
  note_amount: 'credit notes take back more than their invoice',
  note_missing: 'credit notes take back less than was refunded of a settled payment',
  reversal_of_no_purchase: 'a reversal is of a purchase whose money never took effect',
  series_gap: 'a number is missing in a series',
  series_twice: 'a number was given out twice in a series',
  series_counter: 'the counter of a series is not its last number',
} as const satisfies Record<string, string>;
export type FaultKind = keyof typeof faultCatalogue;
export const faultKind = z.enum(Object.keys(faultCatalogue) as [FaultKind, ...FaultKind[]]);

/** orgId is null for what concerns all orgs: the series of numbers. subject: which row, e.g. `entry 12`. */
export const fault = z.object({
  orgId: z.string().nullable(),
  kind: faultKind,
  subject: z.string(),
  expected: z.string().nullable(),
  found: z.string().nullable(),
});
export type Fault = z.infer<typeof fault>;

/** What is as it should be, and waits for a person all the same. */
export const attentionCatalogue = {
  money_review: 'money kept aside until an operator decides',
  money_refund_due: 'money that is to go back, and has not yet',
  hold_overdue: 'a hold whose time is over, and that no job has closed yet',
  webhook_parked: 'a webhook that could not be applied, and is tried no more',
} as const satisfies Record<string, string>;
export type AttentionKind = keyof typeof attentionCatalogue;
export const attention = z.object({
  orgId: z.string().nullable(),
  kind: z.enum(Object.keys(attentionCatalogue) as [AttentionKind, ...AttentionKind[]]),
  subject: z.string(),
  detail: z.string(),
});
export type Attention = z.infer<typeof attention>;

export const verifyQuery = z.object({ org: looked });
/** Of a long list of faults only the first are told; faultCount says how many there are. */
export const verifyAnswer = z.object({
  ok: z.boolean(),
  faults: z.array(fault),
  faultCount: z.int().min(0),
  attention: z.array(attention),
  attentionCount: z.int().min(0),
  checked: z.object({ orgs: z.int(), entries: z.int(), holds: z.int(), purchases: z.int(), documents: z.int() }),
  at: instant,
});
export type VerifyAnswer = z.infer<typeof verifyAnswer>;

/**
 * `POST /api/admin/purchases/:id/refund`. amountPaise: all that is left when absent. org: needed only where two orgs chose the
 * same id. paymentId: where the purchase has several payments; without it, money that had no effect goes back first.
 */
export const refundRequest = z.object({
  reason,
  amountPaise: amount.optional(),
  org: looked,
  paymentId: z.string().max(64).optional(),
});
export type RefundRequest = z.infer<typeof refundRequest>;
/**
 * status: requested while the provider has not answered, pending until it has sent the money, then processed or failed.
 * reversed: credits taken back; shortfall: those that were spent already.
 */
export const refundAnswer = z.object({
  refund: z.object({
    id: z.string(),
    paymentId: z.string(),
    amountPaise: amount,
    status: z.enum(['requested', 'pending', 'processed', 'failed', 'restored']),
    refundId: z.string().nullable(),
    reversed: z.int().min(0),
    shortfall: z.int().min(0),
    creditNoteId: z.string().nullable(),
  }),
  purchase,
});
export type RefundAnswer = z.infer<typeof refundAnswer>;
