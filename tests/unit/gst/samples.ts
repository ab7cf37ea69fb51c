// Owns the parties and facts that the document tests of this folder start from. The GSTINs are made up (a PAN that is
// nobody's), so that no real firm's number stands on a test invoice.
import type { Buyer, Invoice, Seller } from '../../../shared/gst/document.ts';
import { buildInvoice, type InvoiceFacts } from '../../../shared/gst/invoice.ts';

export const seller: Seller = {
  name: 'Sample Software LLP',
  gstin: '27ABCPE1234F1ZB',
  address: '101 Annie Besant Road, Mumbai 400018',
  stateCode: '27',
};

export const neighbour: Buyer = {
  legalName: 'Sample Medical Stores',
  gstin: null,
  address: '12 Linking Road, Mumbai',
  stateCode: '27',
  pin: '400050',
};

export const faraway: Buyer = {
  legalName: 'Sample Pharmacy Pvt Ltd',
  gstin: '29ABCPE1234F1Z7',
  address: '202 MG Road, Bengaluru',
  stateCode: '29',
  pin: '560001',
};

export const facts: InvoiceFacts = {
  id: 'inv_1',
  number: 'PP/26-27/000001',
  issuedOn: '2026-11-22',
  purchaseId: 'pur_1',
  seller,
  buyer: neighbour,
  line: { description: 'AI credits', sac: '997331', quantity: 1, unitPaise: 250_000, rateBp: 1800 },
  pricesIncludeGst: true,
};

/** An invoice of one line at a unit price, inclusive to a buyer of the same state unless told otherwise. */
export function invoiceOf(unitPaise: number, change: Partial<InvoiceFacts> = {}, quantity = 1): Invoice {
  return buildInvoice({ ...facts, line: { ...facts.line, unitPaise, quantity }, ...change });
}
