// Owns how the facts of a settled payment become the body of a tax invoice. Pure: number, id and date are handed in by
// the transaction that issues it. Sources: facts/gst.md §1.1 (fields), §2 (which tax, how much), product.md, Invoices.
import { type Buyer, type Invoice, invoiceDocument, type Seller } from './document.ts';
import { financialYearOf, parseDocumentNumber } from './document-number.ts';
import { gstinStateCode } from './gstin.ts';
import { isIntraState, placeOfSupply, secondHeadLabel } from './place-of-supply.ts';
import { splitTax } from './tax.ts';
import { amountInWords } from './words.ts';

export interface InvoiceFacts {
  readonly id: string;
  /** From formatDocumentNumber, series PP, in the financial year of `issuedOn`. */
  readonly number: string;
  /** Calendar date in Asia/Kolkata, `YYYY-MM-DD`. */
  readonly issuedOn: string;
  readonly purchaseId: string;
  readonly seller: Seller;
  readonly buyer: Buyer;
  /** What was sold: several packs are one line, taxed once on all of them together. */
  readonly line: {
    readonly description: string;
    readonly sac: string;
    readonly quantity: number;
    /** The catalogue's price of one in paise, frozen on the purchase. */
    readonly unitPaise: number;
    readonly rateBp: number;
  };
  /** Whether `unitPaise` has the GST inside (PRICES_INCLUDE_GST), as it was when the purchase was accepted. */
  readonly pricesIncludeGst: boolean;
}

/**
 * The invoice: total = taxable + heads to the paisa, and with inclusive prices total = unit × quantity exactly.
 * Throws RangeError where the facts contradict each other (number of another year or series, seller's state not that of
 * the GSTIN, amounts out of limits) and ZodError where a field is malformed; both are our fault, never the buyer's.
 */
export function buildInvoice(facts: InvoiceFacts): Invoice {
  const { id, number, issuedOn, purchaseId, seller, buyer, line } = facts;
  requireSellerState(seller);
  const place = placeOfSupply(buyer);
  const intraState = isIntraState(seller.stateCode, place);
  const split = splitTax({
    pricePaise: line.unitPaise,
    quantity: line.quantity,
    rateBp: line.rateBp,
    inclusive: facts.pricesIncludeGst,
    intraState,
  });
  return invoiceDocument.parse({
    id,
    kind: 'invoice',
    number,
    financialYear: requireYear(number, 'PP', issuedOn),
    issuedOn,
    purchaseId,
    original: null,
    seller,
    buyer,
    placeOfSupply: place,
    reverseCharge: false,
    lines: [{ ...line, ...split }],
    ...split,
    totalInWords: amountInWords(split.totalPaise),
    ...sgstLabel(seller, place),
  });
}

/** The financial year of the date; throws RangeError unless the number is of that year and of that series. */
export function requireYear(number: string, series: 'PP' | 'PC', issuedOn: string): string {
  const financialYear = financialYearOf(issuedOn);
  const parts = parseDocumentNumber(number);
  if (parts === null || parts.series !== series || parts.financialYear !== financialYear) {
    throw new RangeError(`the number ${number} is not of series ${series} and year ${financialYear}`);
  }
  return financialYear;
}

/** `{sgstLabel: 'UTGST'}` where the second head is charged and has that name, else nothing. */
export function sgstLabel(seller: Seller, place: Invoice['placeOfSupply']): { sgstLabel?: 'UTGST' } {
  const utgst = isIntraState(seller.stateCode, place) && secondHeadLabel(place) === 'UTGST';
  return utgst ? { sgstLabel: 'UTGST' } : {};
}

/** A seller whose state is not that of the GSTIN would charge the wrong heads on every invoice. */
function requireSellerState(seller: Seller): void {
  if (gstinStateCode(seller.gstin) !== seller.stateCode) {
    throw new RangeError(`the seller's GSTIN ${seller.gstin} fails its check or is not of state ${seller.stateCode}`);
  }
}
