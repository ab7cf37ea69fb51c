// The ways of spending that are compared: ours through the lanes, with hash chain and idempotency; and the baselines.
import { createHash } from 'node:crypto';
import { createLedgerLanes } from '../../sync-server/store/ledger-lanes.ts';
import type { BenchDatabase } from './database.ts';

const bodyHash = createHash('sha256').update('bench').digest('hex');
let made = 0;
export function nextKey(): string {
  made += 1;
  return `bench-${made}`;
}

export type Spend = (orgId: string) => Promise<void>;

/** Through our own code: natural batching, guarded head, hash chain, idempotency key with body hash. */
export function ours(database: BenchDatabase): Spend {
  const lanes = createLedgerLanes({ pool: database.lanes, clock: { now: () => new Date() } });
  return async (orgId) => {
    const request = { amount: 1, feature: 'ai.assist', reference: null, key: nextKey(), bodyHash, actor: 'dev_bench' };
    const verdict = await lanes.spendCredits(orgId, request);
    if (!verdict.ok) throw new Error(verdict.code);
  };
}

/** Baseline (a): one prepared statement per spend, guarded update and insert; one leg, no chain. */
export function oneStatement(database: BenchDatabase): Spend {
  const text = `
    with paid as (
      update baseline_balance set balance = balance - $2 where org_id = $1 and balance >= $2 returning org_id
    )
    insert into baseline_ledger (org_id, delta, idempotency_key, feature, created_at)
    select org_id, -$2::bigint, $3, 'ai.assist', now() from paid returning id`;
  return async (orgId) => {
    const { rowCount } = await database.plain.query({ name: 'baseline-a', text, values: [orgId, 1, nextKey()] });
    if (rowCount !== 1) throw new Error('the baseline refused');
  };
}

/** Baseline (b): raw multi-row inserts of `rows` entries a statement, no guard, no balance: the limit of the disk. */
export function rawInsert(database: BenchDatabase, rows: number): Spend {
  const text = `insert into baseline_ledger (org_id, delta, idempotency_key, feature, created_at)
    select $1, -1, key, 'ai.assist', now() from unnest($2::text[]) key`;
  return async (orgId) => {
    const values = [orgId, Array.from({ length: rows }, nextKey)];
    await database.plain.query({ name: 'baseline-b', text, values });
  };
}
