import { describe, expect, it } from 'vitest';
import { rateText, registerColumns, registerCsv, registerRow } from '../../../shared/gst/register.ts';
import { sampleInvoice, sampleNote, samples } from '../print/samples.ts';

/** Reads RFC 4180, by its own rules and not by the writer's. */
function cells(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
const record = (row: readonly string[]) => Object.fromEntries(registerColumns.map((name, at) => [name, row[at]]));

describe('the register', () => {
  it('has a row for each document, that a reader of CSV gets back cell for cell', () => {
    const quoted = sampleInvoice({ buyer: { legalName: '"Asha", Medicals\n& Sons ' } });
    const documents = [...Object.values(samples), quoted];
    const [head, ...rows] = cells(registerCsv(documents).replace('\uFEFF', ''));
    expect(head).toEqual(registerColumns);
    expect(rows).toEqual(documents.map(registerRow));
  });

  it('has the columns of an invoice as they are filed', () => {
    expect(record(registerRow(sampleInvoice()))).toEqual({
      'Document number': 'PP/26-27/000123',
      'Document date': '2026-11-22',
      'Document type': 'Tax invoice',
      'GSTR-1 table': 'B2B',
      'Buyer name': 'Asha Medicals',
      'Buyer GSTIN': '27AAPFU0939F1ZV',
      'Place of supply': '27-Maharashtra',
      'Reverse charge': 'N',
      SAC: '997331',
      Description: 'PharmaPulse One: one-time plan, 1 branch, first service year',
      Quantity: '1',
      'Rate %': '18',
      'Taxable value': '12711.86',
      CGST: '1144.07',
      'SGST/UTGST': '1144.07',
      IGST: '0.00',
      Cess: '0.00',
      Total: '15000.00',
      'Original number': '',
      'Original date': '',
      'Financial year': '26-27',
      'Seller GSTIN': '27ABCPE1234F1ZB',
      Purchase: 'pur_01M80Z50J0G97YKNRVSBGTPAB6',
    });
  });

  it('takes a credit note off, and names its invoice; nothing is ever minus nothing', () => {
    expect(record(registerRow(sampleNote(sampleInvoice(), 1_500_000)))).toMatchObject({
      'Document type': 'Credit note',
      'Taxable value': '-12711.86',
      CGST: '-1144.07',
      IGST: '0.00',
      Total: '-15000.00',
      'Original number': 'PP/26-27/000123',
      'Original date': '2026-11-22',
    });
  });

  it('lets no name begin a formula, and leaves others as they are', () => {
    const nameOf = (legalName: string) => record(registerRow(sampleInvoice({ buyer: { legalName } })))['Buyer name'];
    for (const name of ['=1+1', '+91', '-2+3', '@SUM(A1)', ' =1', '\t=1', '＝1', '\r=1']) {
      expect(nameOf(name)).toBe(`'${name}`);
    }
    for (const name of ['Asha', '3M = Medicals', "'quoted'", 'श्री']) expect(nameOf(name)).toBe(name);
  });

  it('writes a rate as people do', () => {
    expect([1800, 250, 500, 1000, 0, 10_000, 1850].map(rateText)).toEqual(['18', '2.5', '5', '10', '0', '100', '18.5']);
  });
});
