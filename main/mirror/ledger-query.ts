// Finds entries by what they are. The table is walked once for each filter and then only where it grew: what was found is
// kept as numbers of entries, so that any window of it is read by primary key, however far down it lies.
import { desc, eq, getTableColumns, gt, inArray } from 'drizzle-orm';
import type { LedgerFilter } from '../../shared/contract/ledger-views.ts';
import { feedEntry } from '../../shared/ledger/entry.ts';
import { startOfBusinessDate } from '../../shared/plan/service-year.ts';
import { endOfPast, type HeldEntry, versionOfRows } from './entries.ts';
import type { Mirror } from './open.ts';
import { entry } from './schema.ts';

/** seqs: of the entries that fit, the oldest first. */
export interface Found {
  seqs: readonly number[];
}

/** Every kind, feature and actor that any entry has, in the order of the alphabet. */
export type LedgerWords = Readonly<Record<'kinds' | 'features' | 'actors', readonly string[]>>;

export interface LedgerIndex {
  readonly find: (filter: LedgerFilter) => Found;
  readonly words: () => LedgerWords;
}

/**
 * The last entry that was walked over: as long as it has this hash, all before it are what they were. from: the oldest that was
 * held then; while a ledger is fetched from its newest end on, older ones come later.
 */
interface Place {
  readonly from: number;
  readonly seq: number;
  readonly hash: string;
}
interface Walk extends Found {
  seqs: number[];
  upTo: Place;
}

const start: Place = { from: 0, seq: 0, hash: '' };
const mostKept = 8;

export function createLedgerIndex(mirror: Mirror): LedgerIndex {
  const kept = new Map<string, Walk>();
  let words = { upTo: start, ...noWords() };
  let version = versionOfRows(mirror);
  /** A row that was put right in its place leaves the last one as it was: then nothing of what was found is trusted. */
  const look = () => {
    const now = versionOfRows(mirror);
    if (now === version) return;
    version = now;
    kept.clear();
    words = { upTo: start, ...noWords() };
  };
  return {
    find(filter) {
      look();
      const name = JSON.stringify(filter);
      const before = kept.get(name);
      const walk = before !== undefined && stands(mirror, before.upTo) ? before : { seqs: [], upTo: start };
      walk.upTo = goOn(mirror, filter, walk);
      // The one that was asked for last is the last to be let go.
      kept.delete(name);
      kept.set(name, walk);
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break;
        kept.delete(oldest);
      }
      return walk;
    },
    words() {
      look();
      if (!stands(mirror, words.upTo)) words = { upTo: start, ...noWords() };
      words.upTo = goOnWords(mirror, words);
      return {
        kinds: [...words.kinds].sort(),
        features: [...words.features].sort(),
        actors: [...words.actors].sort(),
      };
    },
  };
}

const noWords = () => ({ kinds: new Set<string>(), features: new Set<string>(), actors: new Set<string>() });

function stands(mirror: Mirror, place: Place): boolean {
  if (place.seq === 0) return true;
  const row = mirror.db.select({ hash: entry.hash }).from(entry).where(eq(entry.seq, place.seq)).get();
  return row?.hash === place.hash && headOf(mirror).from === place.from;
}

function headOf(mirror: Mirror): Place {
  // What lies before the newest entries is not all here while it is being fetched: it is not searched until it is.
  const shown = gt(entry.seq, endOfPast(mirror));
  const oldest = mirror.db.select({ seq: entry.seq }).from(entry).where(shown).orderBy(entry.seq).limit(1).get();
  const last = mirror.db
    .select({ seq: entry.seq, hash: entry.hash })
    .from(entry)
    .orderBy(desc(entry.seq))
    .limit(1)
    .get();
  return oldest === undefined || last === undefined ? start : { from: oldest.seq, ...last };
}

function goOn(mirror: Mirror, filter: LedgerFilter, walk: Walk): Place {
  const head = headOf(mirror);
  if (head.seq === walk.upTo.seq) return head;
  const { where, values } = condition(filter);
  const found = mirror.sqlite
    .prepare(`SELECT seq FROM entry WHERE seq > ? AND seq <= ?${where} ORDER BY seq`)
    .pluck()
    .all(Math.max(walk.upTo.seq, head.from - 1), head.seq, ...values) as number[];
  for (const seq of found) walk.seqs.push(seq);
  return head;
}

function goOnWords(mirror: Mirror, words: ReturnType<typeof noWords> & { readonly upTo: Place }): Place {
  const head = headOf(mirror);
  if (head.seq === words.upTo.seq) return head;
  const found = mirror.sqlite
    .prepare('SELECT DISTINCT kind, feature, actor FROM entry WHERE seq > ? AND seq <= ?')
    .all(Math.max(words.upTo.seq, head.from - 1), head.seq) as {
    kind: string;
    feature: string | null;
    actor: string | null;
  }[];
  for (const { kind, feature, actor } of found) {
    words.kinds.add(kind);
    if (feature !== null) words.features.add(feature);
    if (actor !== null) words.actors.add(actor);
  }
  return head;
}

const dayMs = 86_400_000;

function condition(filter: LedgerFilter): { readonly where: string; readonly values: readonly (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const and = (part: string, ...of: (string | number)[]) => {
    parts.push(` AND ${part}`);
    values.push(...of);
  };
  if (filter.kind !== null) and('kind = ?', filter.kind);
  if (filter.feature !== null) and('feature = ?', filter.feature);
  if (filter.actor !== null) and('actor = ?', filter.actor);
  if (filter.from !== null) and('occurred_at >= ?', startOfBusinessDate(filter.from).toISOString());
  if (filter.to !== null) {
    const last = startOfBusinessDate(filter.to).getTime() + dayMs - 1;
    and('occurred_at <= ?', new Date(last).toISOString());
  }
  const text = filter.text.trim();
  if (text !== '') {
    const like = `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const ways = [
      "reference LIKE ? ESCAPE '\\'",
      "feature LIKE ? ESCAPE '\\'",
      ...filter.named.map(() => 'feature = ?'),
    ];
    const number = numberOf(text);
    if (number !== null) ways.push('seq = ?');
    and(`(${ways.join(' OR ')})`, like, like, ...filter.named, ...(number === null ? [] : [number]));
  }
  return { where: parts.join(''), values };
}

/** `1,234`, `No. 1234` and `#1234` are all entry 1234. */
function numberOf(text: string): number | null {
  const digits = /^(?:no\.?|#)?\s*([\d,]+)$/i.exec(text)?.[1]?.replaceAll(',', '');
  return digits === undefined || !/^\d{1,15}$/.test(digits) ? null : Number(digits);
}

/** All but the seal, which is between the rows and the disk. */
const { seal: _seal, ...columns } = getTableColumns(entry);

/** Those of these rows that are entries, oldest first. One that was altered on the disk is none until it is put right. */
export function readRows(mirror: Mirror, seqs: readonly number[]): HeldEntry[] {
  const rows = mirror.db.select(columns).from(entry).where(inArray(entry.seq, seqs)).orderBy(entry.seq).all();
  return rows.filter((row) => feedEntry.safeParse(row).success);
}

/**
 * The rows from `first` on (the first is 1), oldest first. One that is none any more is taken out of what was found, so that
 * those behind it keep their distance.
 */
export function readFound(mirror: Mirror, found: Found, first: number, count: number): HeldEntry[] {
  for (;;) {
    const seqs = found.seqs.slice(first - 1, first - 1 + count);
    const rows = readRows(mirror, seqs);
    if (rows.length === seqs.length) return rows;
    const here = new Set(rows.map(({ seq }) => seq));
    const gone = new Set(seqs.filter((seq) => !here.has(seq)));
    found.seqs = found.seqs.filter((seq) => !gone.has(seq));
  }
}
