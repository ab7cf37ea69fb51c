// All orgs' tax documents, for the seller: the register in the order of the numbers, one document by its id or number, and what
// a financial year has come to. It only reads.
import { and, asc, eq, gt, gte, lte, or, sql } from 'drizzle-orm';
import { type TaxDocument, taxDocument } from '../../shared/gst/document.ts';
import { billingInvoice } from './schema.ts';
import type { Tx } from './tx.ts';

const atOnce = 1_000;

/**
 * Hands out the documents of a period, by series, year and number; dates of issue, both included, null is open. Read in pieces,
 * so that a register of any length can be written.
 */
export async function* registerOf(tx: Tx, from: string | null, to: string | null): AsyncGenerator<TaxDocument> {
  let last: Place | null = null;
  do {
    const rows = await registerPage(tx, from, to, last);
    for (const { document } of rows) yield taxDocument.parse(document);
    last = rows.length < atOnce ? null : (rows.at(-1) ?? null);
  } while (last !== null);
}

/** Where a document stands in the register. */
type Place = Pick<typeof billingInvoice.$inferSelect, 'series' | 'financialYear' | 'serial'>;

async function registerPage(
  tx: Tx,
  from: string | null,
  to: string | null,
  last: Place | null,
): Promise<(Place & { readonly document: unknown })[]> {
  const { series, financialYear, serial, issuedOn, document } = billingInvoice;
  const behind =
    last === null
      ? undefined
      : or(
          gt(series, last.series),
          and(eq(series, last.series), gt(financialYear, last.financialYear)),
          and(eq(series, last.series), eq(financialYear, last.financialYear), gt(serial, last.serial)),
        );
  return tx
    .select({ series, financialYear, serial, document })
    .from(billingInvoice)
    .where(and(from === null ? undefined : gte(issuedOn, from), to === null ? undefined : lte(issuedOn, to), behind))
    .orderBy(asc(series), asc(financialYear), asc(serial))
    .limit(atOnce);
}

/** One document of any org, by its id or its number; null if there is none. */
export async function findAnyDocument(tx: Tx, name: string): Promise<TaxDocument | null> {
  const { invoiceId, number, document } = billingInvoice;
  const [row] = await tx
    .select({ document })
    .from(billingInvoice)
    .where(name.includes('/') ? eq(sql`upper(${number})`, name.toUpperCase()) : eq(invoiceId, name));
  return row === undefined ? null : taxDocument.parse(row.document);
}

/** Taxable value of all invoices of a financial year, and of all its credit notes, in paise. */
export async function turnoverOf(
  tx: Tx,
  financialYear: string,
): Promise<{ readonly invoicedPaise: number; readonly creditedPaise: number }> {
  const taxable = sql`(${billingInvoice.document} ->> 'taxablePaise')::bigint`;
  const sumOf = (kind: string) =>
    sql<string>`coalesce(sum(${taxable}) filter (where ${billingInvoice.kind} = ${kind}), 0)`;
  const [row] = await tx
    .select({ invoiced: sumOf('invoice'), credited: sumOf('credit_note') })
    .from(billingInvoice)
    .where(eq(billingInvoice.financialYear, financialYear));
  return { invoicedPaise: Number(row?.invoiced ?? 0), creditedPaise: Number(row?.credited ?? 0) };
}
