// Reads pages of the feed, whichever way the server wrote them: plain entries, or columns. What comes out continues the chain
// from where it was asked, or is refused; nobody else sees an entry that was not checked.
import { z } from 'zod';
import { type FeedColumns, feedColumnsPage } from '../../shared/contract/feed-columns.ts';
import { feedPage } from '../../shared/contract/sync.ts';
import { saidStatus } from '../../shared/contract/told-status.ts';
import { type ChainHead, chainText, checkChain, type Sha256 } from '../../shared/ledger/chain.ts';
import { feedEntry } from '../../shared/ledger/entry.ts';
import type { HeldEntry } from '../mirror/entries.ts';

/** Entries of one request: enough that the way there and back does not count, few enough that a page is soon forgotten. */
export const mostAtOnce = 2_500;

/** Plain entries with every field that the server sent, also those that this version does not know. */
export const plainPage = feedPage.extend({ entries: z.array(z.looseObject(feedEntry.shape)), status: saidStatus });
export const columnsPage = feedColumnsPage.extend({ status: saidStatus });
export type FeedAnswer = z.infer<typeof plainPage> | z.infer<typeof columnsPage>;
/** What of a page is its entries. */
type Entries = Pick<z.infer<typeof plainPage>, 'entries'> | Pick<z.infer<typeof columnsPage>, 'columns' | 'last'>;
type PlainEntry = z.infer<typeof plainPage>['entries'][number];

export const sizeOf = (page: Entries): number => ('columns' in page ? page.columns.delta.length : page.entries.length);

export type Chained =
  | { readonly ok: true; readonly entries: readonly HeldEntry[]; readonly head: ChainHead }
  | { readonly ok: false; readonly fault: string };

/** The page's entries, if they continue `from`. */
export function chained(orgId: string, from: ChainHead, page: Entries, sha256: Sha256): Chained {
  if ('columns' in page) return chainColumns(orgId, from, page.columns, page.last, sha256);
  const check = checkChain(orgId, from, page.entries, sha256);
  if (!check.ok) return { ok: false, fault: `entry ${check.seq}: ${check.fault}` };
  return { ok: true, entries: page.entries.map(held), head: check.head };
}

const known = new Set(Object.keys(feedEntry.shape));

function held(of: PlainEntry): HeldEntry {
  const strange = Object.entries(of).filter(([name]) => !known.has(name));
  const { seq, delta, balanceAfter, kind, reference, idempotencyKey, actor, feature, occurredAt, createdAt, hash } = of;
  return {
    ...{ seq, delta, balanceAfter, kind, reference, idempotencyKey, actor, feature, occurredAt, createdAt, hash },
    more: strange.length === 0 ? null : JSON.stringify(Object.fromEntries(strange)),
  };
}

/** Numbers, balances and hashes are computed, and must come to where the server says that they do. */
function chainColumns(
  orgId: string,
  from: ChainHead,
  columns: FeedColumns,
  last: ChainHead | null,
  sha256: Sha256,
): Chained {
  const { delta, kind, reference, idempotencyKey, actor, feature, occurredAt, createdAt } = columns;
  const count = delta.length;
  const lists = [kind, reference, idempotencyKey, actor, feature, occurredAt, createdAt];
  if (lists.some((list) => list.length !== count)) return { ok: false, fault: 'columns of different lengths' };
  const more = strangeColumns(columns, count);
  const entries: HeldEntry[] = [];
  let { seq, balance, hash } = from;
  for (let at = 0; at < count; at += 1) {
    const entry: HeldEntry = {
      seq: seq + 1,
      delta: delta[at] ?? 0,
      balanceAfter: balance + (delta[at] ?? 0),
      kind: kind[at] ?? '',
      reference: reference[at] ?? null,
      idempotencyKey: idempotencyKey[at] ?? null,
      actor: actor[at] ?? null,
      feature: feature[at] ?? null,
      occurredAt: new Date(occurredAt[at] ?? 0).toISOString(),
      createdAt: new Date(createdAt[at] ?? 0).toISOString(),
      hash: '',
      more: more?.(at) ?? null,
    };
    hash = sha256(chainText(hash, orgId, entry));
    ({ seq, balanceAfter: balance } = entry);
    entries.push({ ...entry, hash });
  }
  const head = { seq, balance, hash };
  const fits = last === null ? count === 0 : last.seq === seq && last.balance === balance && last.hash === hash;
  return fits ? { ok: true, entries, head } : { ok: false, fault: `entries ${from.seq + 1} to ${seq}: hash` };
}

/** Columns of a newer server, an entry's values as one JSON object; null where there are none. */
function strangeColumns(columns: FeedColumns, count: number): ((at: number) => string | null) | null {
  const strange = Object.entries(columns).filter(
    (column): column is [string, unknown[]] =>
      !known.has(column[0]) && Array.isArray(column[1]) && column[1].length === count,
  );
  if (strange.length === 0) return null;
  return (at) => JSON.stringify(Object.fromEntries(strange.map(([name, list]) => [name, list[at]])));
}
