// Pages of the ledger put together. Entries never change and are numbered without a gap, so pages join by number; where
// they do not meet, the older ones are let go and can be asked for again.
import type { CallOutput } from '../../shared/contract/ipc.ts';

export type LedgerPage = CallOutput<'ledger.page'>;

/** The newest page, and below it what was shown before. */
export function withNewest(shown: LedgerPage | null, newest: LedgerPage): LedgerPage {
  const lowest = newest.entries.at(-1)?.seq;
  if (shown === null || lowest === undefined) return newest;
  const below = shown.entries.filter((entry) => entry.seq < lowest);
  const meets = below[0]?.seq === lowest - 1 && newest.total >= newest.entries.length + below.length;
  return meets ? { entries: [...newest.entries, ...below], total: newest.total } : newest;
}

/** What was shown, and below it an older page. */
export function withOlder(shown: LedgerPage, older: LedgerPage): LedgerPage {
  const lowest = shown.entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  return { entries: [...shown.entries, ...older.entries.filter((entry) => entry.seq < lowest)], total: older.total };
}
