// Owns the financial year and the number on a tax document. Numbers run from 1 without a gap per series and year; who
// hands them out (a locked counter row in the issuing transaction) is not known here. Source: facts/gst.md §1.1(b), §1.2.
import { getISO } from 'temporal-polyfill/fns/Calendar';
import { fromString } from 'temporal-polyfill/fns/PlainDate';
import { businessDate } from '../plan/service-year.ts';

/** Invoices are PP, credit notes PC: two series, so a note never takes a number from the invoices. */
export type DocumentSeries = 'PP' | 'PC';

/** A number taken apart again. */
export interface DocumentNumber {
  readonly series: DocumentSeries;
  readonly financialYear: string;
  readonly serial: number;
}

/** Rule 46(b): at most 16 characters. Six digits make 15; the year in which a millionth invoice is due gets the last one. */
export const largestSerial = 9_999_999;
const serialDigits = 6;

/** `PP/26-27/000001`; starts with a letter, as the invoice registration portal demands. */
export const documentNumberPattern = /^(PP|PC)\/([0-9]{2}-[0-9]{2})\/([0-9]{6}|[1-9][0-9]{6})$/;

/**
 * The financial year, April to March, of a calendar date `YYYY-MM-DD`: 2026-03-31 → `25-26`, 2026-04-01 → `26-27`.
 * Throws RangeError on anything that is not such a date.
 */
export function financialYearOf(date: string): string {
  // The polyfill alone would also take an instant, and give the day in UTC: the wrong year for five and a half hours.
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(date)) throw new RangeError(`not a date YYYY-MM-DD: "${date}"`);
  const { year, month } = fromString(date, getISO);
  const start = month >= 4 ? year : year - 1;
  return `${twoDigits(start)}-${twoDigits(start + 1)}`;
}

/** The financial year at an instant: it turns at 18:30 UTC on 31 March, which is midnight in Asia/Kolkata. */
export function financialYearAt(instant: Date): string {
  return financialYearOf(businessDate(instant));
}

/**
 * The number as printed, always in capitals and at most 16 characters. Throws RangeError on a serial outside 1 to
 * largestSerial, and on a year that is none (`26-28`): a wrong number cannot be taken back once it is on paper.
 */
export function formatDocumentNumber(series: DocumentSeries, financialYear: string, serial: number): string {
  if (!isFinancialYear(financialYear)) throw new RangeError(`not a financial year: "${financialYear}"`);
  if (!Number.isSafeInteger(serial) || serial < 1 || serial > largestSerial) {
    throw new RangeError(`a serial is 1 to ${largestSerial}, not ${serial}`);
  }
  return `${series}/${financialYear}/${String(serial).padStart(serialDigits, '0')}`;
}

/** The parts of a printed number, or null if it is not one that `formatDocumentNumber` makes. */
export function parseDocumentNumber(text: string): DocumentNumber | null {
  const match = documentNumberPattern.exec(text);
  const financialYear = match?.[2] ?? '';
  const serial = Number(match?.[3] ?? 0);
  if (!isFinancialYear(financialYear) || serial < 1) return null;
  return { series: match?.[1] === 'PC' ? 'PC' : 'PP', financialYear, serial };
}

function isFinancialYear(text: string): boolean {
  const match = /^([0-9]{2})-([0-9]{2})$/.exec(text);
  return match !== null && twoDigits(Number(match[1]) + 1) === match[2];
}

function twoDigits(year: number): string {
  return String(year % 100).padStart(2, '0');
}
