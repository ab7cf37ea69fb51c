// A tax document as a PDF: one A4 page, the same bytes for the same document. Its date is the document's; nothing here knows
// the clock, the database or who asks.
import PDFDocument from 'pdfkit';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { placeOfSupplyLabel } from '../../shared/gst/place-of-supply.ts';
import { stateName } from '../../shared/gst/states.ts';
import { startOfBusinessDate } from '../../shared/plan/service-year.ts';
import type { FontName, ParsedFont } from './fonts.ts';
import { body, colours, inner, label, page, paragraph, rule, strong } from './page.ts';
import { makePen, type Pen, printable, withoutInk } from './pen.ts';
import { drawTable, drawTotals } from './table.ts';

const titles = { invoice: 'Tax Invoice', credit_note: 'Credit Note' } as const;

/** The PDF. Rejects where pdfkit does, which no parsed document makes it do. */
export async function printDocument(document: TaxDocument, fonts: ReadonlyMap<FontName, ParsedFont>): Promise<Buffer> {
  const title = titles[document.kind];
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    // None of pdfkit's own fonts: they have no rupee sign, and would be read anew for each document.
    font: '',
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
  drawOnOnePage(makePen(doc, fonts), document);
  doc.end();
  return done;
}

/** Names and addresses are as long as people write them: where the page would be too short, they are set smaller. */
const partySizes = [1, 0.9, 0.8, 0.7, 0.6, 0.5] as const;

function drawOnOnePage(pen: Pen, document: TaxDocument): void {
  const dry = withoutInk(pen);
  const fitting = partySizes.find((scale) => drawBody(dry, document, scale) <= page.bottom - 36);
  pen.box({ x: -8, y: -8, width: page.width + 16, height: 14 }, colours.accent);
  drawBody(pen, document, fitting ?? partySizes[partySizes.length - 1] ?? 1);
  drawFoot(pen, document);
}

/** Everything between the page's edge and its foot; gives the baseline after its last line. */
function drawBody(pen: Pen, document: TaxDocument, scale: number): number {
  const underHead = drawHead(pen, document, scale);
  const underParties = drawParties(pen, document, underHead + 22, scale);
  const underTable = drawTable(pen, document, underParties + 18);
  const underTotals = drawTotals(pen, document, underTable);
  return drawNotes(pen, document, underTotals + 26);
}

/** The seller on the left, what this is on the right. */
function drawHead(pen: Pen, document: TaxDocument, scale: number): number {
  const { seller } = document;
  const title = { size: 22, weight: 'bold', colour: colours.accent, align: 'right' } as const;
  pen.line(titles[document.kind], page.right, page.top + 21, title);
  pen.line('Original for recipient', page.right, page.top + 36, { ...label, align: 'right' });
  const y = drawParty(
    pen,
    { x: page.left, y: page.top + 18, width: inner - 190 },
    {
      name: seller.name,
      address: seller.address,
      state: `State: ${stateName(seller.stateCode)}, code ${seller.stateCode}`,
      gstin: seller.gstin,
    },
    { name: 15 * scale, text: body.size * scale, colour: colours.soft },
  );
  const under = Math.max(y, page.top + 48);
  rule(pen, under);
  return under;
}

/** The buyer on the left, number, date and place on the right. */
function drawParties(pen: Pen, document: TaxDocument, y: number, scale: number): number {
  const { buyer } = document;
  const half = inner / 2 - 20;
  pen.line(document.kind === 'invoice' ? 'Billed to' : 'Credited to', page.left, y, label);
  const left = drawParty(
    pen,
    { x: page.left, y: y + 15, width: half },
    {
      name: buyer.legalName,
      address: buyer.address,
      state: `PIN ${buyer.pin}, ${stateName(buyer.stateCode)}, code ${buyer.stateCode}`,
      gstin: buyer.gstin ?? 'Unregistered',
    },
    { name: 11 * scale, text: body.size * scale, colour: colours.ink },
  );
  const x = page.left + inner / 2 + 20;
  let right = y;
  for (const [name, text] of factsOf(document)) {
    pen.line(name, x, right, label);
    right = paragraph(pen, text, { x: x + 92, y: right, width: half - 92 }, strong) + 4;
  }
  return Math.max(left, right);
}

interface Party {
  readonly name: string;
  readonly address: string;
  readonly state: string;
  readonly gstin: string;
}

/** Name, address, state and GSTIN below each other from a baseline on; gives where the next thing may begin. */
function drawParty(
  pen: Pen,
  at: { readonly x: number; readonly y: number; readonly width: number },
  { name, address, state, gstin }: Party,
  sizes: { readonly name: number; readonly text: number; readonly colour: string },
): number {
  const text = { ...body, size: sizes.text, colour: sizes.colour };
  // The line after a name is smaller than the name: it may stand a little nearer.
  let y = paragraph(pen, printable(name), at, { ...strong, size: sizes.name }) - (sizes.name - sizes.text) / 2;
  y = paragraph(pen, printable(address), { ...at, y }, text);
  y = paragraph(pen, state, { ...at, y }, text);
  pen.line(`GSTIN: ${gstin}`, at.x, y, { ...strong, size: sizes.text });
  return y + 12;
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

function drawNotes(pen: Pen, document: TaxDocument, y: number): number {
  const { kind, original, purchaseId } = document;
  const note =
    kind === 'invoice'
      ? `Paid in full. Purchase ${purchaseId}`
      : `Credited against invoice ${original.number} of ${dateText(original.issuedOn)}. Purchase ${purchaseId}`;
  return paragraph(pen, note, { x: page.left, y, width: inner }, { ...body, size: 8, colour: colours.soft });
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
