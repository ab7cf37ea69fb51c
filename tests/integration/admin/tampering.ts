// Ways to falsify a real database, as its owner with triggers off and constraints dropped; and a history worth falsifying.
import { Client } from 'pg';
import type { FaultKind } from '../../../shared/contract/admin.ts';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { type Counter, orderOf, type Started, uniqueKey } from '../server/started.ts';
import { nextPaymentId, tell } from '../server/webhooks.ts';

export interface Ids {
  readonly org: string;
  readonly plan: string;
  readonly topup: string;
  readonly renewal: string;
  readonly review: string;
  readonly second: string;
  readonly captured: string;
  readonly open: string;
}

/** Plan, top-up, renewal, spends, holds, money under review, and a payment that is to go back. */
export async function makeHistory(server: Started): Promise<{ counter: Counter; ids: Ids }> {
  const counter = await server.signUp();
  const paid = async (purchase: Purchase) => {
    await server.play(orderOf(purchase), 'pay');
    await server.settle();
    return purchase.id;
  };
  const first = await counter.buyPlan();
  await counter.request('POST', `/api/billing/purchases/${first.id}/cancel`);
  const plan = await paid(await counter.buyPlan());
  const second = await paid(first);
  const topup = await paid(await counter.topUp(2));
  const renewal = await counter.request<Purchase>('POST', '/api/billing/renewal/subscribe', {
    body: { mode: 'manual' },
    key: uniqueKey(),
  });
  await paid(renewal.body);
  const wrong = await counter.topUp(1);
  const short = { event: 'payment.captured', paymentId: nextPaymentId(), amount: 249_999 };
  await tell(server, { orderId: orderOf(wrong), ...short });
  await server.settle();
  const review = wrong.id;
  const post = <T>(path: string, body: unknown) => counter.request<T>('POST', path, { body, key: uniqueKey() });
  for (const amount of [10, 20, 30]) await post('/api/credits/spend', { amount, feature: 'ai.assist' });
  const holdOf = async (amount: number) =>
    (await post<{ holdId: string }>('/api/credits/holds', { amount, feature: 'ai.assist', ttlSeconds: 600 })).body
      .holdId;
  const [captured, open] = [await holdOf(400), await holdOf(500)];
  await post(`/api/credits/holds/${captured}/capture`, { amount: 300 });
  return {
    counter,
    ids: { org: counter.orgId, plan, topup, renewal: renewal.body.id, review, second, captured, open },
  };
}

const tables = [
  ...['credits_ledger', 'credit_balance_cache', 'credit_hold', 'subscription', 'purchase', 'billing_payment'],
  ...['billing_invoice', 'invoice_counter'],
];

export interface Falsifier {
  /** Runs SQL with triggers off. */
  falsify(sql: string): Promise<void>;
  /** Puts every row back. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** From here on the server must not write: the constraints that its statements lean on are gone. */
export async function openFalsifier(server: Started): Promise<Falsifier> {
  const client = new Client({ connectionString: server.databaseUrl });
  await client.connect();
  const each = async (statement: (table: string) => string) => {
    for (const table of tables) await client.query(statement(table));
  };
  await client.query(`do $$ declare one record; begin
    for one in select conrelid::regclass as of, conname as name from pg_constraint
      where contype = 'c' and conrelid::regclass::text = any(array['${tables.join("','")}'])
    loop execute format('alter table %s drop constraint %I', one.of, one.name); end loop;
    for one in select conrelid::regclass as of, conname as name from pg_constraint
      where contype = 'u' and conrelid::regclass::text = any(array['billing_invoice', 'billing_payment'])
    loop execute format('alter table %s drop constraint %I', one.of, one.name); end loop;
    for one in select i.indexrelid::regclass as name from pg_index i
      where i.indisunique and not i.indisprimary and i.indrelid::regclass::text = any(array['${tables.join("','")}'])
        and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
    loop execute format('drop index %s', one.name); end loop;
  end $$`);
  await each((table) => `create table kept_${table} as table ${table}`);
  const off = async (work: () => Promise<unknown>) => {
    await client.query('begin');
    await each((table) => `alter table ${table} disable trigger all`);
    await work();
    await each((table) => `alter table ${table} enable trigger all`);
    await client.query('commit');
  };
  return {
    falsify: (sql) => off(() => client.query(sql)),
    restore: () =>
      off(async () => {
        await each((table) => `delete from ${table}`);
        await each((table) => `insert into ${table} select * from kept_${table}`);
      }),
    close: () => client.end(),
  };
}

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
    'series_gap',
    'the first invoice is gone',
    ({ org }) => `delete from billing_invoice where org_id = '${org}' and serial = 1`,
    ['invoice_missing'],
  ],
  ['series_twice', 'a number of before', invoice('renewal', 'serial = serial - 1'), ['invoice_number', 'series_gap']],
  ['series_counter', 'the counter went on', () => 'update invoice_counter set last_serial = last_serial + 1'],
];
