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

/** Of a field for a date: without a last day the keys write years of six digits into it, which are no dates here. */
export const lastDay = '9999-12-31';
