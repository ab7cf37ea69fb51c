// Ways to falsify a real database, each with the faults that the verifier must then name.
import type { FaultKind } from '../../../shared/contract/admin.ts';
import type { Ids } from './falsifier.ts';

/** The kind of fault, what is done, and further kinds that cannot but come with it. */
export type Falsehood = readonly [FaultKind, string, (ids: Ids) => string, (readonly FaultKind[])?];

const entry = (where: string, set: string) => (ids: Ids) =>
  `update credits_ledger set ${set} where org_id = '${ids.org}' and ${where}`;
const cache = (set: string) => (ids: Ids) => `update credit_balance_cache set ${set} where org_id = '${ids.org}'`;
const hold = (of: 'captured' | 'open', set: string) => (ids: Ids) =>
  `update credit_hold set ${set} where hold_id = '${ids[of]}'`;
type Bought = 'plan' | 'topup' | 'renewal' | 'review' | 'second';
const purchase = (of: Bought, set: string) => (ids: Ids) =>
  `update purchase set ${set} where purchase_id = '${ids[of]}'`;
const payment = (of: Bought, set: string) => (ids: Ids) =>
  `update billing_payment set ${set} where purchase_id = '${ids[of]}'`;
const invoice = (of: Bought, set: string) => (ids: Ids) =>
  `update billing_invoice set ${set} where purchase_id = '${ids[of]}'`;
/** A row again, with some columns as they are in `change`. */
const again = (table: string, where: (ids: Ids) => string, change: Readonly<Record<string, string>>) => (ids: Ids) =>
  `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object(${Object.entries(change)
    .map(([column, value]) => `'${column}', ${value}`)
    .join(', ')}))).* from ${table} t where ${where(ids)}`;
const note = (change: Readonly<Record<string, string>>) =>
  again('billing_invoice', ({ topup }) => `purchase_id = '${topup}' and kind = 'invoice'`, {
    ...{ invoice_id: "'inv_note'", kind: "'credit_note'", series: "'PC'", serial: '1', number: "'PC/26-27/000001'" },
    ...change,
  });

export const falsehoods: readonly Falsehood[] = [
  ['org_incomplete', 'its cache row is gone', ({ org }) => `delete from credit_balance_cache where org_id = '${org}'`],
  ['org_incomplete', 'its subscription row is gone', ({ org }) => `delete from subscription where org_id = '${org}'`],
  [
    'entry_of_no_org',
    'the first entry under the name of nobody',
    again('credits_ledger', ({ org }) => `org_id = '${org}' and seq = 1`, { org_id: "'org_nobody'" }),
  ],
  [
    'entry_gap',
    'a spend is gone',
    ({ org }) => `delete from credits_ledger where org_id = '${org}' and seq = 4`,
    ['entry_balance', 'entry_hash'],
  ],
  ['entry_balance', 'a spend is one less', entry('seq = 4', 'delta = delta + 1'), ['entry_hash']],
  ['entry_negative', 'a balance below 0', entry('seq = 4', 'balance_after = -1'), ['entry_balance', 'entry_hash']],
  ['entry_hash', 'another counter spent', entry('seq = 4', "actor = 'dev_other'")],
  ['entry_hash', 'for another feature', entry('seq = 4', "feature = 'ai.batch'")],
  ['entry_hash', 'under another key', entry('seq = 4', "idempotency_key = 'other'")],
  ['entry_hash', 'a millisecond later', entry('seq = 4', "occurred_at = occurred_at + interval '1 ms'")],
  ['entry_hash', 'another hash', entry('seq = 4', "hash = sha256('x')")],
  ['entry_text', 'an empty reference for none', entry('seq = 4', "reference = ''")],
  [
    'entry_sign',
    'a spend is called a grant',
    entry('seq = 4', "kind = 'topup'"),
    ['entry_hash', 'topup_of_no_purchase'],
  ],
  ['cache_balance', 'a credit more', cache('balance = balance + 1')],
  ['cache_seq', 'an entry more', cache('seq = seq + 1')],
  ['cache_hash', 'another hash', cache("hash = sha256('x')")],
  ['cache_held', 'nothing is held', cache('held = 0')],
  [
    'cache_overheld',
    'more is held than there is',
    (ids) => `${hold('open', 'amount = 999999')(ids)}; ${cache('held = 999999')(ids)}`,
  ],
  ['hold_state', 'an open hold with an end', hold('open', 'closed_at = expires_at')],
  ['hold_amount', 'less held than captured', hold('captured', 'amount = 299')],
  ['hold_entry', 'more captured than the entry says', hold('captured', 'captured_amount = 301')],
  [
    'hold_twice',
    'a second hold of one entry',
    again('credit_hold', ({ captured }) => `hold_id = '${captured}'`, { hold_id: "'hold_again'" }),
    ['hold_entry'],
  ],
  [
    'grant_twice',
    'the month again',
    entry('seq = 2', "kind = 'monthly_grant', reference = '2026-11'"),
    ['entry_hash', 'grant_amount', 'topup_missing'],
  ],
  ['grant_amount', 'a credit more', entry('seq = 1', 'delta = 50001'), ['entry_balance', 'entry_hash']],
  [
    'grant_month',
    'a month before the plan',
    entry('seq = 1', "reference = '2026-10'"),
    ['entry_hash', 'grant_missing'],
  ],
  ['grant_missing', 'the grant is called an adjustment', entry('seq = 1', "kind = 'adjustment'"), ['entry_hash']],
  ['topup_missing', 'the top-up is called an adjustment', entry('seq = 2', "kind = 'adjustment'"), ['entry_hash']],
  [
    'topup_twice',
    'the top-up again',
    (ids) => entry('seq = 1', `kind = 'topup', reference = '${ids.topup}'`)(ids),
    ['entry_hash', 'grant_missing', 'topup_amount'],
  ],
  ['topup_amount', 'fewer credits were bought', purchase('topup', 'credits = 50000')],
  [
    'topup_of_no_purchase',
    'for another purchase',
    entry('seq = 2', "reference = 'pur_other'"),
    ['entry_hash', 'topup_missing'],
  ],
  [
    'reversal_of_no_purchase',
    'taken back for nothing',
    again('credits_ledger', ({ org }) => `org_id = '${org}' and seq = 2`, {
      ...{ seq: '90', kind: "'reversal'", delta: '-1', reference: "'pur_other'", idempotency_key: "'x'" },
    }),
    ['cache_balance', 'cache_hash', 'cache_seq', 'entry_balance', 'entry_gap', 'entry_hash'],
  ],
  [
    'payment_missing',
    'the payment is gone',
    ({ renewal }) => `delete from billing_payment where purchase_id = '${renewal}'`,
    ['invoice_of_no_payment', 'next_due', 'payment_time'],
  ],
  [
    'payment_twice',
    'a second settled payment',
    again('billing_payment', ({ renewal }) => `purchase_id = '${renewal}'`, { payment_id: "'pay_again'" }),
  ],
  ['payment_amount', 'a paisa short', payment('plan', 'amount_paise = amount_paise - 1')],
  ['payment_amount', 'in dollars', payment('plan', "currency = 'USD'")],
  ['payment_order', 'of another order', payment('plan', "provider_order_id = 'order_other'")],
  ['payment_time', 'paid a day later', purchase('topup', "paid_at = paid_at + interval '1 day'")],
  ['payment_misplaced', 'money on a cancelled purchase', purchase('review', "state = 'cancelled'")],
  [
    'payment_of_no_purchase',
    'the purchase is gone',
    ({ review }) => `delete from purchase where purchase_id = '${review}'`,
  ],
  ['payment_refund', 'a refund that nobody made', payment('second', 'refund_id = null')],
  ['refund_sum', 'nothing was refunded', purchase('second', 'refunded_paise = 0')],
  ['refund_state', 'refunded, and the money is here', purchase('topup', "state = 'refunded'")],
  [
    'review_without_money',
    'the money is gone',
    ({ review }) => `delete from billing_payment where purchase_id = '${review}'`,
  ],
  ['purchase_credits', 'a plan with credits', purchase('plan', 'credits = 50000')],
  [
    'plan_twice',
    'the plan that went back stays',
    (ids) =>
      `${purchase('second', "state = 'paid', refunded_paise = 0, paid_at = (select captured_at from billing_payment p where p.purchase_id = purchase.purchase_id)")(ids)};
       ${payment('second', "effect = 'settled', refunded_paise = 0, refund_id = null")(ids)}`,
    ['invoice_missing'],
  ],
  [
    'plan_effect',
    'a branch more',
    ({ org }) => `update subscription set branches_included = 2 where org_id = '${org}'`,
  ],
  [
    'grant_schedule',
    'grants put off for a year',
    ({ org }) => `update subscription set next_grant_at = next_grant_at + interval '1 year' where org_id = '${org}'`,
  ],
  [
    'grant_left',
    'a month that is called done',
    () => `update subscription set next_grant_at = '2026-10-31T18:30:00Z' where next_grant_at is not null;
      delete from grant_run;
      insert into grant_run (month, granted, passed, started_at, last_at, finished_at)
        values ('2026-11', 0, 0, '2026-11-01', '2026-11-01', '2026-11-01')`,
  ],
  [
    'next_due',
    'a year for nothing',
    ({ org }) => `update subscription set service_renewal_next_due = '2029-11-22' where org_id = '${org}'`,
  ],
  ['renewal_effect', 'for another year', purchase('renewal', "renewal_due = '2030-11-22'"), ['next_due']],
  [
    'invoice_missing',
    'an invoice is gone',
    ({ renewal }) => `delete from billing_invoice where purchase_id = '${renewal}'`,
    ['series_gap'],
  ],
  [
    'invoice_twice',
    'a second invoice',
    again('billing_invoice', ({ renewal }) => `purchase_id = '${renewal}'`, { invoice_id: "'inv_again'" }),
    ['invoice_document', 'series_twice'],
  ],
  ['invoice_amount', 'for a paisa more', invoice('plan', 'total_paise = total_paise + 1'), ['invoice_document']],
  ['invoice_line', 'three packs for two', purchase('topup', 'quantity = 3')],
  ['invoice_number', 'with another number', invoice('plan', "number = 'PP/26-27/000009'"), ['invoice_document']],
  ['invoice_document', 'with another tax', invoice('plan', `document = jsonb_set(document, '{cgstPaise}', '0')`)],
  [
    'invoice_of_no_payment',
    'for what was never paid',
    ({ org, review, plan }) =>
      `update billing_invoice set purchase_id = '${review}' where org_id = '${org}' and purchase_id = '${plan}'`,
    ['invoice_document', 'invoice_missing'],
  ],
  [
    'note_original',
    'a credit note of nothing',
    note({ original_id: "'inv_none'" }),
    ['invoice_document', 'series_counter'],
  ],
  [
    'note_amount',
    'a credit note of more than its invoice',
    note({ original_id: 't.invoice_id', total_paise: 't.total_paise + 1' }),
    ['invoice_document', 'series_counter'],
  ],
  [
    'note_missing',
    'a paisa went back without a credit note',
    ({ topup }) => `update billing_payment set refunded_paise = 1 where purchase_id = '${topup}'`,
    ['refund_sum'],
  ],
  [
    'series_gap',
    'the first invoice is gone',
    ({ org }) => `delete from billing_invoice where org_id = '${org}' and serial = 1`,
    ['invoice_missing'],
  ],
  ['series_twice', 'a number of before', invoice('renewal', 'serial = serial - 1'), ['invoice_number', 'series_gap']],
  ['series_counter', 'the counter went on', () => 'update invoice_counter set last_serial = last_serial + 1'],
];
