// Invoices and credit notes: issued inside the transaction of the money, numbered without a gap, kept as issued for ever.
import { and, eq, sql } from 'drizzle-orm';
import { buildCreditNote } from '../../shared/gst/credit-note.ts';
import {
  type Buyer,
  type CreditNote,
  type Invoice,
  type Seller,
  type TaxDocument,
  taxDocument,
} from '../../shared/gst/document.ts';
import { type DocumentSeries, financialYearOf, formatDocumentNumber } from '../../shared/gst/document-number.ts';
import { gstinStateCode } from '../../shared/gst/gstin.ts';
import { buildInvoice } from '../../shared/gst/invoice.ts';
import { catalogue } from '../../shared/plan/catalogue.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import type { Config } from '../config.ts';
import { billingInvoice, invoiceCounter, type PurchaseRow } from './schema.ts';
import type { Tx } from './tx.ts';

/**
 * Issues the tax invoice of a purchase that is being settled. Call it last in the transaction: it locks the counter of
 * the series until the commit. Throws if the document's total is not what was paid, which rolls the settling back.
 */
export async function issueInvoice(
  tx: Tx,
  purchase: PurchaseRow,
  buyer: Buyer,
  seller: Config['seller'],
  invoiceId: string,
  now: Date,
): Promise<Invoice> {
  const issuedOn = businessDate(now);
  const next = await nextNumber(tx, 'PP', issuedOn);
  const document = buildInvoice({
    id: invoiceId,
    number: next.number,
    issuedOn,
    purchaseId: purchase.purchaseId,
    seller: sellerParty(seller),
    buyer,
    line: {
      description: catalogue[purchase.sku].description,
      sac: purchase.sac,
      quantity: purchase.quantity,
      unitPaise: purchase.listPricePaise,
      rateBp: purchase.rateBp,
    },
    pricesIncludeGst: purchase.pricesIncludeGst,
  });
  if (document.totalPaise !== purchase.amountPaise) {
    throw new Error(`invoice total ${document.totalPaise} is not the amount paid ${purchase.amountPaise}`);
  }
  await insertDocument(tx, purchase, document, next, now);
  return document;
}

/** What stands on the credit notes of a purchase, in paise. */
export async function notedPaise(
  tx: Tx,
  { orgId, purchaseId }: Pick<PurchaseRow, 'orgId' | 'purchaseId'>,
): Promise<number> {
  const { totalPaise, kind } = billingInvoice;
  const isIts = and(eq(billingInvoice.orgId, orgId), eq(billingInvoice.purchaseId, purchaseId));
  const rows = await tx
    .select({ totalPaise })
    .from(billingInvoice)
    .where(and(isIts, eq(kind, 'credit_note')));
  return rows.reduce((sum, note) => sum + note.totalPaise, 0);
}

/**
 * Issues the credit note of a refund of a settled purchase. Call it last in the transaction, like issueInvoice. Throws if the
 * purchase has no invoice, or if more is taken back than it has.
 */
export async function issueCreditNote(
  tx: Tx,
  purchase: PurchaseRow,
  amountPaise: number,
  noteId: string,
  now: Date,
): Promise<CreditNote> {
  const rows = await tx
    .select({ document: billingInvoice.document })
    .from(billingInvoice)
    .where(and(eq(billingInvoice.orgId, purchase.orgId), eq(billingInvoice.purchaseId, purchase.purchaseId)));
  const documents = rows.map((row) => taxDocument.parse(row.document));
  const invoice = documents.find((document) => document.kind === 'invoice');
  if (invoice === undefined) throw new Error(`purchase ${purchase.purchaseId} has no invoice`);
  const credited = documents.filter((document) => document.kind === 'credit_note');
  const issuedOn = businessDate(now);
  const next = await nextNumber(tx, 'PC', issuedOn);
  const document = buildCreditNote({ id: noteId, number: next.number, issuedOn, invoice, credited, amountPaise });
  await insertDocument(tx, purchase, document, next, now);
  return document;
}

interface Numbered {
  readonly series: DocumentSeries;
  readonly financialYear: string;
  readonly serial: number;
  readonly number: string;
}

/** Takes the next number of a series, and keeps its counter locked until the transaction ends. */
async function nextNumber(tx: Tx, series: DocumentSeries, issuedOn: string): Promise<Numbered> {
  const financialYear = financialYearOf(issuedOn);
  const [counter] = await tx
    .insert(invoiceCounter)
    .values({ series, financialYear, lastSerial: 1 })
    .onConflictDoUpdate({
      target: [invoiceCounter.series, invoiceCounter.financialYear],
      set: { lastSerial: sql`${invoiceCounter.lastSerial} + 1` },
    })
    .returning({ serial: invoiceCounter.lastSerial });
  if (counter === undefined) throw new Error(`the counter of ${series} gave no number`);
  const { serial } = counter;
  return { series, financialYear, serial, number: formatDocumentNumber(series, financialYear, serial) };
}

async function insertDocument(
  tx: Tx,
  { orgId, purchaseId }: PurchaseRow,
  document: TaxDocument,
  { series, financialYear, serial, number }: Numbered,
  now: Date,
): Promise<void> {
  const { id: invoiceId, kind, issuedOn, totalPaise, original } = document;
  await tx.insert(billingInvoice).values({
    ...{ orgId, invoiceId, kind, series, financialYear, serial, number, issuedOn, purchaseId, totalPaise, document },
    originalId: original?.id ?? null,
    createdAt: now,
  });
}

function sellerParty(seller: Config['seller']): Seller {
  const stateCode = gstinStateCode(seller.gstin);
  if (stateCode === null) throw new Error('the seller has no valid GSTIN');
  return { ...seller, stateCode };
}
