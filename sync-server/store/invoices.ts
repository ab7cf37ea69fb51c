// Invoices: issued inside the settling transaction, numbered without a gap, kept as issued for ever.
import { sql } from 'drizzle-orm';
import type { Buyer, Invoice, Seller } from '../../shared/gst/document.ts';
import { financialYearOf, formatDocumentNumber } from '../../shared/gst/document-number.ts';
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
  const financialYear = financialYearOf(issuedOn);
  const [counter] = await tx
    .insert(invoiceCounter)
    .values({ series: 'PP', financialYear, lastSerial: 1 })
    .onConflictDoUpdate({
      target: [invoiceCounter.series, invoiceCounter.financialYear],
      set: { lastSerial: sql`${invoiceCounter.lastSerial} + 1` },
    })
    .returning({ serial: invoiceCounter.lastSerial });
  if (counter === undefined) throw new Error('the invoice counter gave no number');
  const document = buildInvoice({
    id: invoiceId,
    number: formatDocumentNumber('PP', financialYear, counter.serial),
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
  await tx.insert(billingInvoice).values({
    orgId: purchase.orgId,
    invoiceId,
    kind: 'invoice',
    series: 'PP',
    financialYear,
    serial: counter.serial,
    number: document.number,
    issuedOn,
    purchaseId: purchase.purchaseId,
    totalPaise: document.totalPaise,
    document,
    createdAt: now,
  });
  return document;
}

function sellerParty(seller: Config['seller']): Seller {
  const stateCode = gstinStateCode(seller.gstin);
  if (stateCode === null) throw new Error('the seller has no valid GSTIN');
  return { ...seller, stateCode };
}
