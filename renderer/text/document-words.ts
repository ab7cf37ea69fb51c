// A tax document in words and amounts, as it is printed.
import type { DocumentRow } from '../../shared/contract/document-views.ts';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { rateText } from '../../shared/gst/register.ts';
import { catalogue } from '../../shared/plan/catalogue.ts';
import type { Format } from './format.ts';
import type { Words } from './purchase-words.ts';

/** A credit note's total is money back: with a minus. A dash where this version cannot read it. */
export function signedTotal(format: Format, document: Pick<DocumentRow, 'kind' | 'totalPaise'>): string {
  if (document.totalPaise === null) return '–';
  const amount = format.exactRupees(document.totalPaise);
  return document.kind === 'credit_note' ? `−${amount}` : amount;
}

/** Of what is sold today in the user's own language; of anything else, as it stands on the document. */
export function soldName({ text }: Pick<Words, 'text'>, description: string): string {
  const product = Object.values(catalogue).find((one) => one.description === description);
  return product === undefined ? description : text.invoices.sold[product.sku];
}

/** `26-27` → `April 2026 to March 2027`. */
export function yearName({ text }: Pick<Words, 'text'>, financialYear: string): string {
  return text.invoices.filter.yearName(financialYear.slice(0, 2), financialYear.slice(3));
}

export interface TaxHead {
  readonly name: string;
  readonly paise: number;
}

/** The heads that are charged, with half of the rate for each of two; no tax at all is IGST of nothing. */
export function taxHeads({ text }: Words, document: TaxDocument): readonly TaxHead[] {
  const { cgstPaise, sgstPaise, igstPaise, sgstLabel = 'SGST', lines } = document;
  const rates = [...new Set(lines.map(({ rateBp }) => rateBp))];
  const rate = (part: number) => rates.map((rateBp) => rateText(rateBp / part)).join(', ');
  const head = (name: string, part: number) => text.invoices.panel.head(name, rate(part));
  if (cgstPaise > 0 || sgstPaise > 0) {
    return [
      { name: head('CGST', 2), paise: cgstPaise },
      { name: head(sgstLabel, 2), paise: sgstPaise },
    ];
  }
  return [{ name: head('IGST', 1), paise: igstPaise }];
}

/** What an offline list can do, from what of it has its PDF here. */
export function offlineSentence({ text, format }: Words, rows: readonly DocumentRow[]): string {
  const { allHeld, someHeld, noneHeld, newer } = text.invoices.offline;
  const held = rows.filter(({ pdfHeld }) => pdfHeld).length;
  if (held === rows.length) return `${allHeld} ${newer}`;
  return `${held === 0 ? noneHeld : someHeld(format.number(held), format.number(rows.length))} ${newer}`;
}
