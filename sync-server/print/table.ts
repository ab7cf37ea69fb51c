// The table of what was sold and the amounts under it. Columns follow the taxes: CGST and SGST (or UTGST), or IGST.
import type { DocumentLine, TaxDocument } from '../../shared/gst/document.ts';
import { isIntraState, secondHeadLabel } from '../../shared/gst/place-of-supply.ts';
import { rateText } from '../../shared/gst/register.ts';
import { rupeesText } from '../../shared/ledger/money.ts';
import { body, colours, inner, label, lineHeight, page, paragraph, rule, strong } from './page.ts';
import type { Pen, Style } from './pen.ts';
import { printable } from './pen.ts';

/** `₹12,711.86`, `12,711.86`: exact, grouped as in India. */
const grouped = new Intl.NumberFormat('en-IN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const plainRupees = (paise: number): string => grouped.format(rupeesText(paise) as `${number}`);
export const rupees = (paise: number): string => `₹${plainRupees(paise)}`;

interface Column {
  readonly head: readonly string[];
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly cell: (line: DocumentLine) => string;
}

/** The heads of tax that the document has, each with its amount: on a line, or on the whole. */
export function taxHeads(document: TaxDocument): readonly {
  readonly name: string;
  readonly of: (amounts: Pick<DocumentLine, 'cgstPaise' | 'sgstPaise' | 'igstPaise'>) => number;
  readonly share: 1 | 2;
}[] {
  if (!isIntraState(document.seller.stateCode, document.placeOfSupply)) {
    return [{ name: 'IGST', of: ({ igstPaise }) => igstPaise, share: 1 }];
  }
  return [
    { name: 'CGST', of: ({ cgstPaise }) => cgstPaise, share: 2 },
    { name: secondHeadLabel(document.placeOfSupply), of: ({ sgstPaise }) => sgstPaise, share: 2 },
  ];
}

const gap = 8;

function columnsOf(document: TaxDocument): Column[] {
  const heads = taxHeads(document);
  const inclusive = document.lines.every((line) => line.unitPaise * line.quantity === line.totalPaise);
  const amount = heads.length === 2 ? 58 : 66;
  const amounts: Column[] = [
    ...heads.map(
      ({ name, of }): Column => ({
        head: [name, '(₹)'],
        width: amount,
        align: 'right',
        cell: (line) => plainRupees(of(line)),
      }),
    ),
    { head: ['Total', '(₹)'], width: 64, align: 'right', cell: (line) => plainRupees(line.totalPaise) },
  ];
  const facts: Column[] = [
    { head: ['SAC', ''], width: 38, align: 'left', cell: (line) => line.sac },
    { head: ['Qty', ''], width: 24, align: 'right', cell: (line) => String(line.quantity) },
    {
      head: ['Unit price', inclusive ? 'incl. GST (₹)' : 'excl. GST (₹)'],
      width: 64,
      align: 'right',
      cell: (line) => plainRupees(line.unitPaise),
    },
    { head: ['Taxable', 'value (₹)'], width: 62, align: 'right', cell: (line) => plainRupees(line.taxablePaise) },
    { head: ['GST', 'rate'], width: 30, align: 'right', cell: (line) => `${rateText(line.rateBp)}%` },
  ];
  const rest = inner - [...facts, ...amounts].reduce((sum, { width }) => sum + width, 0);
  return [
    { head: ['Description', ''], width: rest, align: 'left', cell: (line) => printable(line.description) },
    ...facts,
    ...amounts,
  ];
}

const headStyle: Style = { size: 7.5, weight: 'bold', colour: colours.accent };

/** Draws the table from `y` down; gives the y of its lower edge. */
export function drawTable(pen: Pen, document: TaxDocument, y: number): number {
  const columns = columnsOf(document);
  pen.box({ x: page.left, y, width: inner, height: 28 }, colours.accentSoft);
  const cells = (draw: (column: Column, x: number, width: number) => void) => {
    let x: number = page.left;
    for (const column of columns) {
      draw(column, x + gap / 2, column.width - gap);
      x += column.width;
    }
  };
  const put = (text: string, column: Column, x: number, width: number, at: number, style: Style) => {
    const fitted = pen.fitting(text, width, { ...style, align: column.align });
    pen.line(text, column.align === 'right' ? x + width : x, at, fitted);
  };
  cells((column, x, width) => {
    const [first = '', second = ''] = column.head;
    const base = second === '' ? y + 16.5 : y + 12;
    put(first, column, x, width, base, headStyle);
    if (second !== '') put(second, column, x, width, base + 9.5, { ...headStyle, weight: 'regular', size: 6.8 });
  });
  let top = y + 28;
  for (const line of document.lines) {
    let bottom = top;
    cells((column, x, width) => {
      if (column.align === 'right' || column.head[0] === 'SAC') {
        put(column.cell(line), column, x, width, top + 18, { ...body, size: 8.5 });
      } else bottom = paragraph(pen, column.cell(line), { x, y: top + 18, width }, { ...body, size: 8.5 });
    });
    top = bottom + 1;
    rule(pen, top);
  }
  return top;
}

/** Amount in words on the left, the sums on the right; gives the y under both. */
export function drawTotals(pen: Pen, document: TaxDocument, y: number): number {
  const left = page.left + inner - 220;
  const sums = [
    { name: 'Taxable value', paise: document.taxablePaise },
    ...taxHeads(document).map(({ name, of, share }) => ({
      name: `${name}${rateOf(document, share)}`,
      paise: of(document),
    })),
  ];
  let at = y + 20;
  for (const { name, paise } of sums) {
    pen.line(name, left, at, { ...body, colour: colours.soft });
    pen.line(plainRupees(paise), page.right - 8, at, { ...body, align: 'right' });
    at += 16;
  }
  const total = document.kind === 'invoice' ? 'Invoice total' : 'Credit total';
  pen.box({ x: left - 8, y: at - 8, width: 228, height: 30 }, colours.accent);
  const white: Style = { size: 12, weight: 'bold', colour: '#ffffff' };
  pen.line(total, left, at + 11.5, { ...white, size: 10 });
  pen.line(rupees(document.totalPaise), page.right - 8, at + 11.5, {
    ...pen.fitting(rupees(document.totalPaise), 130, white),
    align: 'right',
  });
  pen.line('Amount in words', page.left, y + 20, label);
  const words = { x: page.left, y: y + 20 + lineHeight(strong), width: inner - 260 };
  const under = paragraph(pen, document.totalInWords, words, strong);
  return Math.max(at + 22, under);
}

/** ` @ 9%` where all lines have one rate: the head's own share of it. */
function rateOf(document: TaxDocument, share: 1 | 2): string {
  const rates = new Set(document.lines.map(({ rateBp }) => rateBp));
  const [rate] = rates;
  return rate === undefined || rates.size > 1 ? '' : ` @ ${rateText(rate / share)}%`;
}
