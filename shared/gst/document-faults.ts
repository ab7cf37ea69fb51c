// Owns what must be true within one tax document, as a list of plain sentences. Used to prove stored documents and in
// tests; the shape itself is checked by document.ts. Knows nothing of series without gaps, which takes all documents.
import type { TaxDocument } from './document.ts';
import { requireYear, sgstLabel } from './invoice.ts';
import { isIntraState, placeOfSupply } from './place-of-supply.ts';
import { splitTax } from './tax.ts';
import { amountInWords } from './words.ts';

const amountNames = ['taxablePaise', 'cgstPaise', 'sgstPaise', 'igstPaise', 'totalPaise'] as const;

/** What is wrong with a document, each fault as a sentence; empty when all adds up. Never throws on a parsed document. */
export function documentFaults(document: TaxDocument): string[] {
  return [...amountFaults(document), ...lineFaults(document), ...placeFaults(document), ...nameFaults(document)];
}

function amountFaults(document: TaxDocument): string[] {
  const faults: string[] = [];
  for (const amounts of [document, ...document.lines]) {
    const { taxablePaise, cgstPaise, sgstPaise, igstPaise, totalPaise } = amounts;
    if (taxablePaise + cgstPaise + sgstPaise + igstPaise !== totalPaise) {
      faults.push(`total ${totalPaise} is not the taxable value and the taxes`);
    }
    if (cgstPaise !== sgstPaise) faults.push(`CGST ${cgstPaise} is not equal to the second head ${sgstPaise}`);
  }
  for (const name of amountNames) {
    const sum = document.lines.reduce((total, line) => total + line[name], 0);
    if (sum !== document[name]) faults.push(`${name} is ${document[name]}, its lines make ${sum}`);
  }
  if (amountInWords(document.totalPaise) !== document.totalInWords) faults.push('the words are not the total');
  return faults;
}

/** An invoice's line is one of the two splits of its unit price; a credit note's heads are bound to its invoice. */
function lineFaults(document: TaxDocument): string[] {
  const intraState = isIntraState(document.seller.stateCode, document.placeOfSupply);
  return document.lines.flatMap((line) => {
    const gross = line.unitPaise * line.quantity;
    const inclusive = gross === line.totalPaise;
    if (!inclusive && gross !== line.taxablePaise)
      return ['unit × quantity is neither the total nor the taxable value'];
    if (document.kind === 'credit_note') return [];
    const { unitPaise: pricePaise, quantity, rateBp } = line;
    const split = orFault(() => splitTax({ pricePaise, quantity, rateBp, inclusive, intraState }));
    if (split === null) return ['the line is outside what can be taxed'];
    return amountNames.filter((name) => split[name] !== line[name]).map((name) => `${name} of the line is not the tax`);
  });
}

function placeFaults(document: TaxDocument): string[] {
  const faults: string[] = [];
  const { seller, placeOfSupply: place } = document;
  if (document.seller.gstin.slice(0, 2) !== seller.stateCode) faults.push("the seller's state is not its GSTIN's");
  if (orFault(() => placeOfSupply(document.buyer)) !== place) faults.push("the place of supply is not the buyer's");
  const wrongHead = isIntraState(seller.stateCode, place) ? document.igstPaise : document.cgstPaise;
  if (wrongHead !== 0) faults.push('the tax heads are not those of the place of supply');
  if (sgstLabel(seller, place).sgstLabel !== document.sgstLabel) faults.push('the second head has the wrong name');
  return faults;
}

function nameFaults(document: TaxDocument): string[] {
  const faults: string[] = [];
  const series = document.kind === 'invoice' ? 'PP' : 'PC';
  const year = orFault(() => requireYear(document.number, series, document.issuedOn));
  if (year !== document.financialYear) faults.push(`${document.number} is not of its series and financial year`);
  if (document.original !== null && document.original.issuedOn > document.issuedOn) {
    faults.push('a credit note stands before its invoice');
  }
  return faults;
}

/** The value, or null where the fact is refused: here a refusal is one more fault and no exception. */
function orFault<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
