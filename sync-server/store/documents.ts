// Tax documents as they are read: by an org, which sees its own. They are issued in invoices.ts, and never changed.
import { and, asc, desc, eq, gt, gte, lt, lte, or, type SQL } from 'drizzle-orm';
import { type TaxDocument, taxDocument } from '../../shared/gst/document.ts';
import { parseDocumentNumber } from '../../shared/gst/document-number.ts';
import { type Page, pageOf, readCursor } from './pages.ts';
import { billingInvoice } from './schema.ts';
import type { Tx } from './tx.ts';

/** Newest first. Throws RangeError on a cursor that no answer gave. */
export async function listDocuments(
  tx: Tx,
  orgId: string,
  financialYear: string | null,
  cursor: string | null,
  limit: number,
): Promise<Page<TaxDocument>> {
  const filters: (SQL | undefined)[] = [eq(billingInvoice.orgId, orgId)];
  if (financialYear !== null) filters.push(eq(billingInvoice.financialYear, financialYear));
  if (cursor !== null) {
    filters.push(after(cursor));
  }
  const rows = await tx
    .select({ document: billingInvoice.document, createdAt: billingInvoice.createdAt })
    .from(billingInvoice)
    .where(and(...filters))
    .orderBy(desc(billingInvoice.createdAt), asc(billingInvoice.series), desc(billingInvoice.serial))
    .limit(limit + 1);
  const items = rows.map(({ document, createdAt }) => ({ document: taxDocument.parse(document), createdAt }));
  const page = pageOf(items, limit, ({ document, createdAt }) => `${createdAt.getTime()} ${document.number}`);
  return { items: page.items.map(({ document }) => document), nextCursor: page.nextCursor };
}

/**
 * Behind the last document of a page. Of one instant, the number says which came first, and a credit note (PC) comes after
 * the invoices (PP).
 */
function after(cursor: string): SQL | undefined {
  const [at, text] = readCursor(cursor, /^(\d{1,13}) (P[PC]\/\d\d-\d\d\/\d{6,7})$/);
  const number = parseDocumentNumber(text);
  if (number === null) throw new RangeError('not a cursor');
  const createdAt = new Date(Number(at));
  const { createdAt: column, series, serial } = billingInvoice;
  const later = or(gt(series, number.series), and(eq(series, number.series), lt(serial, number.serial)));
  return or(lt(column, createdAt), and(eq(column, createdAt), later));
}

/** One document of the org, or null: also where it is another's. */
export async function findDocument(tx: Tx, orgId: string, invoiceId: string): Promise<TaxDocument | null> {
  const [row] = await tx
    .select({ document: billingInvoice.document })
    .from(billingInvoice)
    .where(and(eq(billingInvoice.orgId, orgId), eq(billingInvoice.invoiceId, invoiceId)));
  return row === undefined ? null : taxDocument.parse(row.document);
}

/** The org's documents of a period, in the order of issue; dates of issue, both included, null is open. */
export async function documentsBetween(
  tx: Tx,
  orgId: string,
  from: string | null,
  to: string | null,
): Promise<TaxDocument[]> {
  const rows = await tx
    .select({ document: billingInvoice.document })
    .from(billingInvoice)
    .where(
      and(
        eq(billingInvoice.orgId, orgId),
        from === null ? undefined : gte(billingInvoice.issuedOn, from),
        to === null ? undefined : lte(billingInvoice.issuedOn, to),
      ),
    )
    .orderBy(asc(billingInvoice.createdAt), desc(billingInvoice.series), asc(billingInvoice.serial));
  return rows.map(({ document }) => taxDocument.parse(document));
}
