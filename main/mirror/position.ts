// Where the mirror stands: whose ledger it is, how far it was checked, the server's status and since when it is true.
// Position and rows move in one transaction, so a power cut leaves both or neither.
import { and, gte, lte } from 'drizzle-orm';
import { type ToldStatus, toldStatus } from '../../shared/contract/told-status.ts';
import type { ChainHead } from '../../shared/ledger/chain.ts';
import { type HeldEntry, heldHead, insertEntries } from './entries.ts';
import { fromJson } from './from-json.ts';
import { BegunAnew } from './guard.ts';
import type { Mirror } from './open.ts';
import { document, documentList, documentPdf, entry, past, position, purchase, refill } from './schema.ts';
import { isSealed, sealOf } from './seal.ts';
import { joined, type Range } from './walk.ts';

/**
 * verifiedAt: server time of the last pull that reached the server's head with every row checked; null before the first, and
 * where the rows do not reach any more to where they were checked: what is shown then was checked by nobody.
 * status: null when it cannot be read any more, as after an update of the app. head: where the ledger stood after the last page, under
 * this row's own seal: what a disk does to the ledger's rows changes nothing of it.
 */
export interface Position {
  readonly orgId: string;
  readonly head: Pick<ChainHead, 'seq' | 'balance'>;
  readonly verifiedAt: string | null;
  readonly status: ToldStatus | null;
}

type Row = Omit<typeof position.$inferSelect, 'one' | 'seal'>;

const sealedParts = ({ orgId, seq, balance, hash, verifiedAt, status }: Row) =>
  [orgId, seq, balance, hash, verifiedAt, status] as const;

/** Null before the first page, and where the row is not as it was written: the next page writes it again. */
export function readPosition(mirror: Mirror): Position | null {
  const row = mirror.db.select().from(position).get();
  if (row === undefined || !isSealed(row.seal, ...sealedParts(row))) return null;
  const stands = heldHead(mirror).seq >= row.seq;
  const { orgId, seq, balance } = row;
  return {
    orgId,
    head: { seq, balance },
    verifiedAt: stands ? row.verifiedAt : null,
    status: parseStatus(row.status),
  };
}

function parseStatus(text: string): ToldStatus | null {
  const parsed = toldStatus.safeParse(fromJson(text));
  return parsed.success ? parsed.data : null;
}

/**
 * from: what the entries continue. head: where the chain stands after them. status: as the server said it, kept with every field,
 * so that a newer version reads more in it. verifiedAt: null while the server's head is not reached.
 */
export interface CheckedPage {
  readonly orgId: string;
  readonly from: ChainHead;
  readonly entries: readonly HeldEntry[];
  readonly head: ChainHead;
  readonly status: unknown;
  readonly verifiedAt: string | null;
}

/** Stores a page whose entries continue the rows that we hold. Throws `BegunAnew` where those are not there any more. */
export function storePage(mirror: Mirror, page: CheckedPage): void {
  const store = mirror.sqlite.transaction(() => {
    if (heldHead(mirror).hash !== page.from.hash) throw new BegunAnew('the rows that a page continues are gone');
    insertEntries(mirror, 'entry', page.entries);
    movePosition(mirror, page);
  });
  store.immediate();
}

/** Stores a page of a new copy, unseen by readers; the one that reaches the head puts it in the old copy's place. */
export function storeRefill(mirror: Mirror, page: CheckedPage, begins: boolean): void {
  const store = mirror.sqlite.transaction(() => {
    if (begins) mirror.db.delete(refill).run();
    insertEntries(mirror, 'refill', page.entries);
    if (page.verifiedAt === null) return;
    mirror.db.delete(entry).run();
    mirror.db.delete(past).run();
    mirror.sqlite.exec('INSERT INTO entry SELECT * FROM refill');
    mirror.db.delete(refill).run();
    movePosition(mirror, page);
  });
  store.immediate();
  if (page.verifiedAt !== null) mirror.replaced.times += 1;
}

/** entries: exactly the rows of the ranges; a range without any is cut off. All or nothing. */
export function replaceRanges(mirror: Mirror, ranges: readonly Range[], entries: readonly HeldEntry[]): void {
  const replace = mirror.sqlite.transaction(() => {
    for (const { from, to } of joined(ranges, 1)) {
      mirror.db
        .delete(entry)
        .where(and(gte(entry.seq, from), lte(entry.seq, to)))
        .run();
    }
    insertEntries(mirror, 'entry', entries);
  });
  replace.immediate();
  mirror.replaced.times += 1;
}

/** Forgets everything: another org's data must never be shown under this one's name. */
export function clearMirror(mirror: Mirror): void {
  const clear = mirror.sqlite.transaction(() => {
    const all = [entry, refill, past, position, purchase, document, documentPdf, documentList];
    for (const table of all) mirror.db.delete(table).run();
  });
  clear.immediate();
  mirror.replaced.times += 1;
}

/** Must run inside the transaction that stores the page's entries. */
export function movePosition(mirror: Mirror, page: CheckedPage): void {
  const verifiedAt = page.verifiedAt ?? readPosition(mirror)?.verifiedAt ?? null;
  const moved = { orgId: page.orgId, ...page.head, status: JSON.stringify(page.status), verifiedAt };
  const sealed = { ...moved, seal: sealOf(...sealedParts(moved)) };
  mirror.db
    .insert(position)
    .values({ one: 1, ...sealed })
    .onConflictDoUpdate({ target: position.one, set: sealed })
    .run();
}
