// The ledger as the counter shows it: narrowed by a filter, read by windows, exported. Rows are counted from the oldest that
// fits, 1 first, and entries are only ever added behind it, so that the number of a row stays its number.
import { z } from 'zod';
import { calendarDate, instant } from '../ledger/entry.ts';
import { handedFile } from './document-views.ts';

const word = z.string().max(64);

/**
 * Null and the empty text narrow nothing. kind, feature, actor: as the entry has them. from, to: dates in Asia/Kolkata of when it
 * happened, both included. text: within reference or feature, or the entry's number. named: features whose name on the screen
 * holds the text; they fit it as well.
 */
export const ledgerFilter = z.strictObject({
  kind: word.nullable(),
  feature: word.nullable(),
  actor: word.nullable(),
  from: calendarDate.nullable(),
  to: calendarDate.nullable(),
  text: z.string().max(200),
  named: z.array(word).max(50),
});
export type LedgerFilter = z.infer<typeof ledgerFilter>;

/**
 * An entry of the mirror; kinds of a newer server are kept and shown as they are. more: fields of a newer server as it sent them,
 * each value as text; absent where there are none.
 */
export const ledgerEntryView = z.object({
  seq: z.int().min(1),
  delta: z.int(),
  balanceAfter: z.int(),
  kind: z.string(),
  reference: z.string().nullable(),
  actor: z.string().nullable(),
  feature: z.string().nullable(),
  occurredAt: instant,
  more: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});
export type LedgerEntryView = z.infer<typeof ledgerEntryView>;

/** entries: from row `first` on, oldest first. total: rows that fit. held: entries of all. */
export const ledgerWindow = z.object({
  entries: z.array(ledgerEntryView),
  first: z.int().min(1),
  total: z.int().min(0),
  held: z.int().min(0),
});
export type LedgerWindow = z.infer<typeof ledgerWindow>;

/** What there is to choose from. name: of a counter, as last heard; null for `system`, `operator` and whom nobody named. */
export const ledgerChoices = z.object({
  kinds: z.array(z.string()),
  features: z.array(z.string()),
  actors: z.array(z.object({ actor: z.string(), name: z.string().nullable() })),
});
export type LedgerChoices = z.infer<typeof ledgerChoices>;

/** rows: entries in the file. */
export const ledgerExport = z.object({ file: handedFile, rows: z.int().min(0) });
export type LedgerExport = z.infer<typeof ledgerExport>;
