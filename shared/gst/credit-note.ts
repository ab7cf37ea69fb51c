// Owns how a refund becomes a credit note, in full or in parts. Each part is split by rule 35 like a price that includes
// tax; the last one takes what is left, so that every head nets to zero against the invoice.
// Source: facts/gst.md §1.4 (rule 53). Pure: number, id and date are handed in.
import { type CreditNote, creditNoteDocument, type DocumentLine, type Invoice } from './document.ts';
import { requireYear } from './invoice.ts';
import { requirePaise } from './paise.ts';
import { isIntraState } from './place-of-supply.ts';
import { splitTax, type TaxSplit } from './tax.ts';
import { amountInWords } from './words.ts';

export interface CreditNoteFacts {
  readonly id: string;
  /** From formatDocumentNumber, series PC, in the financial year of `issuedOn`. */
  readonly number: string;
  /** Calendar date in Asia/Kolkata, `YYYY-MM-DD`. */
  readonly issuedOn: string;
  readonly invoice: Invoice;
  /** All notes issued on this invoice so far; one left out would be credited twice. */
  readonly credited: readonly CreditNote[];
  /** What goes back to the buyer, tax included, in paise. */
  readonly amountPaise: number;
}

/**
 * The credit note of a refund, naming its invoice, with the parties as they stand on that invoice.
 * Throws RangeError if the amount is 0 or more than is left, if a note is of another invoice, if the number is of
 * another year or series, or if the amount cannot be split into equal heads (only below a rupee; see `boundedHead`).
 */
export function buildCreditNote(facts: CreditNoteFacts): CreditNote {
  const { id, number, issuedOn, invoice, credited, amountPaise } = facts;
  const line = onlyLine(invoice);
  const before = creditedSoFar(invoice, credited);
  const left = minus(invoice, before);
  if (requirePaise(amountPaise, 'a refund') === 0 || amountPaise > left.totalPaise) {
    throw new RangeError(`a refund of ${amountPaise} paise where ${left.totalPaise} are left`);
  }
  const split = part(invoice, line.rateBp, before, left, amountPaise);
  const { kind: _kind, lines: _lines, original: _original, ...shared } = invoice;
  return creditNoteDocument.parse({
    ...shared,
    id,
    kind: 'credit_note',
    number,
    financialYear: requireYear(number, 'PC', issuedOn),
    issuedOn,
    original: { id: invoice.id, number: invoice.number, issuedOn: invoice.issuedOn },
    lines: [split.totalPaise === line.totalPaise ? line : partLine(line, split)],
    ...split,
    totalInWords: amountInWords(split.totalPaise),
  });
}

/** A part of a line is one piece at its own price: tax inside or on top, as on the invoice. */
function partLine(line: DocumentLine, split: TaxSplit): DocumentLine {
  const inclusive = line.unitPaise * line.quantity === line.totalPaise;
  return { ...line, ...split, quantity: 1, unitPaise: inclusive ? split.totalPaise : split.taxablePaise };
}

function onlyLine(invoice: Invoice): DocumentLine {
  const [line, second] = invoice.lines;
  if (line === undefined || second !== undefined) throw new RangeError(`${invoice.number} has not exactly one line`);
  return line;
}

/** What was credited or is left. SGST is not in it: it is CGST a second time. */
type Sum = Omit<TaxSplit, 'sgstPaise'>;

function creditedSoFar(invoice: Invoice, credited: readonly CreditNote[]): Sum {
  const sum = { taxablePaise: 0, cgstPaise: 0, igstPaise: 0, totalPaise: 0 };
  for (const note of credited) {
    if (note.original.id !== invoice.id) throw new RangeError(`${note.number} is not of invoice ${invoice.number}`);
    sum.taxablePaise += note.taxablePaise;
    sum.cgstPaise += note.cgstPaise;
    sum.igstPaise += note.igstPaise;
    sum.totalPaise += note.totalPaise;
  }
  return sum;
}

function minus(whole: Sum, taken: Sum): Sum {
  return {
    taxablePaise: whole.taxablePaise - taken.taxablePaise,
    cgstPaise: whole.cgstPaise - taken.cgstPaise,
    igstPaise: whole.igstPaise - taken.igstPaise,
    totalPaise: whole.totalPaise - taken.totalPaise,
  };
}

/** The split of a part: rule 35 on the part, held within what the invoice still has. */
function part(invoice: Invoice, rateBp: number, before: Sum, left: Sum, amountPaise: number): TaxSplit {
  const intraState = isIntraState(invoice.seller.stateCode, invoice.placeOfSupply);
  const heads = intraState ? 2 : 1;
  const head = (split: Sum): number => (intraState ? split.cgstPaise : split.igstPaise);
  const rule35 = (pricePaise: number): number => head(splitTax({ pricePaise, rateBp, inclusive: true, intraState }));
  const headPaise = boundedHead({
    own: rule35(amountPaise),
    fair: rule35(before.totalPaise + amountPaise) - head(before),
    leftHead: head(left),
    leftTaxable: left.taxablePaise,
    amountPaise,
    heads,
  });
  return {
    taxablePaise: amountPaise - headPaise * heads,
    cgstPaise: intraState ? headPaise : 0,
    sgstPaise: intraState ? headPaise : 0,
    igstPaise: intraState ? 0 : headPaise,
    totalPaise: amountPaise,
  };
}

/**
 * One head of a part. `own` is rule 35 on this part alone, and stands almost always. It is moved when the parts together
 * would be more than a paisa from rule 35 on their sum (`fair`): a thousand refunds of ₹1 each round the same way. And it
 * is held where neither the heads nor the taxable value are taken back twice; for the last part, both bounds are the rest.
 */
function boundedHead(given: {
  readonly own: number;
  readonly fair: number;
  readonly leftHead: number;
  readonly leftTaxable: number;
  readonly amountPaise: number;
  readonly heads: 1 | 2;
}): number {
  const { own, fair, leftHead, leftTaxable, amountPaise, heads } = given;
  const least = Math.max(0, Math.ceil((amountPaise - leftTaxable) / heads));
  const most = Math.min(leftHead, Math.floor(amountPaise / heads));
  // Two equal heads cannot make one odd paisa: met only when the last few paise go back one by one.
  if (least > most) throw new RangeError(`${amountPaise} paise cannot be split into equal heads with what is left`);
  const near = Math.min(Math.max(own, fair - 1), fair + 1);
  return Math.min(Math.max(near, least), most);
}
