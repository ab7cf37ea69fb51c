// The past behind a snapshot: while it is being fetched the mirror holds the entries up to some place and the newest ones, and
// knows where the newest begin. Everything in between is still to come and is shown as such, never as if it were not there.
import { desc, lte } from 'drizzle-orm';
import { type ChainHead, emptyChain } from '../../shared/ledger/chain.ts';
import { type HeldEntry, heldHead, insertEntries } from './entries.ts';
import { BegunAnew } from './guard.ts';
import type { Mirror } from './open.ts';
import { type CheckedPage, movePosition } from './position.ts';
import { entry, past } from './schema.ts';
import { sealOf } from './seal.ts';
import { readPast } from './walk.ts';

/** Stores the newest entries, which begin behind `snapshot`; what is held of the time before stays. */
export function storeSnapshot(mirror: Mirror, page: CheckedPage, snapshot: ChainHead): void {
  const store = mirror.sqlite.transaction(() => {
    const { seq, balance, hash } = snapshot;
    mirror.db
      .insert(past)
      .values({ one: 1, seq, balance, hash, seal: sealOf(seq, balance, hash) })
      .run();
    insertEntries(mirror, 'entry', page.entries);
    movePosition(mirror, page);
  });
  store.immediate();
}

/** How far the past is held without a gap, up to `end`. */
export function filledTo(mirror: Mirror, end: number): ChainHead {
  const last = mirror.db.select().from(entry).where(lte(entry.seq, end)).orderBy(desc(entry.seq)).limit(1).get();
  return last === undefined ? emptyChain : { seq: last.seq, balance: last.balanceAfter, hash: last.hash };
}

/** Stores the next entries of the past; whole: it meets the newest ones now. */
export function storePast(mirror: Mirror, from: ChainHead, entries: readonly HeldEntry[], whole: boolean): void {
  const store = mirror.sqlite.transaction(() => {
    const end = readPast(mirror)?.seq ?? 0;
    if (filledTo(mirror, end).hash !== from.hash) throw new BegunAnew('the rows that a page continues are gone');
    insertEntries(mirror, 'entry', entries);
    if (whole) mirror.db.delete(past).run();
  });
  store.immediate();
}

/** The way to the newest entries does not fit: what is not here counts as missing from now on. */
export function forgetPast(mirror: Mirror): void {
  mirror.db.delete(past).run();
}

/** held: how many entries are here, of `total` that there are; null when all are. */
export function readFetching(mirror: Mirror): { readonly held: number; readonly total: number } | null {
  const behind = readPast(mirror);
  if (behind === null) return null;
  const total = heldHead(mirror).seq;
  return { held: filledTo(mirror, behind.seq).seq + total - behind.seq, total };
}
