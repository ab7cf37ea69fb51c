import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taxDocument } from '../../../shared/gst/document.ts';
import { documentFaults } from '../../../shared/gst/document-faults.ts';
import { buildInvoice } from '../../../shared/gst/invoice.ts';
import { facts, faraway, invoiceOf, neighbour, seller } from './samples.ts';
import { generated } from './seed.ts';

const chandigarh = { ...seller, gstin: '04ABCPE1234F1ZJ', stateCode: '04' as const };
const shopInChandigarh = { ...neighbour, stateCode: '04' as const, pin: '160017' };

describe('an invoice', () => {
  it('is the document of the contract, field for field', () => {
    expect(invoiceOf(250_000, {}, 3)).toEqual({
      id: 'inv_1',
      kind: 'invoice',
      number: 'PP/26-27/000001',
      financialYear: '26-27',
      issuedOn: '2026-11-22',
      purchaseId: 'pur_1',
      original: null,
      seller,
      buyer: neighbour,
      placeOfSupply: '27',
      reverseCharge: false,
      lines: [
        {
          description: 'AI credits',
          sac: '997331',
          quantity: 3,
          unitPaise: 250_000,
          rateBp: 1800,
          taxablePaise: 635_594,
          cgstPaise: 57_203,
          sgstPaise: 57_203,
          igstPaise: 0,
          totalPaise: 750_000,
        },
      ],
      taxablePaise: 635_594,
      cgstPaise: 57_203,
      sgstPaise: 57_203,
      igstPaise: 0,
      totalPaise: 750_000,
      totalInWords: 'Seven Thousand Five Hundred Rupees Only',
    });
  });

  it('keeps the catalogue’s unit price, with the tax inside or on top', () => {
    const inclusive = invoiceOf(1_500_000);
    expect(inclusive.lines[0]?.unitPaise).toBe(1_500_000);
    expect(inclusive.totalPaise).toBe(1_500_000);
    const exclusive = invoiceOf(1_500_000, { pricesIncludeGst: false });
    expect(exclusive.lines[0]?.unitPaise).toBe(1_500_000);
    expect(exclusive.taxablePaise).toBe(1_500_000);
    expect(exclusive.totalPaise).toBe(1_770_000);
  });

  it('to a buyer of another state has IGST only, by the state of the buyer’s GSTIN', () => {
    const invoice = invoiceOf(250_000, { buyer: faraway });
    expect(invoice).toMatchObject({ placeOfSupply: '29', cgstPaise: 0, sgstPaise: 0, igstPaise: 38_136 });
  });

  it('within a union territory names the second head UTGST; between states, and in a state, it does not', () => {
    const within = invoiceOf(100_000, { seller: chandigarh, buyer: shopInChandigarh });
    expect(within).toMatchObject({ sgstLabel: 'UTGST', sgstPaise: 7_627, cgstPaise: 7_627 });
    expect(invoiceOf(100_000, { buyer: shopInChandigarh })).not.toHaveProperty('sgstLabel');
    expect(invoiceOf(100_000)).not.toHaveProperty('sgstLabel');
  });

  it('adds up and passes its own schema, whatever is sold, to whom, at what price', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000_000 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(neighbour, faraway, shopInChandigarh),
        fc.constantFrom(seller, chandigarh),
        fc.boolean(),
        (unitPaise, quantity, buyer, from, pricesIncludeGst) => {
          const invoice = invoiceOf(unitPaise, { buyer, seller: from, pricesIncludeGst }, quantity);
          expect(taxDocument.parse(JSON.parse(JSON.stringify(invoice)))).toEqual(invoice);
          expect(documentFaults(invoice)).toEqual([]);
        },
      ),
      generated(1000),
    );
  });

  it('is refused a number of another year or series', () => {
    expect(() => invoiceOf(100, { issuedOn: '2026-03-31' })).toThrow(RangeError);
    expect(() => invoiceOf(100, { number: 'PC/26-27/000001' })).toThrow(RangeError);
    expect(() => invoiceOf(100, { number: 'PP/26-27/1' })).toThrow(RangeError);
  });

  it('is refused a seller whose state is not that of the GSTIN, or whose GSTIN is wrong', () => {
    expect(() => invoiceOf(100, { seller: { ...seller, stateCode: '29' } })).toThrow(RangeError);
    expect(() => invoiceOf(100, { seller: { ...seller, gstin: '27ABCPE1234F1ZC' } })).toThrow(RangeError);
  });

  it('is refused without a description, an address or a six-digit SAC', () => {
    expect(() => buildInvoice({ ...facts, line: { ...facts.line, description: '' } })).toThrow();
    expect(() => buildInvoice({ ...facts, line: { ...facts.line, sac: '9973' } })).toThrow();
    expect(() => buildInvoice({ ...facts, buyer: { ...neighbour, address: '' } })).toThrow();
  });
});

describe('a stored document is proved', () => {
  const invoice = invoiceOf(1_500_000);
  const [line] = invoice.lines;
  if (line === undefined) throw new Error('no line');

  it.each([
    ['a total that is a paisa off', { totalPaise: 1_500_001 }, /not the taxable value and the taxes/],
    ['unequal halves', { cgstPaise: 114_406, taxablePaise: 1_271_187 }, /not equal to the second head/],
    ['words of another amount', { totalInWords: 'Fifteen Thousand One Rupees Only' }, /words/],
    ['a line that is not in the total', { lines: [line, line] }, /its lines make 3000000/],
    ['a tax that is not the rate’s', { lines: [{ ...line, rateBp: 500 }] }, /of the line is not the tax/],
    ['a unit price that makes no amount', { lines: [{ ...line, unitPaise: 1 }] }, /neither the total nor/],
    ['a place that is not the buyer’s', { placeOfSupply: '29' as const }, /not the buyer's/],
    ['a buyer whose GSTIN is wrong', { buyer: { ...faraway, gstin: '29ABCPE1234F1Z8' } }, /not the buyer's/],
    ['a seller of another state', { seller: { ...seller, gstin: '29ABCPE1234F1Z7' } }, /not its GSTIN's/],
    ['UTGST in a state', { sgstLabel: 'UTGST' as const }, /wrong name/],
    ['a financial year that is not the date’s', { financialYear: '25-26' }, /series and financial year/],
    ['a date of another year', { issuedOn: '2027-04-01' }, /series and financial year/],
    ['a number of the other series', { number: 'PC/26-27/000001' }, /series and financial year/],
  ])('against %s', (_what, change, sentence) => {
    expect(documentFaults({ ...invoice, ...change })).toContainEqual(expect.stringMatching(sentence));
  });

  it('against a line whose tax would pass the largest amount', () => {
    const huge = { unitPaise: 1e12, taxablePaise: 1e12 };
    const wrong = { ...invoice, taxablePaise: 1e12, lines: [{ ...line, ...huge }] };
    expect(documentFaults(wrong)).toContain('the line is outside what can be taxed');
  });

  it('against heads of the wrong place, even where they add up', () => {
    const moved = { cgstPaise: 0, sgstPaise: 0, igstPaise: 228_814 };
    const wrong = { ...invoice, ...moved, lines: [{ ...line, ...moved }] };
    expect(documentFaults(wrong)).toContain('the tax heads are not those of the place of supply');
  });
});
