// The ledger's rows on this PC. They are written only from feed pages that were checked; the head is always taken from the
// rows that we hold, never from what a server claims, or a gap would hide for ever.
import { desc, eq, gt } from 'drizzle-orm';
import { type ChainHead, emptyChain } from '../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../shared/ledger/entry.ts';
import type { Mirror } from './open.ts';
import { entry, past } from './schema.ts';
import { sealOf } from './seal.ts';

/** An entry as it is held. more: fields of a newer server, as a JSON object; null where there are none. */
export interface HeldEntry extends FeedEntry {
  readonly more: string | null;
}

/** Where the rows end; the empty chain when there are none. */
export function heldHead(mirror: Mirror): ChainHead {
  const last = mirror.db.select().from(entry).orderBy(desc(entry.seq)).limit(1).get();
  return last === undefined ? emptyChain : { seq: last.seq, balance: last.balanceAfter, hash: last.hash };
}

const columns = [
  'seq',
  'delta',
  'balance_after',
  'kind',
  'reference',
  'idempotency_key',
  'actor',
  'feature',
  'occurred_at',
  'created_at',
  'hash',
  'more',
  'seal',
];

/** Rows of one statement: fewer calls into SQLite, and still far from its limit of variables. */
const rowsAtOnce = 50;

const insertOf = (table: string, rows: number): string => {
  const row = `(${columns.map(() => '?').join(', ')})`;
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`;
};

/** Must run inside the transaction that also moves the position. */
export function insertEntries(mirror: Mirror, table: 'entry' | 'refill', entries: readonly HeldEntry[]): void {
  const whole = entries.length - (entries.length % rowsAtOnce);
  const many = mirror.sqlite.prepare(insertOf(table, rowsAtOnce));
  const values: (string | number | null)[] = [];
  for (let at = 0; at < whole; at += rowsAtOnce) {
    values.length = 0;
    for (let row = at; row < at + rowsAtOnce; row += 1) addValues(values, entries[row]);
    many.run(values);
  }
  const one = mirror.sqlite.prepare(insertOf(table, 1));
  for (let at = whole; at < entries.length; at += 1) {
    values.length = 0;
    addValues(values, entries[at]);
    one.run(values);
  }
}

function addValues(values: (string | number | null)[], row: HeldEntry | undefined): void {
  if (row === undefined) throw new Error('a page has fewer rows than it has');
  values.push(
    row.seq,
    row.delta,
    row.balanceAfter,
    row.kind,
    row.reference,
    row.idempotencyKey,
    row.actor,
    row.feature,
    row.occurredAt,
    row.createdAt,
    row.hash,
    row.more,
    // Covers what the entry's own hash does not.
    sealOf(row.hash, row.createdAt, row.more),
  );
}

/** Entries up to this one are not all here, while they are being fetched, and are not shown; 0 when all are. */
export function endOfPast(mirror: Mirror): number {
  return mirror.db.select({ seq: past.seq }).from(past).get()?.seq ?? 0;
}

/** Another one as soon as rows that are held may be others than they were, by our own hand or another program's. */
export const versionOfRows = (mirror: Mirror): string =>
  `${String(mirror.sqlite.pragma('data_version', { simple: true }))} ${mirror.begunAnew()} ${mirror.replaced.times}`;

export function readEntry(mirror: Mirror, seq: number): HeldEntry | null {
  return mirror.db.select().from(entry).where(eq(entry.seq, seq)).get() ?? null;
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
