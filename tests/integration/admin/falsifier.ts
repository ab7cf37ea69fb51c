// A history worth falsifying, and the hand that can: a real database's owner, with triggers off and constraints dropped.
import { Client } from 'pg';
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
  ...['billing_invoice', 'invoice_counter', 'grant_run'],
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
