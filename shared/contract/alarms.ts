// The alarms: the closed list of what the server tells operators to look at, how they are asked for, and what a
// reconciliation answers. Counters know nothing of it, so it is no part of the protocol's version.
import { z } from 'zod';
import { instant } from '../ledger/entry.ts';
import { cursor, listLimit } from './billing.ts';

/** What a person must look at: what each alarm means, and what to do about it. */
export const alarmCatalogue = {
  money_without_effect: {
    meaning: 'money came that paid for nothing: paid again, or of an order that no purchase names',
    advice: 'compare the payment with the purchase at the provider; refund it, or adjust credits with a reason',
  },
  effect_without_money: {
    meaning: 'a purchase was settled, and the provider shows no captured payment of that id and amount',
    advice: 'ask the provider about the payment before anything else; whoever can sign webhooks may be a stranger',
  },
  amount_mismatch: {
    meaning: 'a payment is not of the amount of its purchase; nothing was granted',
    advice: 'refund it, or agree with the customer on what to do',
  },
  currency_mismatch: {
    meaning: 'a payment is not in rupees; nothing was granted',
    advice: 'refund it, and see why the provider let another currency through',
  },
  no_webhook: {
    meaning: 'an order was found paid by a look-up, and no webhook of it came within ten minutes',
    advice: "see at the provider's dashboard whether the webhook is enabled, and which address it calls",
  },
  signature_failures: {
    meaning: 'webhooks came whose signature fits no active secret',
    advice: 'compare the secrets of the settings with the dashboard; if they fit, somebody else sent them',
  },
  order_unknown: {
    meaning: 'whether an order was made is not known, and in an hour of looking none was found',
    advice: 'look for the receipt at the provider; the counter may go on with the same purchase',
  },
  second_order: {
    meaning: 'the provider has two orders with the receipt of one purchase',
    advice: 'see that nothing is paid on the order that the purchase does not name; refund what is',
  },
  look_up_failed: {
    meaning: 'the provider refuses to show an order of ours, gave no answer for a day, or its answer cannot be applied',
    advice: 'look the order up by hand; when it answers again, run reconcile',
  },
  webhook_parked: {
    meaning: 'a webhook could not be applied, and is tried no more',
    advice: 'see its reason in the list of webhooks, mend the cause, and replay it',
  },
  refund_failed: {
    meaning: 'the provider says that a refund failed: the money is still ours and not the customer’s',
    advice: 'see why at the provider, and ask for the refund again',
  },
  reversal_short: {
    meaning: 'a refund took back fewer credits than it should, because they were spent',
    advice: 'nothing is owed by itself; decide whether to talk to the customer',
  },
  dispute_open: {
    meaning: 'a customer asks a payment back from the bank',
    advice: 'answer at the provider in time, with the invoice',
  },
  dispute_lost: {
    meaning: 'a dispute was lost: the money is gone, and what it paid was taken back',
    advice: 'see that the credit note is right',
  },
  dispute_won_after_lost: {
    meaning:
      'a dispute that had been lost was won: money and credits are back, and a credit note stands that is not so',
    advice: 'issue a debit note; where the org has bought the same again since, refund one of the two',
  },
  refund_beyond_payment: {
    meaning: 'the provider tells of refunds of more than was paid',
    advice: 'compare the refunds of the payment at the provider with those here',
  },
  mandate_failed: {
    meaning: 'a mandate could not be made, or a yearly charge failed for good',
    advice: 'the renewal can be paid by hand; tell the customer before it lapses',
  },
  e_invoice_turnover: {
    meaning: 'the turnover of the financial year has come to 90 % of the limit above which B2B invoices need an IRN',
    advice: 'talk to the accountant before it is passed; turnover elsewhere under the same PAN counts too',
  },
} as const satisfies Record<string, { readonly meaning: string; readonly advice: string }>;
export type AlarmKind = keyof typeof alarmCatalogue;
export const alarmKind = z.enum(Object.keys(alarmCatalogue) as [AlarmKind, ...AlarmKind[]]);

export const alarmState = z.enum(['open', 'closed', 'all']);
export type AlarmState = z.infer<typeof alarmState>;
export const alarmsQuery = z.object({ state: alarmState.default('open'), cursor, limit: listLimit });
/**
 * subject: which purchase, payment, webhook or provider. orgId: null for what is no org's. times: how often it happened
 * while it was open; details are of the last time.
 */
export const alarmItem = z.object({
  id: z.string(),
  kind: alarmKind,
  meaning: z.string(),
  advice: z.string(),
  subject: z.string(),
  orgId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  times: z.int().min(1),
  firstAt: instant,
  lastAt: instant,
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
});
export type AlarmItem = z.infer<typeof alarmItem>;
export const alarmList = z.object({ items: z.array(alarmItem), nextCursor: z.string().nullable() });

/** looked: purchases that the provider was asked about. settled: of these, paid now. alarms: open after it. */
export const reconcileAnswer = z.object({ looked: z.int().min(0), settled: z.int().min(0), alarms: z.int().min(0) });
export type ReconcileAnswer = z.infer<typeof reconcileAnswer>;
