// A tax document as a PDF: one A4 page, the same bytes for the same document. Its date is the document's; nothing here knows
// the clock, the database or who asks.
import PDFDocument from 'pdfkit';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { placeOfSupplyLabel } from '../../shared/gst/place-of-supply.ts';
import { stateName } from '../../shared/gst/states.ts';
import { startOfBusinessDate } from '../../shared/plan/service-year.ts';
import type { FontName, ParsedFont } from './fonts.ts';
import { body, colours, inner, label, lineHeight, page, paragraph, rule, strong } from './page.ts';
import { makePen, type Pen, printable } from './pen.ts';
import { drawTable, drawTotals } from './table.ts';

const titles = { invoice: 'Tax Invoice', credit_note: 'Credit Note' } as const;

/** The PDF. Rejects where pdfkit does, which no parsed document makes it do. */
export function printDocument(document: TaxDocument, fonts: ReadonlyMap<FontName, ParsedFont>): Promise<Buffer> {
  const title = titles[document.kind];
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    lang: 'en-IN',
    pdfVersion: '1.7',
    displayTitle: true,
    info: {
      Title: `${title} ${document.number}`,
      Author: document.seller.name,
      Subject: `${title} for ${document.buyer.legalName}`,
      Creator: 'PharmaPulse One billing',
      CreationDate: startOfBusinessDate(document.issuedOn),
    },
  });
  const pieces: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (piece: Buffer) => pieces.push(piece));
    doc.on('end', () => resolve(Buffer.concat(pieces)));
    doc.on('error', reject);
  });
  draw(makePen(doc, fonts), document);
  doc.end();
  return done;
}

function draw(pen: Pen, document: TaxDocument): void {
  pen.doc.rect(0, 0, page.width, 6).fill(colours.accent);
  const underHead = drawHead(pen, document);
  const underParties = drawParties(pen, document, underHead + 22);
  const underTable = drawTable(pen, document, underParties + 18);
  const underTotals = drawTotals(pen, document, underTable);
  drawNotes(pen, document, underTotals + 30);
  drawFoot(pen, document);
}

/** The seller on the left, what this is on the right. */
function drawHead(pen: Pen, document: TaxDocument): number {
  const { seller } = document;
  const width = inner - 190;
  let y = page.top + 18;
  y = paragraph(pen, printable(seller.name), { x: page.left, y, width }, { ...strong, size: 15 }) - 4;
  const soft = { ...body, colour: colours.soft };
  y = paragraph(pen, printable(seller.address), { x: page.left, y, width }, soft);
  y = paragraph(
    pen,
    `State: ${stateName(seller.stateCode)}, code ${seller.stateCode}`,
    { x: page.left, y, width },
    soft,
  );
  pen.line(`GSTIN ${seller.gstin}`, page.left, y + 1, strong);
  const title = { size: 22, weight: 'bold', colour: colours.accent, align: 'right' } as const;
  pen.line(titles[document.kind], page.right, page.top + 21, title);
  pen.line('Original for recipient', page.right, page.top + 36, { ...label, align: 'right' });
  const under = Math.max(y + 12, page.top + 48);
  rule(pen, under);
  return under;
}

/** The buyer on the left, number, date and place on the right. */
function drawParties(pen: Pen, document: TaxDocument, y: number): number {
  const { buyer } = document;
  const half = inner / 2 - 20;
  const x = page.left + inner / 2 + 20;
  pen.line(document.kind === 'invoice' ? 'Billed to' : 'Credited to', page.left, y, label);
  let left = paragraph(
    pen,
    printable(buyer.legalName),
    { x: page.left, y: y + 15, width: half },
    { ...strong, size: 11 },
  );
  left = paragraph(pen, printable(buyer.address), { x: page.left, y: left - 1, width: half }, body);
  const state = `PIN ${buyer.pin}, ${stateName(buyer.stateCode)}, code ${buyer.stateCode}`;
  left = paragraph(pen, state, { x: page.left, y: left, width: half }, body);
  pen.line(buyer.gstin === null ? 'GSTIN: Unregistered' : `GSTIN ${buyer.gstin}`, page.left, left + 1, strong);

  let right = y;
  for (const [name, text] of factsOf(document)) {
    pen.line(name, x, right, label);
    const under = paragraph(pen, text, { x: x + 92, y: right, width: half - 92 }, strong);
    right = under + 4;
  }
  return Math.max(left + lineHeight(body), right);
}

function factsOf(document: TaxDocument): readonly (readonly [string, string])[] {
  const { kind, original } = document;
  const name = kind === 'invoice' ? 'Invoice' : 'Credit note';
  return [
    [`${name} number`, document.number],
    [`${name} date`, dateText(document.issuedOn)],
    ...(original === null
      ? []
      : ([
          ['Against invoice', original.number],
          ['Invoice date', dateText(original.issuedOn)],
        ] as const)),
    ['Place of supply', placeOfSupplyLabel(document.placeOfSupply)],
    ['Reverse charge', document.reverseCharge ? 'Yes' : 'No'],
  ];
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 2026-11-22 → `22 Nov 2026`: no reader takes the day for the month. */
export function dateText(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${Number(day)} ${months[Number(month) - 1] ?? ''} ${year}`;
}

function drawNotes(pen: Pen, document: TaxDocument, y: number): void {
  const notes = [
    'Whether tax is payable on reverse charge: No',
    document.kind === 'invoice'
      ? `Paid in full. Purchase ${document.purchaseId}`
      : `Credited and refunded against invoice ${document.original?.number ?? ''}. Purchase ${document.purchaseId}`,
  ];
  let at = y;
  for (const note of notes) at = paragraph(pen, note, { x: page.left, y: at, width: inner }, { ...body, size: 8 });
}

function drawFoot(pen: Pen, document: TaxDocument): void {
  const what = document.kind === 'invoice' ? 'invoice' : 'credit note';
  rule(pen, page.bottom - 26);
  const centre = page.left + inner / 2;
  const small = { ...label, align: 'centre' } as const;
  pen.line(
    `This is an electronically generated ${what}, issued in accordance with the Information Technology Act, 2000.`,
    centre,
    page.bottom - 14,
    small,
  );
  pen.line('A signature or digital signature is not required.', centre, page.bottom - 4, small);
}
