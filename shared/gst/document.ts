// Owns the shape of a tax document as the server answers and stores it (http-api.md, Billing). A document is a snapshot:
// parties, rate and amounts as they were on the day, never changed after issue; a credit note is how one is corrected.
import { z } from 'zod';
import { calendarDate } from '../ledger/entry.ts';
import { largestAmount } from '../ledger/money.ts';
import { documentNumberPattern } from './document-number.ts';
import { gstinPattern } from './gstin.ts';
import { stateCodes } from './states.ts';

const paise = z.int().min(0).max(largestAmount);
const stateCode = z.enum(stateCodes);
const gstin = z.string().regex(gstinPattern);
const documentNumber = z.string().max(16).regex(documentNumberPattern);

/** Who sells. Registered always: whoever is not must not charge GST, and this product does not print a plain bill. */
export const sellerParty = z.object({
  name: z.string().min(1),
  gstin: gstin,
  address: z.string().min(1),
  stateCode: stateCode,
});

/** Who buys; `gstin` is null for a pharmacy that is not registered, whose state is asked for all the same. */
export const buyerParty = z.object({
  legalName: z.string().min(1),
  gstin: gstin.nullable(),
  address: z.string().min(1),
  stateCode: stateCode,
  pin: z.string().regex(/^[1-9][0-9]{5}$/),
});

/** The four amounts that make up a total, and the total; the same five on a line and on the document. */
const amounts = {
  taxablePaise: paise,
  cgstPaise: paise,
  sgstPaise: paise,
  igstPaise: paise,
  totalPaise: paise,
};

/**
 * One line. `unitPaise` is the catalogue's price of one, as the buyer was shown it: unit × quantity is the line's total
 * where prices include GST, and its taxable value where they do not.
 */
export const documentLine = z.object({
  description: z.string().min(1),
  /** Six digits, printed in full. */
  sac: z.string().regex(/^[0-9]{6}$/),
  quantity: z.int().min(1),
  unitPaise: paise,
  rateBp: z.int().min(0).max(10_000),
  ...amounts,
});

/** The invoice that a credit note takes back, as rule 53 wants it named. */
export const originalReference = z.object({ id: z.string().min(1), number: documentNumber, issuedOn: calendarDate });

const documentFields = {
  id: z.string().min(1),
  number: documentNumber,
  financialYear: z.string().regex(/^[0-9]{2}-[0-9]{2}$/),
  issuedOn: calendarDate,
  purchaseId: z.string().min(1),
  seller: sellerParty,
  buyer: buyerParty,
  placeOfSupply: stateCode,
  reverseCharge: z.literal(false),
  lines: z.array(documentLine).min(1),
  ...amounts,
  totalInWords: z.string().min(1),
  /** Only where `sgstPaise` is UTGST: seller and place of supply in the same union territory without a legislature. */
  sgstLabel: z.literal('UTGST').optional(),
};

export const invoiceDocument = z.object({ ...documentFields, kind: z.literal('invoice'), original: z.null() });
export const creditNoteDocument = z.object({
  ...documentFields,
  kind: z.literal('credit_note'),
  original: originalReference,
});

/** Either of the two. Amounts of a credit note are positive here; only the CSV shows them negative. */
export const taxDocument = z.discriminatedUnion('kind', [invoiceDocument, creditNoteDocument]);

export type Seller = z.infer<typeof sellerParty>;
export type Buyer = z.infer<typeof buyerParty>;
export type DocumentLine = z.infer<typeof documentLine>;
export type Invoice = z.infer<typeof invoiceDocument>;
export type CreditNote = z.infer<typeof creditNoteDocument>;
export type TaxDocument = z.infer<typeof taxDocument>;
