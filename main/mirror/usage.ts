// Sums over the ledger's rows for a range of days, of which only that range is read. The day of an entry is the one on which it
// was written, in Asia/Kolkata, as the server counts it too.
import { desc, gt } from 'drizzle-orm';
import { addDays, businessDate, startOfBusinessDate } from '../../shared/plan/service-year.ts';
import { endOfPast, heldHead, versionOfRows } from './entries.ts';
import type { Mirror } from './open.ts';
import { entry } from './schema.ts';

/** What one day brought of one kind and feature; sum: of its deltas. */
export interface DaySum {
  readonly day: string;
  readonly kind: string;
  readonly feature: string | null;
  readonly sum: number;
}

/** Clocks of the server's processes differ a little: rows that far out of order are still found. */
const slackMs = 3_600_000;

interface Kept {
  /** Which rows these sums are of. */
  readonly of: string;
  readonly byRange: Map<string, readonly DaySum[]>;
}

const keptOf = new WeakMap<Mirror, Kept>();
const mostKept = 8;

/** from, to: dates, both included. The rows are read once for each range, and again when there are others. */
export function readDaySums(mirror: Mirror, from: string, to: string): readonly DaySum[] {
  const { seq, hash } = heldHead(mirror);
  const of = `${versionOfRows(mirror)} ${endOfPast(mirror)} ${seq} ${hash}`;
  let kept = keptOf.get(mirror);
  if (kept?.of !== of || kept.byRange.size >= mostKept) {
    kept = { of, byRange: new Map() };
    keptOf.set(mirror, kept);
  }
  const range = `${from} ${to}`;
  const sums = kept.byRange.get(range) ?? sumDays(mirror, from, to);
  kept.byRange.set(range, sums);
  return sums;
}

function sumDays(mirror: Mirror, from: string, to: string): DaySum[] {
  const begin = startOfBusinessDate(from);
  const first = firstSince(mirror, new Date(begin.getTime() - slackMs).toISOString());
  // Midnight in India is half past six in the evening of UTC, all the year.
  const rows = mirror.sqlite
    .prepare(
      `SELECT substr(created_at, 1, 10) AS utcDay, substr(created_at, 12, 5) >= '18:30' AS isNext, kind, feature,
         sum(delta) AS sum
       FROM entry WHERE seq >= ? AND created_at >= ? AND created_at < ?
       GROUP BY 1, 2, 3, 4`,
    )
    .all(first, begin.toISOString(), startOfBusinessDate(addDays(to, 1)).toISOString()) as (Omit<DaySum, 'day'> & {
    utcDay: string;
    isNext: number;
  })[];
  const sums = new Map<string, DaySum>();
  for (const { utcDay, isNext, kind, feature, sum } of rows) {
    const day = isNext === 1 ? addDays(utcDay, 1) : utcDay;
    const name = JSON.stringify([day, kind, feature]);
    // A day in India is the end of one day of UTC and most of the next.
    sums.set(name, { day, kind, feature, sum: sum + (sums.get(name)?.sum ?? 0) });
  }
  return [...sums.values()];
}

/** Number of the first row that was written at that time or later; found by halves, since rows are written in order. */
function firstSince(mirror: Mirror, instant: string): number {
  const written = mirror.sqlite.prepare('SELECT seq, created_at AS at FROM entry WHERE seq >= ? ORDER BY seq LIMIT 1');
  const head = mirror.db.select({ seq: entry.seq }).from(entry).orderBy(desc(entry.seq)).limit(1).get();
  let low = endOfPast(mirror) + 1;
  let high = (head?.seq ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = written.get(middle) as { seq: number; at: string } | undefined;
    if (row !== undefined && row.at < instant) low = row.seq + 1;
    else high = middle;
  }
  return low;
}

/** The day of the first entry, null without one. */
export function firstDay(mirror: Mirror): string | null {
  const row = mirror.db
    .select({ at: entry.createdAt })
    .from(entry)
    .where(gt(entry.seq, endOfPast(mirror)))
    .orderBy(entry.seq)
    .limit(1)
    .get();
  return row === undefined ? null : businessDate(new Date(row.at));
}
