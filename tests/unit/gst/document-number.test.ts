import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  documentNumberPattern,
  financialYearAt,
  financialYearOf,
  formatDocumentNumber,
  largestSerial,
  parseDocumentNumber,
} from '../../../shared/gst/document-number.ts';
import { generated } from './seed.ts';

describe('the financial year', () => {
  it.each([
    ['2026-03-31T18:29:59.999Z', '25-26'],
    ['2026-03-31T18:30:00.000Z', '26-27'],
    ['2026-04-01T00:00:00.000Z', '26-27'],
    ['2027-03-31T18:29:59.999Z', '26-27'],
    ['2026-12-31T23:59:59.999Z', '26-27'],
  ])('turns at midnight of 31 March in Asia/Kolkata: %s is %s', (instant, year) => {
    expect(financialYearAt(new Date(instant))).toBe(year);
  });

  it.each([
    ['2026-03-31', '25-26'],
    ['2026-04-01', '26-27'],
    ['2026-01-01', '25-26'],
    ['2026-12-31', '26-27'],
    ['2009-05-05', '09-10'],
    ['2099-06-01', '99-00'],
    ['2028-02-29', '27-28'],
  ])('of the date %s is %s', (date, year) => {
    expect(financialYearOf(date)).toBe(year);
  });

  it.each(['2026-02-30', '2026-13-01', '2026-3-31', '31-03-2026', '2026-03-31T20:00:00Z', '2026-04-01T00:00', ''])(
    'is not read from "%s", which is no date',
    (text) => {
      expect(() => financialYearOf(text)).toThrow(RangeError);
    },
  );
});

describe('a document number', () => {
  it('is series, year and six digits', () => {
    expect(formatDocumentNumber('PP', '26-27', 1)).toBe('PP/26-27/000001');
    expect(formatDocumentNumber('PC', '26-27', 45)).toBe('PC/26-27/000045');
    expect(formatDocumentNumber('PP', '99-00', 999_999)).toBe('PP/99-00/999999');
  });

  it('takes a seventh digit after 999999, and is then 16 characters long', () => {
    const number = formatDocumentNumber('PP', '26-27', 1_000_000);
    expect(number).toBe('PP/26-27/1000000');
    expect(number).toHaveLength(16);
    expect(formatDocumentNumber('PC', '26-27', largestSerial)).toHaveLength(16);
  });

  it('is refused where it would be longer than 16 characters, or its serial is none', () => {
    for (const serial of [10_000_000, 0, -1, 1.5, Number.NaN]) {
      expect(() => formatDocumentNumber('PP', '26-27', serial)).toThrow(RangeError);
    }
  });

  it('is refused for a year that is none', () => {
    for (const year of ['26-28', '26-26', '2026-27', '26/27', '', '99-100']) {
      expect(() => formatDocumentNumber('PP', year, 1)).toThrow(RangeError);
    }
  });

  it('fits rule 46 and the portal for every serial, sorts by it, and can be read back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('PP' as const, 'PC' as const),
        fc.integer({ min: 1, max: largestSerial }),
        fc.integer({ min: 0, max: 99 }),
        (series, serial, start) => {
          const financialYear = financialYearOf(`20${String(start).padStart(2, '0')}-04-01`);
          const number = formatDocumentNumber(series, financialYear, serial);
          expect(number).toMatch(/^[A-Z1-9][A-Z0-9/-]{0,15}$/);
          expect(number).toMatch(documentNumberPattern);
          expect(parseDocumentNumber(number)).toEqual({ series, financialYear, serial });
        },
      ),
      generated(2000),
    );
  });

  it.each([
    'PP/26-28/000001',
    'PP/26-27/000000',
    'PP/26-27/0000001',
    'PP/26-27/00001',
    'pp/26-27/000001',
    'XX/26-27/000001',
    'PP/26-27/10000000',
    ' PP/26-27/000001',
  ])('"%s" is not one that was ever issued', (text) => {
    expect(parseDocumentNumber(text)).toBeNull();
  });
});
