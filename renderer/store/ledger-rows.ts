// Rows of the ledger as far as this screen has them. A row keeps its number (1 is the oldest that fits the filter), so what
// was read stays right while new entries come above it; what is missing is asked for by numbers.
import type { LedgerEntryView, LedgerFilter, LedgerWindow } from '../../shared/contract/ledger-views.ts';

export interface LedgerRows {
  /** Rows that fit the filter, and entries of all. */
  readonly total: number;
  readonly held: number;
  /** By number, in pieces of `pieceSize` that begin at 1. */
  readonly pieces: ReadonlyMap<number, readonly (LedgerEntryView | undefined)[]>;
}

/** Rows, and what they were narrowed by: not always what was chosen last, while that is being asked for. */
export interface FilteredRows extends LedgerRows {
  readonly filter: LedgerFilter;
}

export const pieceSize = 50;
/** Pieces that are kept; what lies far from where the user looks is let go first. */
const mostPieces = 60;

const pieceOf = (number: number) => Math.floor((number - 1) / pieceSize);

export function rowAt(rows: LedgerRows, number: number): LedgerEntryView | undefined {
  return rows.pieces.get(pieceOf(number))?.[(number - 1) % pieceSize];
}

/** The first run of missing rows between two numbers, at most as long as may be asked for at once; null when none is missing. */
export function missingIn(rows: LedgerRows, from: number, to: number): { first: number; count: number } | null {
  const last = Math.min(to, rows.total);
  for (let number = Math.max(1, from); number <= last; number += 1) {
    if (rowAt(rows, number) !== undefined) continue;
    const first = pieceOf(number) * pieceSize + 1;
    const end = (pieceOf(last) + 1) * pieceSize;
    return { first, count: Math.min(end - first + 1, 2 * pieceSize) };
  }
  return null;
}

/** What was known and what was answered. Where the two do not agree the ledger is another, and what was known is let go. */
export function withWindow(known: LedgerRows | null, told: LedgerWindow): LedgerRows {
  const { total, held } = told;
  const keep = known !== null && known.total <= total && agrees(known, told) ? known.pieces : [];
  const pieces = new Map(keep);
  told.entries.forEach((entry, at) => {
    const number = told.first + at;
    const piece = [...(pieces.get(pieceOf(number)) ?? [])];
    piece[(number - 1) % pieceSize] = entry;
    pieces.set(pieceOf(number), piece);
  });
  const here = pieceOf(told.first);
  const far = [...pieces.keys()].sort((a, b) => Math.abs(b - here) - Math.abs(a - here));
  for (const piece of far.slice(0, Math.max(0, pieces.size - mostPieces))) pieces.delete(piece);
  return { total, held, pieces };
}

function agrees(known: LedgerRows, told: LedgerWindow): boolean {
  return told.entries.every((entry, at) => {
    const before = rowAt(known, told.first + at);
    return before === undefined || (before.seq === entry.seq && before.balanceAfter === entry.balanceAfter);
  });
}
