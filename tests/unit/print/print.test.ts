// A printed tax document, opened by another program: one A4 page with its fonts inside, all that the law asks for on it, to
// the paisa, nothing over anything else, and the same bytes each time.
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TaxDocument } from '../../../shared/gst/document.ts';
import { isPrintable, scriptRuns } from '../../../shared/gst/printable.ts';
import { printDocument } from '../../../sync-server/print/document.ts';
import { type FontName, type ParsedFont, parseFonts } from '../../../sync-server/print/fonts.ts';
import { createPrinter } from '../../../sync-server/print/printer.ts';
import { type PlacedText, type ReadPdf, readPdf } from './reader.ts';
import { sampleInvoice, sampleNote, samples } from './samples.ts';

let fonts: ReadonlyMap<FontName, ParsedFont>;
beforeAll(() => {
  fonts = parseFonts();
}, 60_000);

const print = (document: TaxDocument) => printDocument(document, fonts);
const printed = async (document: TaxDocument): Promise<ReadPdf> => readPdf(await print(document));
/** Without the places where lines were broken. */
const flat = (text: string) => text.replaceAll(/\s+/g, '');

describe.each(Object.entries(samples))('%s', (_name, document) => {
  let pdf: ReadPdf;
  beforeAll(async () => {
    pdf = await printed(document);
  });

  test('is one page of A4, in fonts that are all inside the file', () => {
    expect(pdf.pages).toBe(1);
    expect(pdf.size).toEqual([595.28, 841.89]);
    expect(pdf.fonts.length).toBeGreaterThanOrEqual(2);
    expect(pdf.fonts.filter(({ embedded }) => !embedded)).toEqual([]);
    expect(pdf.fonts.filter(({ name }) => !name.includes('NotoSans'))).toEqual([]);
  });

  test('has no text outside the page, and none over another', () => {
    const boxes = pdf.texts.map(boxOf);
    for (const box of boxes) {
      expect(box.left, box.text).toBeGreaterThanOrEqual(39.9);
      expect(box.right, box.text).toBeLessThanOrEqual(555.4);
      expect(box.bottom, box.text).toBeGreaterThanOrEqual(30);
      expect(box.top, box.text).toBeLessThanOrEqual(812);
    }
    const over = boxes.flatMap((a, at) =>
      boxes.slice(at + 1).flatMap((b) => (overlap(a, b) ? [`${a.text} | ${b.text}`] : [])),
    );
    expect(over).toEqual([]);
  });

  test('says who, what, when, where and how much, in figures and in words', () => {
    const text = flat(pdf.text);
    const { seller, buyer } = document;
    for (const part of [
      document.number,
      document.totalInWords,
      seller.name,
      seller.address,
      seller.gstin,
      buyer.gstin ?? 'Unregistered',
      buyer.pin,
      ...document.lines.flatMap((line) => [line.description, line.sac]),
      document.kind === 'invoice' ? 'Tax Invoice' : 'Credit Note',
      document.original?.number ?? '',
      'Reverse charge No',
      'A signature or digital signature is not required.',
    ]) {
      expect(text).toContain(flat(part));
    }
    for (const party of [buyer.legalName, buyer.address].filter((one) => !hindi.test(one))) {
      expect(text).toContain(flat(party));
    }
    expect(signs(pdf.text)).toBe(signs(buyer.legalName + buyer.address));
    expect(text).toContain(`₹${figures(document.totalPaise)}`);
    for (const paise of [document.taxablePaise, document.cgstPaise, document.igstPaise].filter((one) => one > 0)) {
      expect(text).toContain(figures(paise));
    }
  });
});

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** The place of the letters themselves: a little below the baseline to the height of capitals. */
const boxOf = ({ text, x, y, width, size }: PlacedText): Box => ({
  text,
  left: x,
  right: x + width,
  bottom: y - size * 0.2,
  top: y + size * 0.75,
});
const overlap = (a: Box, b: Box) =>
  a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.bottom < b.top - 0.3 && b.bottom < a.top - 0.3;

const hindi = /[\u0900-\u097F]/u;
/** Readers get Devanagari in the order in which it is drawn, where i stands before its consonant: the same signs, sorted. */
const signs = (text: string) =>
  [...text]
    .filter((sign) => hindi.test(sign))
    .sort()
    .join('');

/** 1500000 → `15,000.00`, without the program's own formatter. */
function figures(paise: number): string {
  const digits = String(paise).padStart(3, '0');
  const whole = digits.slice(0, -2);
  const last = whole.slice(-3);
  const before = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',');
  return `${before === '' ? '' : `${before},`}${last}.${digits.slice(-2)}`;
}

describe('the tax', () => {
  const heads = async (name: string) => {
    const document = samples[name];
    if (document === undefined) throw new Error(name);
    return flat((await printed(document)).text);
  };
  test('is CGST and SGST within a state, UTGST in a union territory, IGST between two; none shows the others', async () => {
    const intra = await heads('ordinary');
    expect(intra).toContain('CGST@9%1,144.07SGST@9%1,144.07');
    expect(intra).not.toMatch(/IGST|UTGST/);
    const utgst = await heads('utgst');
    expect(utgst).toContain('CGST@9%1,144.07UTGST@9%1,144.07');
    expect(utgst).not.toMatch(/SGST@|IGST/);
    const igst = await heads('igst');
    expect(igst).toContain('IGST@18%1,144.07');
    expect(igst).not.toMatch(/CGST|SGST/);
    expect(igst).toContain('Placeofsupply29-Karnataka');
  });

  test('is inside the unit price or on top of it, and the paper says which', async () => {
    expect(await heads('ordinary')).toContain('incl.GST(₹)');
    expect(await heads('twenty packs without GST in the price')).toContain('excl.GST(₹)');
    expect(await heads('twenty packs without GST in the price')).toContain('₹59,000.00');
  });
});

describe('a credit note', () => {
  test('names its invoice with number and date', async () => {
    const text = flat((await printed(sampleNote(sampleInvoice(), 100_000))).text);
    expect(text).toContain('AgainstinvoicePP/26-27/000123');
    expect(text).toContain('Invoicedate22Nov2026');
    expect(text).toContain('Creditnotedate3Dec2026');
  });
});

describe('a Hindi name', () => {
  test('is set in the Devanagari font, with its text beside it in the order of reading', async () => {
    const bytes = await print(samples.hindi ?? sampleInvoice());
    const { fonts: used } = await readPdf(bytes);
    expect(used.some(({ name }) => name.includes('NotoSansDevanagari'))).toBe(true);
    expect(actualTexts(bytes)).toContain('श्री ज्ञानेश्वर मेडिकल्स एंड सर्जिकल्स');
  });

  test('is split from Latin letters and keeps the signs between its own words', () => {
    expect(scriptRuns('श्री 12, गणेश (Pune) दुकान.')).toEqual([
      { script: 'devanagari', text: 'श्री 12, गणेश' },
      { script: 'latin', text: ' (Pune) ' },
      { script: 'devanagari', text: 'दुकान' },
      { script: 'latin', text: '.' },
    ]);
    expect(scriptRuns('')).toEqual([]);
  });
});

/** What stands beside drawn text for readers, from the page's content itself. */
function actualTexts(pdf: Buffer): string[] {
  const found: string[] = [];
  for (let at = pdf.indexOf('stream\n'); at !== -1; at = pdf.indexOf('stream\n', at + 1)) {
    if (!pdf.subarray(at - 60, at).includes('/FlateDecode')) continue;
    const content = inflateSync(pdf.subarray(at + 7)).toString('latin1');
    for (const [, hex = ''] of content.matchAll(/ActualText <feff([0-9a-f]+)>/g)) {
      found.push(Buffer.from(hex, 'hex').swap16().toString('utf16le'));
    }
  }
  return found;
}

describe('letters that no font has', () => {
  test('are known before they are printed, and printed as question marks, never as nothing', async () => {
    expect(isPrintable('Asha Médicos – “Ωmega” №5 ₹ श्री')).toBe(true);
    for (const text of ['அருண்', 'ગણેશ', '药', '💊', 'a\u0000']) expect(isPrintable(text), text).toBe(false);
    const pdf = await printed(sampleInvoice({ buyer: { legalName: 'Arun அ Pharmacy' } }));
    expect(pdf.text).toContain('Arun ? Pharmacy');
  });

  test('are none of those that pass: each has a shape in the font that it is set in', () => {
    type Shapes = { hasGlyphForCodePoint(point: number): boolean };
    const shapes = (name: FontName) => fonts.get(name) as unknown as Shapes;
    const without: string[] = [];
    for (let point = 0x20; point <= 0x2fff; point += 1) {
      const sign = String.fromCodePoint(point);
      if (!isPrintable(sign)) continue;
      const [run] = scriptRuns(sign);
      const assigned = !/\p{Cn}|\p{Cf}/u.test(sign);
      const shown = (weight: 'regular' | 'bold') =>
        shapes(`${run?.script ?? 'latin'}-${weight}`).hasGlyphForCodePoint(point);
      if (assigned && !(shown('regular') && shown('bold'))) without.push(`U+${point.toString(16)}`);
    }
    expect(without).toEqual([]);
  });
});

describe('the file', () => {
  test('is the same bytes for the same document, whatever was printed before, and dated by the document', async () => {
    const document = sampleInvoice();
    const first = await print(document);
    for (const other of ['hindi', 'credit note'].flatMap((name) => samples[name] ?? [])) await print(other);
    expect((await print(document)).equals(first)).toBe(true);
    expect((await printDocument(document, parseFonts())).equals(first)).toBe(true);
    const { info } = await readPdf(first);
    expect(info).toMatchObject({
      Title: 'Tax Invoice PP/26-27/000123',
      Author: 'PharmaPulse Software LLP',
      CreationDate: 'D:20261121183000Z',
      Language: 'en-IN',
    });
  }, 60_000);

  test('is another one for a document that differs in anything printed', async () => {
    const first = await print(sampleInvoice());
    expect((await print(sampleInvoice({ serial: 124 }))).equals(first)).toBe(false);
    expect((await print(sampleInvoice({ buyer: { pin: '411002' } }))).equals(first)).toBe(false);
  });
});

describe('the printer', () => {
  test('prints the same on its own thread, many at once, and starts another one after it was stopped', async () => {
    const printer = createPrinter();
    const documents = Object.values(samples).slice(0, 4);
    const all = await Promise.all(documents.map((document) => printer.print(document)));
    for (const [at, document] of documents.entries()) expect(all[at]?.equals(await print(document))).toBe(true);
    const late = printer.print(sampleInvoice());
    await Promise.all([expect(late).rejects.toThrow('the printer was stopped'), printer.stop()]);
    expect((await printer.print(sampleInvoice()))?.equals(await print(sampleInvoice()))).toBe(true);
    await printer.stop();
  }, 60_000);

  test('takes no more than it may at a time, and is free for others once those are done', async () => {
    const printer = createPrinter(3);
    const done = await Promise.all(Array.from({ length: 4 }, () => printer.print(sampleInvoice())));
    expect(done.map((pdf) => pdf === null)).toEqual([false, false, false, true]);
    expect(await printer.print(sampleInvoice())).not.toBeNull();
    await printer.stop();
  }, 60_000);

  test('rejects a document that cannot be printed, and prints the next one', async () => {
    const printer = createPrinter();
    const broken = { ...sampleInvoice(), issuedOn: 'never' };
    await expect(printer.print(broken)).rejects.toThrow('not printed');
    expect(await printer.print(sampleInvoice())).not.toBeNull();
    await printer.stop();
  }, 60_000);
});
