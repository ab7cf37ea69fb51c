// What is taken for a tax document, at the edges of each field: what is stored once is printed for years.
import { describe, expect, it } from 'vitest';
import { buildCreditNote } from '../../../shared/gst/credit-note.ts';
import { taxDocument } from '../../../shared/gst/document.ts';
import { faraway, invoiceOf } from './samples.ts';

const largest = 1_000_000_000_000;
const invoice = invoiceOf(250_000, { buyer: faraway }, 3);
const note = buildCreditNote({
  ...{ id: 'cn_1', number: 'PC/26-27/000001', issuedOn: '2026-12-01', invoice, credited: [], amountPaise: 750_000 },
});
const [line] = invoice.lines;

const takes = (change: object) => taxDocument.safeParse({ ...invoice, ...change }).success;
const takesLine = (change: object) => takes({ lines: [{ ...line, ...change }] });
const takesBuyer = (change: object) => takes({ buyer: { ...invoice.buyer, ...change } });
const takesSeller = (change: object) => takes({ seller: { ...invoice.seller, ...change } });
const takesOriginal = (change: object) =>
  taxDocument.safeParse({ ...note, original: { ...note.original, ...change } }).success;

/** Which of the values a field takes. */
const taken = (does: (change: object) => boolean, field: string, values: readonly unknown[]) =>
  values.filter((value) => does({ [field]: value }));

describe('a tax document', () => {
  it('is an invoice with no original, or a credit note with one; each without anything that does not belong to it', () => {
    for (const document of [invoice, note]) expect(taxDocument.parse({ ...document, extra: 1 })).toEqual(document);
    expect(takes({ original: note.original })).toBe(false);
    expect(taxDocument.safeParse({ ...note, original: null }).success).toBe(false);
    expect(taken(takes, 'kind', ['invoice', 'credit_note', 'bill', ''])).toEqual(['invoice']);
  });

  it('lacks no field: not on the document, not on a line, not of a party, not of the original', () => {
    const lacking = (row: object, does: (change: object) => boolean) =>
      Object.keys(row).filter((field) => does({ [field]: undefined }));
    expect(lacking(invoice, takes)).toEqual([]);
    expect(lacking(line ?? {}, takesLine)).toEqual([]);
    expect(lacking(invoice.buyer, takesBuyer)).toEqual([]);
    expect(lacking(invoice.seller, takesSeller)).toEqual([]);
    expect(lacking(note.original, takesOriginal)).toEqual([]);
  });

  it('has no empty text where a name, an address, an id or words belong, and one letter is a text', () => {
    const texts = ['', 'x'];
    for (const field of ['id', 'purchaseId', 'totalInWords']) expect(taken(takes, field, texts), field).toEqual(['x']);
    for (const field of ['legalName', 'address']) expect(taken(takesBuyer, field, texts), field).toEqual(['x']);
    for (const field of ['name', 'address']) expect(taken(takesSeller, field, texts), field).toEqual(['x']);
    expect(taken(takesLine, 'description', texts)).toEqual(['x']);
    expect(taken(takesOriginal, 'id', texts)).toEqual(['x']);
  });

  it('has at least one line, no reverse charge, and a second name of the second head or none', () => {
    expect(takes({ lines: [] })).toBe(false);
    expect(taken(takes, 'reverseCharge', [false, true])).toEqual([false]);
    expect(taken(takes, 'sgstLabel', ['UTGST', 'SGST', '', undefined])).toEqual(['UTGST', undefined]);
  });

  it('has amounts of whole paise from 0 to the largest, on the document and on the line', () => {
    const values = [-1, 0, 0.5, largest, largest + 1];
    const amounts = ['taxablePaise', 'cgstPaise', 'sgstPaise', 'igstPaise', 'totalPaise'];
    for (const field of amounts) expect(taken(takes, field, values), field).toEqual([0, largest]);
    for (const field of [...amounts, 'unitPaise']) expect(taken(takesLine, field, values), field).toEqual([0, largest]);
  });

  it('has a quantity of 1 or more and a rate of 0 to 100 %', () => {
    expect(taken(takesLine, 'quantity', [-1, 0, 1, 1.5])).toEqual([1]);
    expect(taken(takesLine, 'rateBp', [-1, 0, 0.5, 10_000, 10_001])).toEqual([0, 10_000]);
  });
});

describe('the codes on a tax document', () => {
  it('are numbers of the two series, of at most 16 characters', () => {
    const numbers = [
      'PP/26-27/000001',
      'PC/26-27/1000000',
      'PP/26-27/00001',
      'xPP/26-27/000001',
      'PP/26-27/000001x',
      '',
    ];
    for (const does of [takes, takesOriginal]) expect(taken(does, 'number', numbers)).toEqual(numbers.slice(0, 2));
  });

  it('are a six-digit SAC, a six-digit PIN that does not begin with 0, and a year of two times two digits', () => {
    const sacs = ['997331', '99733', '9973311', 'x997331', '99733x'];
    expect(taken(takesLine, 'sac', sacs)).toEqual(['997331']);
    const pins = ['560001', '060001', '56000', '5600011', 'x560001', '56000x'];
    expect(taken(takesBuyer, 'pin', pins)).toEqual(['560001']);
    const years = ['26-27', '26-277', '126-27', '6-27', '26-7', '26/27', 'ab-27', '26-ab'];
    expect(taken(takes, 'financialYear', years)).toEqual(['26-27']);
  });

  it('are states that there are, and a GSTIN of the form; a buyer may have none, a seller may not', () => {
    const states = ['29', '25', '99', '9', ''];
    expect(taken(takes, 'placeOfSupply', states)).toEqual(['29']);
    expect(taken(takesBuyer, 'stateCode', states)).toEqual(['29']);
    expect(taken(takesSeller, 'stateCode', states)).toEqual(['29']);
    const gstins = ['29ABCPE1234F1Z7', '29ABCPE1234F1Z', '29ABCPE1234F1Z77', 'x29ABCPE1234F1Z7', null];
    expect(taken(takesBuyer, 'gstin', gstins)).toEqual(['29ABCPE1234F1Z7', null]);
    expect(taken(takesSeller, 'gstin', gstins)).toEqual(['29ABCPE1234F1Z7']);
  });

  it('are dates that there are', () => {
    const dates = ['2028-02-29', '2027-02-29', '2027-2-1', ''];
    for (const does of [takes, takesOriginal]) expect(taken(does, 'issuedOn', dates)).toEqual(['2028-02-29']);
  });
});
