// The rules of the books, read from the real tables by whoever is not the server: sums, cache, holds and chain of every org
// that is asked for, and the content of the whole database. Decides nothing about what should have happened.
import type { Client } from 'pg';
import { balanceOf, heldOf, type ModelEntry, type ModelHold, type ModelOrg, modelHash } from './model.ts';

export interface Books {
  readonly orgId: string;
  readonly entries: readonly ModelEntry[];
  readonly holds: readonly ModelHold[];
  readonly cache: { readonly balance: number; readonly held: number; readonly seq: number; readonly hash: string };
  /** As the database itself adds it up. */
  readonly sum: number;
  /** Rows in the audit log. */
  readonly audited: number;
}

interface Row {
  readonly org_id: string;
  readonly cache: Books['cache'];
  readonly sum: number;
  readonly audited: number;
  readonly entries: readonly ModelEntry[];
  readonly holds: readonly ModelHold[];
}

const instant = (column: string) => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** One statement, so that it is one moment of the database also while others write. */
const books = `
  select c.org_id,
    jsonb_build_object('balance', c.balance, 'held', c.held, 'seq', c.seq, 'hash', encode(c.hash, 'hex')) as cache,
    (select count(*)::int from billing_audit_log a where a.org_id = c.org_id) as audited,
    (select coalesce(sum(delta), 0)::float8 from credits_ledger l where l.org_id = c.org_id) as sum,
    (select coalesce(jsonb_agg(jsonb_build_object('seq', seq, 'delta', delta, 'balanceAfter', balance_after, 'kind', kind,
       'reference', reference, 'idempotencyKey', idempotency_key, 'actor', actor, 'feature', feature,
       'occurredAt', ${instant('occurred_at')}, 'createdAt', ${instant('created_at')}, 'hash', encode(hash, 'hex'))
       order by seq), '[]') from credits_ledger l where l.org_id = c.org_id) as entries,
    (select coalesce(jsonb_agg(jsonb_build_object('holdId', hold_id, 'amount', amount, 'feature', feature, 'actor', actor,
       'state', state, 'capturedAmount', captured_amount, 'entrySeq', entry_seq, 'createdAt', ${instant('created_at')},
       'expiresAt', ${instant('expires_at')}, 'closedAt', ${instant('closed_at')}) order by hold_id), '[]')
     from credit_hold h where h.org_id = c.org_id) as holds
  from credit_balance_cache c where c.org_id = any($1) order by c.org_id`;

export async function readBooks(client: Client, orgIds: readonly string[]): Promise<Books[]> {
  const { rows } = await client.query<Row>({ name: 'books', text: books, values: [orgIds] });
  return rows.map(({ org_id: orgId, ...rest }) => ({ orgId, ...rest }));
}

/** What the model says that the tables must hold. */
export function booksOf(org: ModelOrg): Books {
  const hash = org.entries.at(-1)?.hash ?? '0'.repeat(64);
  const balance = balanceOf(org);
  return {
    orgId: org.orgId,
    entries: org.entries,
    holds: org.holds.toSorted((a, b) => (a.holdId < b.holdId ? -1 : 1)),
    cache: { balance, held: heldOf(org), seq: org.entries.length, hash },
    sum: balance,
    audited: org.audited,
  };
}

/** What is wrong with an org's books; empty when every rule holds. */
export function faultsOf(org: Books): string[] {
  const { orgId, cache, sum } = org;
  const found = [...faultsOfChain(org), ...faultsOfHolds(org)];
  if (sum !== cache.balance) found.push(`sum: entries add up to ${sum}, the cache says ${cache.balance}`);
  if (cache.seq !== org.entries.length) found.push(`cache: ${cache.seq} is not the last of ${org.entries.length}`);
  if (cache.balance < 0 || cache.balance < cache.held || cache.held < 0) {
    found.push(`never negative: balance ${cache.balance}, held ${cache.held}`);
  }
  return found.map((fault) => `${orgId}: ${fault}`);
}

function faultsOfChain({ orgId, entries, cache }: Books): string[] {
  const found: string[] = [];
  const keys = new Set<string>();
  let hash = '0'.repeat(64);
  let balance = 0;
  for (const [at, entry] of entries.entries()) {
    balance += entry.delta;
    hash = modelHash(hash, orgId, entry);
    if (entry.seq !== at + 1) found.push(`chain: entry ${entry.seq} where ${at + 1} should be`);
    if (entry.balanceAfter !== balance)
      found.push(`cache: entry ${entry.seq} says ${entry.balanceAfter}, not ${balance}`);
    if (balance < 0) found.push(`never negative: ${balance} after entry ${entry.seq}`);
    if (entry.hash !== hash) found.push(`chain: entry ${entry.seq} has another hash`);
    if (entry.idempotencyKey !== null && keys.has(entry.idempotencyKey)) found.push(`twice: ${entry.idempotencyKey}`);
    keys.add(entry.idempotencyKey ?? '');
  }
  if (cache.hash !== hash) found.push('chain: the cache has another hash than the last entry');
  return found;
}

function faultsOfHolds({ entries, holds, cache }: Books): string[] {
  const found: string[] = [];
  const open = holds.reduce((sum, { state, amount }) => sum + (state === 'open' ? amount : 0), 0);
  if (open !== cache.held) found.push(`holds: ${open} in open holds, the cache says ${cache.held}`);
  const byHold = new Map<string, ModelEntry[]>();
  for (const entry of entries) {
    if (entry.kind !== 'spend' || !entry.reference?.startsWith('hold_')) continue;
    byHold.set(entry.reference, [...(byHold.get(entry.reference) ?? []), entry]);
  }
  for (const { holdId, state, capturedAmount, entrySeq } of holds) {
    const taken = (byHold.get(holdId) ?? []).map(({ seq, delta }) => `${seq}:${-delta}`).join();
    const said = state === 'captured' ? `${entrySeq}:${capturedAmount}` : '';
    if (taken !== said) found.push(`holds: ${holdId} is ${state} (${said}), entries took ${taken}`);
    byHold.delete(holdId);
  }
  return [...found, ...[...byHold.keys()].map((holdId) => `holds: entries took of ${holdId}, which is none`)];
}

let tables: readonly string[] = [];

/**
 * Rows and a hash of the content of every table. When a counter was last seen is no fact that an operation keeps; all else is,
 * to the last byte.
 */
export async function contentOf(client: Client): Promise<string> {
  if (tables.length === 0) {
    const { rows } = await client.query("select tablename from pg_tables where schemaname = 'public' order by 1");
    tables = rows.map(({ tablename }) => tablename as string);
  }
  const one = (name: string) =>
    `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(row, chr(10) order by row)), '') as content
     from (select (to_jsonb(t) - 'last_seen_at')::text as row from ${name} t) rows`;
  const { rows } = await client.query(tables.map(one).join(' union all '));
  return rows.map(({ name, content }) => `${name} ${content}`).join('\n');
}
