// The right history with something in it changed.
import { chained, type History, rightHistory, seeds } from './verify-history.ts';

function one<T>(rows: readonly T[], is: (row: T) => boolean): T {
  const found = rows.find(is);
  if (found === undefined) throw new Error('no such row');
  return found;
}
export const entry = (history: History, seq: number) => one(history.entries, (row) => row.seq === seq);
export const purchase = (history: History, id: string) => one(history.purchases, (row) => row.purchaseId === id);
export const payment = (history: History, of: string) => one(history.payments, (row) => row.purchaseId === of);
export const hold = (history: History, id: string) => one(history.holds, (row) => row.holdId === id);
export const document = (history: History, id: string) => one(history.documents, (row) => row.invoiceId === id);
export const set = (row: object | null, change: Record<string, unknown>) => Object.assign(row ?? {}, change);
export const without = <T>(rows: T[], row: T) => rows.splice(rows.indexOf(row), 1);

/** Entries written anew from changed seeds, chain, sums and cache all right: what is wrong is only what they claim. */
export function rewritten(change: (own: Record<string, unknown>[]) => void): History {
  const own = structuredClone(seeds) as unknown as Record<string, unknown>[];
  change(own);
  const history = rightHistory();
  history.entries = chained(own as unknown as typeof seeds);
  const last = history.entries.at(-1);
  if (last !== undefined && history.cache !== null) {
    set(history.cache, { seq: last.seq, balance: last.balanceAfter, hash: last.hash });
  }
  for (const stored of history.holds) {
    stored.entrySeq &&= history.entries.findIndex(({ reference }) => reference === stored.holdId) + 1;
  }
  return history;
}

export function changed(change: (history: History) => void): History {
  const history = rightHistory();
  change(history);
  return history;
}

export const changedCache = (change: Record<string, unknown>) =>
  changed(({ cache }) => {
    set(cache ?? {}, change);
  });
