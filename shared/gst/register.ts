// Owns the register of tax documents as an accountant files from it: a table with one row a document, and its text as CSV.
// Columns are those that GSTR-1 asks for; amounts are rupees with two decimals, a credit note's negative.
// Sources: facts/gst.md §1.1 (fields), §1.4 (credit notes), §2.1 (place of supply).
import { asText, csvLine, csvMark } from '../csv.ts';
import { rupeesText } from '../ledger/money.ts';
import type { DocumentLine, TaxDocument } from './document.ts';
import { gstr1Table } from './gstr1.ts';
import { placeOfSupplyLabel } from './place-of-supply.ts';

/** The head line; the columns stay in this order, new ones come behind. */
export const registerColumns = [
  'Document number',
  'Document date',
  'Document type',
  'GSTR-1 table',
  'Buyer name',
  'Buyer GSTIN',
  'Place of supply',
  'Reverse charge',
  'SAC',
  'Description',
  'Quantity',
  'Rate %',
  'Taxable value',
  'CGST',
  'SGST/UTGST',
  'IGST',
  'Cess',
  'Total',
  'Original number',
  'Original date',
  'Financial year',
  'Seller GSTIN',
  'Purchase',
] as const;

/** One document as the texts of its row. Dates are `YYYY-MM-DD`. */
export function registerRow(document: TaxDocument): string[] {
  const sign = document.kind === 'credit_note' ? -1 : 1;
  const rupees = (paise: number): string => rupeesText(paise === 0 ? 0 : sign * paise);
  const { seller, buyer, original } = document;
  return [
    document.number,
    document.issuedOn,
    document.kind === 'invoice' ? 'Tax invoice' : 'Credit note',
    gstr1Table(document),
    asText(buyer.legalName),
    buyer.gstin ?? '',
    placeOfSupplyLabel(document.placeOfSupply),
    document.reverseCharge ? 'Y' : 'N',
    each(document.lines, (line) => line.sac),
    asText(each(document.lines, (line) => line.description)),
    each(document.lines, (line) => String(line.quantity)),
    each(document.lines, (line) => rateText(line.rateBp)),
    rupees(document.taxablePaise),
    rupees(document.cgstPaise),
    rupees(document.sgstPaise),
    rupees(document.igstPaise),
    rupees(0),
    rupees(document.totalPaise),
    original?.number ?? '',
    original?.issuedOn ?? '',
    document.financialYear,
    seller.gstin,
    document.purchaseId,
  ];
}

/**
 * The register as a CSV file: RFC 4180 with a byte order mark, by which Excel knows that it is UTF-8 (names may be Hindi).
 * A file without documents has its head line.
 */
export function registerCsv(documents: readonly TaxDocument[]): string {
  return `${registerHead()}${documents.map(registerLine).join('')}`;
}

/** The beginning of the file, for whoever writes it piece by piece. */
export function registerHead(): string {
  return `${csvMark}${csvLine(registerColumns)}`;
}

export function registerLine(document: TaxDocument): string {
  return csvLine(registerRow(document));
}

/** 1800 → `18`, 250 → `2.5`. */
export function rateText(rateBp: number): string {
  return rupeesText(rateBp).replace(/\.?0+$/, '');
}

function each(lines: readonly DocumentLine[], text: (line: DocumentLine) => string): string {
  return [...new Set(lines.map(text))].join('; ');
}
