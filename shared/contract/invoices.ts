// Tax documents over HTTP: an org's invoices and credit notes. What stands in one is shared/gst/document.ts; here is how they
// are asked for.
import { z } from 'zod';
import { taxDocument } from '../gst/document.ts';
import { calendarDate } from '../ledger/entry.ts';
import { cursor, listLimit } from './billing.ts';

/** `26-27`: April 2026 to March 2027. */
export const financialYear = z.string().regex(/^[0-9]{2}-[0-9]{2}$/, 'must be a financial year, e.g. 26-27');

/** `GET /api/billing/invoices`: newest first; a year that is none finds nothing. */
export const invoicesQuery = z.object({ financialYear: financialYear.optional(), cursor, limit: listLimit });

/** Of the list and of one: invoices and credit notes as they were issued. */
export const invoiceList = z.object({ items: z.array(taxDocument), nextCursor: z.string().nullable() });
export type InvoiceList = z.infer<typeof invoiceList>;

/** `GET /api/billing/invoices.csv`: dates of issue in Asia/Kolkata, both included; a side left out is open. */
export const invoicesCsvQuery = z
  .object({ from: calendarDate.optional(), to: calendarDate.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'must not be before from',
  });
