// What people type, as it is meant: digits of a Hindi keyboard, a GSTIN copied with dashes, spaces where they read better.
import { normaliseGstin } from '../../shared/gst/gstin.ts';

/** `५०००` as `5000`: the digits of a Devanagari keyboard mean the same. */
export function latinDigits(typed: string): string {
  return typed.replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - '०'.charCodeAt(0)));
}

/** An optional field: null where nothing is typed. */
export function optional(typed: string): string | null {
  return typed.trim() === '' ? null : typed.trim();
}

export const pinOf = (typed: string): string => latinDigits(typed).replace(/\s/g, '');

export const phoneOf = (typed: string): string | null => optional(latinDigits(typed));

/** As it stands on the certificate, whatever was pasted between its characters. */
export function gstinOf(typed: string): string | null {
  return optional(normaliseGstin(latinDigits(typed)));
}

/** On one line, as it is printed. */
export const addressOf = (typed: string): string => typed.trim().replace(/\s*\n\s*/g, ', ');

/** As people write it in India, `10,000`; null for what is no whole number, or one of more than nine digits. */
export function wholeNumber(typed: string): number | null {
  const digits = latinDigits(typed).replaceAll(/[,\s]/g, '');
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

const asWritten = /^(\d{1,2})\s*[/.\s-]\s*(\d{1,2})\s*[/.\s-]\s*(\d{4})$/;
const shortYear = /^(\d{1,2}\D+\d{1,2}\D+)(\d{2})$/;

/**
 * The calendar date that is meant by `22/11/2026`, with dots, dashes or spaces too, by `22112026`, or by `2026-11-22` as files
 * have it; null for what is no day of the calendar. whole: nothing more is typed, so that `22/11/26` means 2026; while somebody
 * types, the same letters are the beginning of another year.
 */
export function dateOf(typed: string, whole = false): string | null {
  const digits = latinDigits(typed).trim();
  const written = (whole ? digits.replace(shortYear, '$120$2') : digits)
    .replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$3/$2/$1')
    .replace(/^(\d{2})(\d{2})(\d{4})$/, '$1/$2/$3');
  const [, day = '', month = '', year = ''] = asWritten.exec(written) ?? [];
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = Date.parse(`${date}T00:00:00.000Z`);
  // The 31st of a shorter month is read as a day of the next one.
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(`${date}T`) ? date : null;
}

/** Of a calendar date `2026-11-22`: `22/11/2026`, as it is typed; nothing of nothing. */
export const dateTyped = (date: string): string => date.split('-').reverse().join('/');
