import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCreditNote } from '../../../shared/gst/credit-note.ts';
import { type CreditNote, type Invoice, taxDocument } from '../../../shared/gst/document.ts';
import { documentFaults } from '../../../shared/gst/document-faults.ts';
import { formatDocumentNumber } from '../../../shared/gst/document-number.ts';
import { splitTax } from '../../../shared/gst/tax.ts';
import { faraway, invoiceOf, neighbour } from './samples.ts';
import { generated } from './seed.ts';

/** Refunds the amounts one after the other and gives the notes in order. */
function refunds(invoice: Invoice, amounts: readonly number[]): CreditNote[] {
  const notes: CreditNote[] = [];
  for (const amountPaise of amounts) notes.push(note(invoice, notes, amountPaise));
  return notes;
}

function note(invoice: Invoice, credited: readonly CreditNote[], amountPaise: number): CreditNote {
  const serial = credited.length + 1;
  const number = formatDocumentNumber('PC', '26-27', serial);
  return buildCreditNote({ id: `cn_${serial}`, number, issuedOn: '2026-12-01', invoice, credited, amountPaise });
}

const heads = ['taxablePaise', 'cgstPaise', 'sgstPaise', 'igstPaise', 'totalPaise'] as const;

function sums(notes: readonly CreditNote[]) {
  return Object.fromEntries(heads.map((head) => [head, notes.reduce((sum, each) => sum + each[head], 0)]));
}

function amountsOf(invoice: Invoice) {
  return Object.fromEntries(heads.map((head) => [head, invoice[head]]));
}

describe('a credit note', () => {
  it('of the whole mirrors the invoice, names it, and has a number of its own series', () => {
    const invoice = invoiceOf(250_000, {}, 3);
    const whole = note(invoice, [], 750_000);
    expect(whole).toEqual({
      ...invoice,
      id: 'cn_1',
      kind: 'credit_note',
      number: 'PC/26-27/000001',
      issuedOn: '2026-12-01',
      original: { id: 'inv_1', number: 'PP/26-27/000001', issuedOn: '2026-11-22' },
    });
  });

  it('of a part is split by rule 35, as one piece at that price', () => {
    const part = note(invoiceOf(1_500_000), [], 500_000);
    expect(part).toMatchObject({ taxablePaise: 423_728, cgstPaise: 38_136, sgstPaise: 38_136, totalPaise: 500_000 });
    expect(part.lines[0]).toMatchObject({ quantity: 1, unitPaise: 500_000 });
    expect(part.totalInWords).toBe('Five Thousand Rupees Only');
  });

  it('of a part of an exclusive price keeps the price without tax as the unit', () => {
    const part = note(invoiceOf(1_500_000, { pricesIncludeGst: false }), [], 590_000);
    expect(part).toMatchObject({ taxablePaise: 500_000, cgstPaise: 45_000, totalPaise: 590_000 });
    expect(part.lines[0]?.unitPaise).toBe(500_000);
  });

  it('of a part of several packs has the tax inside its price, as they had', () => {
    const part = note(invoiceOf(250_000, {}, 3), [], 250_000);
    expect(part.lines[0]).toMatchObject({ quantity: 1, unitPaise: 250_000, totalPaise: 250_000 });
    const onTop = note(invoiceOf(250_000, { pricesIncludeGst: false }, 3), [], 295_000);
    expect(onTop.lines[0]).toMatchObject({ quantity: 1, unitPaise: 250_000, totalPaise: 295_000 });
  });

  it('that is the last takes what is left, so that each head nets to zero', () => {
    const invoice = invoiceOf(100_000);
    const notes = refunds(invoice, [33_333, 33_333, 33_334]);
    expect(notes.map((each) => each.cgstPaise)).toEqual([2_542, 2_542, 2_543]);
    expect(sums(notes)).toEqual(amountsOf(invoice));
  });

  it('is refused for nothing, for more than is left, for another invoice’s notes, and for another year’s number', () => {
    const invoice = invoiceOf(100_000);
    expect(() => note(invoice, [], 0)).toThrow('100000 are left');
    expect(() => note(invoice, [], 100_001)).toThrow('100000 are left');
    expect(() => note(invoice, refunds(invoice, [60_000]), 40_001)).toThrow('40000 are left');
    const others = refunds(invoiceOf(100_000, { id: 'inv_2' }), [1_000]);
    expect(() => note(invoice, others, 1_000)).toThrow(RangeError);
    const late = { id: 'cn', number: 'PC/26-27/000001', issuedOn: '2027-04-01', invoice, credited: [], amountPaise: 1 };
    expect(() => buildCreditNote(late)).toThrow(RangeError);
  });

  it('that adds up wrongly, or stands before its invoice, is found by the proof', () => {
    const part = note(invoiceOf(1_500_000), [], 500_000);
    const [line] = part.lines;
    if (line === undefined) throw new Error('no line');
    const uneven = { cgstPaise: part.cgstPaise - 1, taxablePaise: part.taxablePaise + 1 };
    expect(documentFaults({ ...part, ...uneven, lines: [{ ...line, ...uneven }] })).toEqual([
      'CGST 38135 is not equal to the second head 38136',
      'CGST 38135 is not equal to the second head 38136',
    ]);
    const short = { taxablePaise: part.taxablePaise - 1 };
    expect(documentFaults({ ...part, ...short, lines: [{ ...line, ...short }] })).toEqual([
      'total 500000 is not the taxable value and the taxes',
      'total 500000 is not the taxable value and the taxes',
    ]);
    const early = { ...part, original: { ...part.original, issuedOn: '2026-12-02' } };
    expect(documentFaults(early)).toEqual(['a credit note stands before its invoice']);
    const sameDay = { ...part, original: { ...part.original, issuedOn: part.issuedOn } };
    expect(documentFaults(sameDay)).toEqual([]);
  });

  it('leaves the last paisa creditable, even where rule 35 alone would take back a paisa too much', () => {
    for (let price = 101; price < 1_500; price += 1) {
      const invoice = invoiceOf(price);
      const notes = refunds(invoice, [price - 1, 1]);
      expect(sums(notes)).toEqual(amountsOf(invoice));
    }
  });

  it('in any parts of a rupee or more: each adds up, none is negative, and all together are the invoice', () => {
    const cuts = fc.array(fc.integer({ min: 100, max: 40_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(cuts, fc.boolean(), fc.constantFrom(neighbour, faraway), (amounts, pricesIncludeGst, buyer) => {
        const all = amounts.reduce((sum, amount) => sum + amount, 0);
        const invoice = invoiceOf(all, { pricesIncludeGst, buyer });
        const rest = invoice.totalPaise - all;
        const notes = refunds(invoice, rest > 0 ? [...amounts, rest] : amounts);
        expect(sums(notes)).toEqual(amountsOf(invoice));
        for (const each of notes) {
          expect(taxDocument.parse(each)).toEqual(each);
          expect(documentFaults(each)).toEqual([]);
        }
      }),
      generated(1000),
    );
  });

  it('refunded a rupee at a time never runs out of tax or of value before the end, and stays near rule 35', () => {
    for (const { step, buyer } of [
      { step: 101, buyer: neighbour },
      { step: 107, buyer: neighbour },
      { step: 103, buyer: faraway },
    ]) {
      const invoice = invoiceOf(step * 300 + 1, { buyer });
      const notes: CreditNote[] = [];
      for (let i = 0; i < 300; i += 1) {
        notes.push(note(invoice, notes, step));
        const { cgstPaise = 0, igstPaise = 0, totalPaise = 1 } = sums(notes);
        const intraState = buyer === neighbour;
        const exact = splitTax({ pricePaise: totalPaise, rateBp: 1800, inclusive: true, intraState });
        expect(Math.abs(cgstPaise + igstPaise - exact.cgstPaise - exact.igstPaise)).toBeLessThanOrEqual(1);
      }
      notes.push(note(invoice, notes, 1));
      expect(sums(notes)).toEqual(amountsOf(invoice));
    }
  });
});
