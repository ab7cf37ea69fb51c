// The ledger's rows on this PC. They are written only from feed pages that were checked; head and sums are always taken
// from the rows that we hold, never from what a server claims, or a gap would hide for ever.
import { count, desc, gt, lt, sql } from 'drizzle-orm';
import { type ChainCheck, type ChainHead, checkChain, emptyChain, type Sha256 } from '../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../shared/ledger/entry.ts';
import type { Mirror } from './open.ts';
import { entry } from './schema.ts';

/** Where the rows of `table` end; the empty chain when there are none. */
export function heldHead(mirror: Mirror): ChainHead {
  const last = mirror.db.select().from(entry).orderBy(desc(entry.seq)).limit(1).get();
  return last === undefined ? emptyChain : { seq: last.seq, balance: last.balanceAfter, hash: last.hash };
}

const rowsAtOnce = 2000;

/** Walks every row that we hold through the chain, as if it had come from the network. */
export function checkHeld(mirror: Mirror, orgId: string, sha256: Sha256): ChainCheck {
  let head: ChainHead = emptyChain;
  for (;;) {
    const rows = mirror.db
      .select()
      .from(entry)
      .where(sql`${entry.seq} > ${head.seq}`)
      .orderBy(entry.seq)
      .limit(rowsAtOnce)
      .all();
    const check = checkChain(orgId, head, rows, sha256);
    if (!check.ok || rows.length < rowsAtOnce) return check;
    head = check.head;
  }
}

/** Whether number and sum of the rows fit the last one: cheap enough for every pull, unlike the whole walk. */
export function sumsFit(mirror: Mirror): boolean {
  const head = heldHead(mirror);
  const sums = mirror.db
    .select({ rows: count(), sum: sql<number>`coalesce(sum(${entry.delta}), 0)` })
    .from(entry)
    .get();
  return sums !== undefined && sums.rows === head.seq && sums.sum === head.balance;
}

/** Must run inside the transaction that also moves the position. */
export function insertEntries(mirror: Mirror, table: 'entry' | 'refill', entries: readonly FeedEntry[]): void {
  const insert = mirror.sqlite.prepare(
    `INSERT INTO ${table} (seq, delta, balance_after, kind, reference, idempotency_key, actor, feature, occurred_at,
       created_at, hash)
     VALUES (@seq, @delta, @balanceAfter, @kind, @reference, @idempotencyKey, @actor, @feature, @occurredAt,
       @createdAt, @hash)`,
  );
  for (const row of entries) insert.run(row);
}

/** Newest first, below `before`. */
export function readEntries(mirror: Mirror, before: number | null, limit: number): FeedEntry[] {
  const below = before === null ? undefined : lt(entry.seq, before);
  return mirror.db.select().from(entry).where(below).orderBy(desc(entry.seq)).limit(limit).all();
}

/** Number of the newest entry that brought credits; 0 before the first. */
export function newestInflow(mirror: Mirror): number {
  const last = mirror.db
    .select({ seq: entry.seq })
    .from(entry)
    .where(gt(entry.delta, 0))
    .orderBy(desc(entry.seq))
    .limit(1)
    .get();
  return last?.seq ?? 0;
}

export function countEntries(mirror: Mirror): number {
  return mirror.db.select({ rows: count() }).from(entry).get()?.rows ?? 0;
}
