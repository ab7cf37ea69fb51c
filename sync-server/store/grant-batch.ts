// Monthly grants by the hundred, in SQL: which orgs are due, and one transaction for a chunk of them. An org's mark
// (subscription.next_grant_at) moves on in the transaction that writes its entry, so a kill at any point neither loses nor
// doubles a grant. Decides nothing: see grant/decide.ts.
import type { Pool, PoolClient } from 'pg';
import { monthAfter, type PaidYear, startOfMonth } from '../../shared/plan/grant-months.ts';
import { businessMonth } from '../../shared/plan/service-year.ts';
import { decideGrants, type GrantCase, type GrantToWrite } from '../grant/decide.ts';
import type { LedgerHead } from '../ledger/append.ts';
import { announceMany } from './changes.ts';
import type { Database } from './database.ts';
import { sha256 } from './ledger.ts';

/** Where an org stands in the line of those that are due. */
export interface DueOrg {
  readonly orgId: string;
  readonly at: Date;
}

/** The next orgs whose month has begun, in the order of month and org, after one of them. */
export async function listDueGrants(
  readers: Pool,
  now: Date,
  after: DueOrg | null,
  most: number,
): Promise<readonly DueOrg[]> {
  const { rows } = await readers.query<{ org_id: string; next_grant_at: Date }>({
    name: 'grants-due',
    text: `select org_id, next_grant_at from subscription
      where next_grant_at <= $1 and (next_grant_at, org_id) > ($2, $3) order by next_grant_at, org_id limit $4`,
    values: [now, after?.at ?? '-infinity', after?.orgId ?? '', most],
  });
  return rows.map((row) => ({ orgId: row.org_id, at: row.next_grant_at }));
}

/** What one transaction did, a month at a time. */
export interface ChunkDone {
  readonly month: string;
  readonly granted: number;
  readonly passed: number;
}

/**
 * Decides the next month of each of these orgs and writes the grants. `held`: what to do about an org that another
 * transaction is busy with.
 */
export function grantChunk(
  { inOrgs }: Pick<Database, 'inOrgs'>,
  orgIds: readonly string[],
  now: Date,
  held: 'leave' | 'wait',
): Promise<readonly ChunkDone[]> {
  return inOrgs(orgIds, async (client) => {
    const due = await lockDue(client, orgIds, now, held);
    if (due.length === 0) return [];
    const locked = due.map(({ orgId }) => orgId);
    const paid = await readPaid(client, locked);
    const had = await readHad(client, due);
    const heads = await lockHeads(client, locked);
    const cases = due.map((one): GrantCase => {
      const head = heads.get(one.orgId);
      if (head === undefined) throw new Error(`org ${one.orgId} has no ledger`);
      return { ...one, head, had: had.has(one.orgId), paid: paid.get(one.orgId) ?? [] };
    });
    const writing = decideGrants(cases, sha256);
    await write(client, cases, writing, now);
    if (writing.length > 0) {
      await announceMany(
        client,
        writing.map(({ orgId }) => orgId),
        'entries',
      );
    }
    const done = countMonths(cases, writing);
    await noteRun(client, done, now);
    return done;
  });
}

interface Locked {
  readonly orgId: string;
  readonly month: string;
  readonly amount: number;
}

/** The lock of the subscription stands for the org: nobody else decides a grant of it, or what is paid, meanwhile. */
async function lockDue(
  client: PoolClient,
  orgIds: readonly string[],
  now: Date,
  held: 'leave' | 'wait',
): Promise<Locked[]> {
  const { rows } = await client.query<{ org_id: string; next_grant_at: Date; amount: string }>({
    name: `grants-lock-${held}`,
    text: `select org_id, next_grant_at, monthly_credit_grant as amount from subscription
      where org_id = any($1) and next_grant_at <= $2 order by org_id for update ${held === 'leave' ? 'skip locked' : ''}`,
    values: [orgIds, now],
  });
  return rows.map((row) => ({
    orgId: row.org_id,
    month: businessMonth(row.next_grant_at),
    amount: Number(row.amount),
  }));
}

/** What is paid for service years, and has not gone back. */
async function readPaid(client: PoolClient, orgIds: readonly string[]): Promise<Map<string, PaidYear[]>> {
  const { rows } = await client.query<{ org_id: string; sku: PaidYear['sku']; paid_at: Date }>({
    name: 'grants-paid',
    text: `select org_id, sku, paid_at from purchase
      where org_id = any($1) and sku in ('plan.pharmapulse-one', 'renewal.year') and state = 'paid'`,
    values: [orgIds],
  });
  const found = new Map<string, PaidYear[]>();
  for (const { org_id, sku, paid_at } of rows) {
    const year = { sku, paidAt: paid_at, endedAt: null };
    const own = found.get(org_id);
    if (own === undefined) found.set(org_id, [year]);
    else own.push(year);
  }
  return found;
}

async function lockHeads(client: PoolClient, orgIds: readonly string[]): Promise<Map<string, LedgerHead>> {
  const { rows } = await client.query<{ org_id: string; seq: string; balance: string; held: string; hash: Buffer }>({
    name: 'grants-heads',
    text: `select org_id, seq, balance, held, hash from credit_balance_cache
      where org_id = any($1) order by org_id for update`,
    values: [orgIds],
  });
  return new Map(
    rows.map(({ org_id, seq, balance, held, hash }) => [
      org_id,
      { seq: Number(seq), balance: Number(balance), held: Number(held), hash: hash.toString('hex') },
    ]),
  );
}

/** The orgs that have the grant of their month already. */
async function readHad(client: PoolClient, due: readonly Locked[]): Promise<Set<string>> {
  const { rows } = await client.query<{ org_id: string; month: string }>({
    name: 'grants-had',
    text: `select org_id, reference as month from credits_ledger
      where kind = 'monthly_grant' and org_id = any($1) and reference = any($2)`,
    values: [due.map(({ orgId }) => orgId), [...new Set(due.map(({ month }) => month))]],
  });
  const own = new Map(due.map(({ orgId, month }) => [orgId, month]));
  return new Set(rows.flatMap(({ org_id, month }) => (own.get(org_id) === month ? [org_id] : [])));
}

/** $1 and $2 are one element an org, the rest one an entry; all locks are held. */
const writeText = `
  with marked as (
    update subscription s set next_grant_at = m.next from unnest($1::text[], $2::timestamptz[]) m(org, next)
    where s.org_id = m.org and s.org_id = any($1)
  ), entry as materialized (
    select * from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::timestamptz[], $10::bytea[])
      e(org, seq, delta, balance, reference, key, occurred, hash)
  ), moved as (
    update credit_balance_cache c set seq = e.seq, balance = e.balance, hash = e.hash, updated_at = $11 from entry e
    where c.org_id = e.org and c.org_id = any($3)
  )
  insert into credits_ledger (org_id, seq, delta, balance_after, kind, reference, idempotency_key, actor, occurred_at,
    created_at, hash)
  select org, seq, delta, balance, 'monthly_grant', reference, key, 'system', occurred, $11, hash from entry`;

async function write(
  client: PoolClient,
  cases: readonly GrantCase[],
  writing: readonly GrantToWrite[],
  now: Date,
): Promise<void> {
  const fields = writing.map(({ written }) => written.fields);
  const nextOf = new Map<string, Date>();
  for (const { month } of cases) if (!nextOf.has(month)) nextOf.set(month, startOfMonth(monthAfter(month)));
  await client.query({
    name: 'grants-write',
    text: writeText,
    values: [
      cases.map(({ orgId }) => orgId),
      cases.map(({ month }) => nextOf.get(month)),
      writing.map(({ orgId }) => orgId),
      fields.map(({ seq }) => seq),
      fields.map(({ delta }) => delta),
      fields.map(({ balanceAfter }) => balanceAfter),
      fields.map(({ reference }) => reference),
      fields.map(({ idempotencyKey }) => idempotencyKey),
      fields.map(({ occurredAt }) => occurredAt),
      writing.map(({ written }) => Buffer.from(written.hash, 'hex')),
      now,
    ],
  });
}

function countMonths(cases: readonly GrantCase[], writing: readonly GrantToWrite[]): ChunkDone[] {
  const wrote = new Set(writing.map(({ orgId }) => orgId));
  return [...Map.groupBy(cases, ({ month }) => month)].map(([month, own]) => {
    const granted = own.filter(({ orgId }) => wrote.has(orgId)).length;
    return { month, granted, passed: own.length - granted };
  });
}

/** Last in the transaction: every chunk of a month writes to the same row. */
async function noteRun(client: PoolClient, done: readonly ChunkDone[], now: Date): Promise<void> {
  await client.query({
    name: 'grants-note',
    text: `insert into grant_run as r (month, granted, passed, started_at, last_at)
      select month, granted, passed, $4, $4 from unnest($1::text[], $2::bigint[], $3::bigint[]) d(month, granted, passed) order by month
      on conflict (month) do update
        set granted = r.granted + excluded.granted, passed = r.passed + excluded.passed, last_at = excluded.last_at`,
    values: [done.map(({ month }) => month), done.map(({ granted }) => granted), done.map(({ passed }) => passed), now],
  });
}
