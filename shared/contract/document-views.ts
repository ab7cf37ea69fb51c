// What the counter shows of its tax documents, and how one leaves the app as a file. All of it comes from what this PC
// holds; a PDF that it does not hold yet is asked of the server when somebody wants it.
import { z } from 'zod';
import { taxDocument } from '../gst/document.ts';
import { calendarDate, instant } from '../ledger/entry.ts';
import { financialYear } from './invoices.ts';

/** What a list of documents is narrowed to; null for all. */
export const documentFilter = z.strictObject({
  financialYear: financialYear.nullable(),
  kind: z.enum(['invoice', 'credit_note']).nullable(),
});
export type DocumentFilter = z.infer<typeof documentFilter>;

/**
 * One row. kind `unknown`: the server, which is newer, said of it what this version does not know; it can be listed and not opened, and
 * its total is null. what: the lines' descriptions. totalPaise: positive, also of a credit note. originalNumber: of the invoice that a
 * credit note takes back. pdfHeld: the PDF is on this PC.
 */
export const documentRow = z.object({
  id: z.string(),
  kind: z.enum(['invoice', 'credit_note', 'unknown']),
  number: z.string(),
  financialYear: z.string(),
  issuedOn: calendarDate,
  what: z.string(),
  buyerGstin: z.string().nullable(),
  totalPaise: z.int().min(0).nullable(),
  originalNumber: z.string().nullable(),
  pdfHeld: z.boolean(),
});
export type DocumentRow = z.infer<typeof documentRow>;

/**
 * total: of the filter. held: of all. years: those that documents are of, newest first, whatever the filter. listedAt: server
 * time at which the list was last known to be whole; null before it was, when documents may be missing.
 */
export const documentPage = z.object({
  items: z.array(documentRow),
  total: z.int().min(0),
  held: z.int().min(0),
  years: z.array(z.string()),
  listedAt: instant.nullable(),
});
export type DocumentPage = z.infer<typeof documentPage>;

/** The document whole. notes: the credit notes that take of this invoice back, oldest first; none on a credit note. */
export const documentView = z.object({
  document: taxDocument,
  pdfHeld: z.boolean(),
  notes: z.array(z.object({ id: z.string(), number: z.string(), issuedOn: calendarDate, totalPaise: z.int().min(0) })),
});
export type DocumentView = z.infer<typeof documentView>;

/**
 * Where a file went. saved: the user chose a place and it is there. opened: the PC's own program for it has it. cancelled: the
 * user thought otherwise. link: the page itself has to fetch it, at this path of its own host, within minutes.
 */
export const handedFile = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['saved', 'opened', 'cancelled']) }),
  z.object({ kind: z.literal('link'), path: z.string().regex(/^\/files\/[A-Za-z0-9_-]+\/[A-Za-z0-9.-]+$/) }),
]);
export type HandedFile = z.infer<typeof handedFile>;

/** Dates of issue, both included. */
export const exportPeriod = z
  .strictObject({ from: calendarDate, to: calendarDate })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be before from' });
export type ExportPeriod = z.infer<typeof exportPeriod>;

/** source: who wrote the file, the server or this PC, which then held all documents as of listedAt. */
export const exportedFile = z.object({
  file: handedFile,
  source: z.enum(['server', 'held']),
  listedAt: instant.nullable(),
});
export type ExportedFile = z.infer<typeof exportedFile>;
