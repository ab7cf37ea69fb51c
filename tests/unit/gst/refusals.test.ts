// What money code says when it refuses: each refusal names what it was given, so that a line in the log is enough to find
// the mistake. All are RangeErrors, which documentFaults takes for a fault of the document.
import { describe, expect, it } from 'vitest';
import { buildCreditNote } from '../../../shared/gst/credit-note.ts';
import type { Invoice } from '../../../shared/gst/document.ts';
import { documentFaults } from '../../../shared/gst/document-faults.ts';
import { financialYearOf, formatDocumentNumber } from '../../../shared/gst/document-number.ts';
import { gstinCheckCharacter } from '../../../shared/gst/gstin.ts';
import { requirePaise, shareHalfUp } from '../../../shared/gst/paise.ts';
import { placeOfSupply } from '../../../shared/gst/place-of-supply.ts';
import { gstRateOn } from '../../../shared/gst/rates.ts';
import { linePaise, splitTax } from '../../../shared/gst/tax.ts';
import { amountInWords } from '../../../shared/gst/words.ts';
import { invoiceOf, seller } from './samples.ts';

const largest = 1_000_000_000_000;
const question = { pricePaise: 100, rateBp: 1800, inclusive: false, intraState: true };
const rate = { sac: '1', heading: 'x', rateBp: 500, from: '2020-01-01', to: null };
const note = (invoice: Invoice, amountPaise: number, number = 'PC/26-27/000001') =>
  buildCreditNote({ id: 'cn_1', number, issuedOn: '2026-12-01', invoice, credited: [], amountPaise });
const outside = (name: string, paise: number) => `${name} must be whole paise from 0 to 1000000000000, not ${paise}`;
const [first] = invoiceOf(100).lines;
if (first === undefined) throw new Error('no line');

const refusals: readonly (readonly [string, () => unknown])[] = [
  [outside('it', -1), () => requirePaise(-1, 'it')],
  [outside('a price', 0.5), () => linePaise(0.5, 1)],
  [outside('the price of the line', 2 * largest), () => linePaise(largest, 2)],
  [outside('the total with tax', 1.18 * largest), () => splitTax({ ...question, pricePaise: largest })],
  [outside('an amount in words', -1), () => amountInWords(-1)],
  [outside('a refund', -1), () => note(invoiceOf(100), -1)],
  ['not a whole amount: -1', () => shareHalfUp(1, -1, 1)],
  ['1000000000000 × 9999 ÷ 1 is no safe amount', () => shareHalfUp(largest, 9_999, 1)],
  ['a rate is 0 to 10000 basis points, not -1', () => splitTax({ ...question, rateBp: -1 })],
  ['a rate is 0 to 10000 basis points, not 0.5', () => splitTax({ ...question, rateBp: 0.5 })],
  ['a rate is 0 to 10000 basis points, not 10001', () => splitTax({ ...question, rateBp: 10_001 })],
  ['not a quantity: 0', () => linePaise(1, 0)],
  ['not a date YYYY-MM-DD: "2026-4-1"', () => financialYearOf('2026-4-1')],
  ['not a date YYYY-MM-DD: "x2026-04-01"', () => financialYearOf('x2026-04-01')],
  ['not a date YYYY-MM-DD: "2026-04-01x"', () => financialYearOf('2026-04-01x')],
  ['not a financial year: "26-28"', () => formatDocumentNumber('PP', '26-28', 1)],
  ['not a financial year: "x26-27"', () => formatDocumentNumber('PP', 'x26-27', 1)],
  ['not a financial year: "26-27x"', () => formatDocumentNumber('PP', '26-27x', 1)],
  ['a serial is 1 to 9999999, not 0', () => formatDocumentNumber('PP', '26-27', 0)],
  ['a check character needs fourteen of 0-9, A-Z', () => gstinCheckCharacter('27AAPFU0939F1')],
  ['a check character needs fourteen of 0-9, A-Z', () => gstinCheckCharacter('27AAPFU0939F1ZV')],
  ['a check character needs fourteen of 0-9, A-Z', () => gstinCheckCharacter('-27AAPFU0939F1Z')],
  ["the buyer's GSTIN fails its check: length", () => placeOfSupply({ gstin: '29', stateCode: '29' })],
  ['the buyer\'s state is not known: "99"', () => placeOfSupply({ gstin: null, stateCode: '99' })],
  ['not a date YYYY-MM-DD: "x2026-04-01"', () => gstRateOn('997331', 'x2026-04-01')],
  ['not a date YYYY-MM-DD: "2026-04-01x"', () => gstRateOn('997331', '2026-04-01x')],
  ['0 rates for SAC 2 on 2026-04-01, and there must be one', () => gstRateOn('2', '2026-04-01', [rate])],
  ['2 rates for SAC 1 on 2026-04-01, and there must be one', () => gstRateOn('1', '2026-04-01', [rate, rate])],
  [
    'the number PC/26-27/000001 is not of series PP and year 26-27',
    () => invoiceOf(100, { number: 'PC/26-27/000001' }),
  ],
  ['the number PP/26-27/000001 is not of series PC and year 26-27', () => note(invoiceOf(100), 1, 'PP/26-27/000001')],
  [
    "the seller's GSTIN 27ABCPE1234F1ZB fails its check or is not of state 29",
    () => invoiceOf(100, { seller: { ...seller, stateCode: '29' } }),
  ],
  ['a refund of 101 paise where 100 are left', () => note(invoiceOf(100), 101)],
  ['PP/26-27/000001 has not exactly one line', () => note({ ...invoiceOf(100), lines: [] }, 1)],
  ['PP/26-27/000001 has not exactly one line', () => note({ ...invoiceOf(100), lines: [first, first] }, 1)],
  [
    'PC/26-27/000001 is not of invoice PP/26-27/000001',
    () => {
      const invoice = invoiceOf(100);
      const other = note(invoiceOf(100, { id: 'inv_2' }), 1);
      const facts = { id: 'cn_2', number: 'PC/26-27/000002', issuedOn: '2026-12-01', invoice, amountPaise: 1 };
      return buildCreditNote({ ...facts, credited: [other] });
    },
  ],
];

describe('a refusal', () => {
  it.each(refusals)('says: %s', (message, act) => {
    expect(act).toThrow(new RangeError(message));
  });

  it('of a part that cannot be halved says so: two heads of a paisa between them', () => {
    // Of 11 paise and two heads of 1, all of the value went back; one paisa of what is left would be half a head each.
    const invoice = invoiceOf(13);
    const taken = { ...note(invoice, 11), taxablePaise: 11, cgstPaise: 0, sgstPaise: 0, totalPaise: 11 };
    const facts = { id: 'cn_2', number: 'PC/26-27/000002', issuedOn: '2026-12-01', invoice, amountPaise: 1 };
    expect(() => buildCreditNote({ ...facts, credited: [taken] })).toThrow(
      new RangeError('1 paise cannot be split into equal heads with what is left'),
    );
  });
});

describe('what is no refusal', () => {
  it('is no fault of a document: a mistake of ours comes through', () => {
    const broken = { ...invoiceOf(100), buyer: null } as unknown as Invoice;
    expect(() => documentFaults(broken)).toThrow(TypeError);
  });
});
