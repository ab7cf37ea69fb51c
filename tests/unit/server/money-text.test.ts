// Paise as rupees in text: exact, whatever the sum, and a mistake told where it is none.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestAmount, rupeesText } from '../../../shared/ledger/money.ts';
import { generated } from './seed.ts';

test.each([
  [0, '0.00'],
  [1, '0.01'],
  [-1, '-0.01'],
  [-5, '-0.05'],
  [10, '0.10'],
  [99, '0.99'],
  [100, '1.00'],
  [-100, '-1.00'],
  [835, '8.35'],
  [250_000, '2500.00'],
  [largestAmount, '10000000000.00'],
  [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  [Number.MIN_SAFE_INTEGER, '-90071992547409.91'],
])('%i paise are ₹%s', (paise, text) => {
  expect(rupeesText(paise)).toBe(text);
});

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1])('%s is no amount', (paise) => {
  expect(() => rupeesText(paise)).toThrow('not an amount in paise');
});

test('the text without its point is the amount again, and has two digits behind it', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (paise) => {
      const text = rupeesText(paise);
      expect(text).toMatch(/^-?\d+\.\d{2}$/);
      expect(Number(text.replace('.', ''))).toBe(paise);
    }),
    generated(500),
  );
});
