// Where the mirror stands: whose ledger it is, how far it was checked, the server's status and since when it is true.
// Position and rows move in one transaction, so a power cut leaves both or neither.
import { type BillingStatus, billingStatus } from '../../shared/contract/billing.ts';
import type { ChainHead } from '../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../shared/ledger/entry.ts';
import { insertEntries } from './entries.ts';
import type { Mirror } from './open.ts';
import { document, documentList, documentPdf, entry, position, purchase, refill } from './schema.ts';

/**
 * verifiedAt: server time of the last pull that reached the server's head with every row checked; null before the first.
 * status: null when it cannot be read any more, as after an update of the app.
 */
export interface Position {
  readonly orgId: string;
  readonly verifiedAt: string | null;
  readonly status: BillingStatus | null;
}

export function readPosition(mirror: Mirror): Position | null {
  const row = mirror.db.select().from(position).get();
  if (row === undefined) return null;
  return { orgId: row.orgId, verifiedAt: row.verifiedAt, status: parseStatus(row.status) };
}

function parseStatus(text: string): BillingStatus | null {
  const parsed = billingStatus.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

/** head: where the chain stands after `entries`. verifiedAt: null while the server's head is not reached. */
export interface CheckedPage {
  readonly orgId: string;
  readonly entries: readonly FeedEntry[];
  readonly head: ChainHead;
  readonly status: BillingStatus;
  readonly verifiedAt: string | null;
}

/** Stores a page whose entries continue the rows that we hold. */
export function storePage(mirror: Mirror, page: CheckedPage): void {
  const store = mirror.sqlite.transaction(() => {
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
    mirror.sqlite.exec('INSERT INTO entry SELECT * FROM refill');
    mirror.db.delete(refill).run();
    movePosition(mirror, page);
  });
  store.immediate();
}

/** Forgets everything: another org's data must never be shown under this one's name. */
export function clearMirror(mirror: Mirror): void {
  const clear = mirror.sqlite.transaction(() => {
    const all = [entry, refill, position, purchase, document, documentPdf, documentList];
    for (const table of all) mirror.db.delete(table).run();
  });
  clear.immediate();
}

function movePosition(mirror: Mirror, page: CheckedPage): void {
  const moved = {
    orgId: page.orgId,
    ...page.head,
    status: JSON.stringify(page.status),
    ...(page.verifiedAt === null ? {} : { verifiedAt: page.verifiedAt }),
  };
  mirror.db
    .insert(position)
    .values({ one: 1, ...moved })
    .onConflictDoUpdate({ target: position.one, set: moved })
    .run();
}
