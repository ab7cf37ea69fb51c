// Walks the rows that we hold through the chain, as if they had come from the network, in slices, and names every row that is
// missing or not as it was stored. A row is judged against the row before it as that is stored, so that one altered row does
// not cast doubt on all behind it.
import { and, asc, eq, gt, lte } from 'drizzle-orm';
import { type ChainHead, chainText, emptyChain, type Sha256 } from '../../shared/ledger/chain.ts';
import type { Mirror } from './open.ts';
import { entry, past } from './schema.ts';
import { isSealed } from './seal.ts';

/** Rows from..to, both included: missing, or not as they were stored. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** at: the last row that was looked at. ended: there is none behind it. */
export interface Slice {
  readonly bad: readonly Range[];
  readonly at: number;
  readonly ended: boolean;
}

type Row = typeof entry.$inferSelect;

/** Where the older entries end that are still being fetched; null when all are here. */
export function readPast(mirror: Mirror): ChainHead | null {
  const row = mirror.db.select().from(past).get();
  // One that was altered says nothing: what is not here then counts as missing, and is fetched as such.
  if (row === undefined || !isSealed(row.seal, row.seq, row.balance, row.hash)) return null;
  return { seq: row.seq, balance: row.balance, hash: row.hash };
}

/** Looks at the next `most` rows behind row `after`. */
export function walkSlice(mirror: Mirror, orgId: string, sha256: Sha256, after: number, most: number): Slice {
  const behind = readPast(mirror);
  const inPast = behind !== null && after < behind.seq;
  const end = inPast ? behind.seq : Number.MAX_SAFE_INTEGER;
  const rows = mirror.db
    .select()
    .from(entry)
    .where(and(gt(entry.seq, after), lte(entry.seq, end)))
    .orderBy(asc(entry.seq))
    .limit(most)
    .all();
  const bad: Range[] = [];
  let before = linkAt(mirror, after, behind);
  let at = after;
  for (const row of rows) {
    if (row.seq > at + 1) bad.push({ from: at + 1, to: row.seq });
    else if (before === null || !follows(orgId, before, row, sha256)) bad.push({ from: row.seq, to: row.seq });
    before = { seq: row.seq, balance: row.balanceAfter, hash: row.hash };
    at = row.seq;
  }
  const whole = rows.length < most;
  // What lies between the past fetched so far and the newest entries is not missing: it is still to come.
  return { bad, at: whole && inPast ? end : at, ended: whole && !inPast };
}

/** What row `seq` leaves to the one behind it, as it is stored; null where it is not there. */
function linkAt(mirror: Mirror, seq: number, behind: ChainHead | null): ChainHead | null {
  if (seq === 0) return emptyChain;
  if (behind !== null && seq === behind.seq) return behind;
  const row = mirror.db.select().from(entry).where(eq(entry.seq, seq)).get();
  return row === undefined ? null : { seq, balance: row.balanceAfter, hash: row.hash };
}

function follows(orgId: string, before: ChainHead, row: Row, sha256: Sha256): boolean {
  return (
    Number.isSafeInteger(row.delta) &&
    row.balanceAfter === before.balance + row.delta &&
    isSealed(row.seal, row.hash, row.createdAt, row.more) &&
    sha256(chainText(before.hash, orgId, row)) === row.hash
  );
}

/** In order, those close to each other as one: a request costs more than a few rows that were good. */
export function joined(ranges: readonly Range[], apart: number): Range[] {
  const made: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = made.at(-1);
    if (last !== undefined && range.from - last.to <= apart) {
      made[made.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else made.push(range);
  }
  return made;
}
