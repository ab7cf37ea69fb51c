// A stretch of the ledger as counters pull it, with the head, as one consistent reading.
import { and, eq, sql } from 'drizzle-orm';
import type { FeedColumns } from '../../shared/contract/feed-columns.ts';
import type { ChainHead } from '../../shared/ledger/chain.ts';
import type { Entry } from '../../shared/ledger/entry.ts';
import { creditBalanceCache, creditsLedger } from './schema.ts';
import type { Tx } from './tx.ts';

export interface FeedRows {
  readonly entries: readonly Entry[];
  readonly head: ChainHead;
}

/** The last entry there is. */
export async function readHead(tx: Tx, orgId: string): Promise<ChainHead> {
  const [at] = await tx.select().from(creditBalanceCache).where(eq(creditBalanceCache.orgId, orgId));
  if (at === undefined) throw new Error(`org ${orgId} has no ledger`);
  return { seq: at.seq, balance: at.balance, hash: at.hash.toString('hex') };
}

/** Where the chain stands after one entry that there is. */
export async function readLink(tx: Tx, orgId: string, seq: number): Promise<ChainHead> {
  const [row] = await tx
    .select({ balance: creditsLedger.balanceAfter, hash: creditsLedger.hash })
    .from(creditsLedger)
    .where(and(eq(creditsLedger.orgId, orgId), eq(creditsLedger.seq, seq)));
  if (row === undefined) throw new Error(`org ${orgId} has no entry ${seq}`);
  return { seq, balance: row.balance, hash: row.hash.toString('hex') };
}

/** Entries after `after`, at most `limit`, and the head. */
export async function readFeed(tx: Tx, orgId: string, after: number, limit: number): Promise<FeedRows> {
  const head = await readHead(tx, orgId);
  const rows = await tx
    .select()
    .from(creditsLedger)
    .where(
      and(
        eq(creditsLedger.orgId, orgId),
        sql`${creditsLedger.seq} > ${after}`,
        sql`${creditsLedger.seq} <= ${head.seq}`,
      ),
    )
    .orderBy(creditsLedger.seq)
    .limit(limit);
  return {
    entries: rows.map((row) => ({
      seq: row.seq,
      delta: row.delta,
      balanceAfter: row.balanceAfter,
      kind: row.kind,
      reference: row.reference,
      idempotencyKey: row.idempotencyKey,
      actor: row.actor,
      feature: row.feature,
      occurredAt: row.occurredAt.toISOString(),
      createdAt: row.createdAt.toISOString(),
      hash: row.hash.toString('hex'),
    })),
    head,
  };
}

/** The names of the columns on the wire, and how PostgreSQL says each. */
const columns: Readonly<Record<keyof FeedColumns & string, string>> = {
  delta: 'delta',
  kind: 'kind',
  reference: 'reference',
  idempotencyKey: 'idempotency_key',
  actor: 'actor',
  feature: 'feature',
  occurredAt: '(extract(epoch from occurred_at) * 1000)::bigint',
  createdAt: '(extract(epoch from created_at) * 1000)::bigint',
};

/**
 * Entries after `after`, up to `upTo`, at most `limit`, as the text of a JSON object of columns. PostgreSQL makes the text: the
 * server passes a long past on and never takes it apart.
 */
export async function readColumns(tx: Tx, orgId: string, after: number, upTo: number, limit: number): Promise<string> {
  const aggregated = Object.entries(columns).map(
    ([name, value]) => `'"${name}":' || coalesce(json_agg(${value})::text, '[]')`,
  );
  const { rows } = await tx.execute<{ page: string }>(sql`
    select '{' || ${sql.raw(aggregated.join(` || ',' || `))} || '}' as page from (
      select * from credits_ledger where org_id = ${orgId} and seq > ${after} and seq <= ${upTo} order by seq limit ${limit}
    ) stretch`);
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate gave no row');
  return row.page;
}
