// What a refund takes back: in proportion, rounded down, and all of it in the end, whatever the parts were.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shareDown } from '../../../shared/ledger/money.ts';
import { creditsToTakeBack, isLastPart, refundableNow } from '../../../sync-server/purchase/refund.ts';
import { generated } from './seed.ts';

const payment = (amountPaise: number, refundedPaise = 0) => ({ amountPaise, refundedPaise });

describe('a share', () => {
  test.each([
    [50_000, 33_333, 250_000, 6_666],
    [50_000, 250_000, 250_000, 50_000],
    [50_000, 4, 250_000, 0],
    [50_000, 5, 250_000, 1],
    [0, 5, 10, 0],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1],
  ])('%d × %d ÷ %d is %d', (amount, part, whole, share) => {
    expect(shareDown(amount, part, whole)).toBe(share);
  });
});

describe('what can go back', () => {
  test('is what did not go back yet; the part that is all of it is the last one', () => {
    expect(refundableNow(payment(250_000, 100_000))).toBe(150_000);
    expect(isLastPart(payment(250_000, 100_000), 150_000)).toBe(true);
    expect(isLastPart(payment(250_000, 100_000), 149_999)).toBe(false);
    expect(isLastPart(payment(250_000), 250_000)).toBe(true);
  });
});

describe('credits that a part takes back', () => {
  test('are in proportion to the money, rounded down', () => {
    expect(creditsToTakeBack(50_000, 0, payment(250_000), 33_333)).toBe(6_666);
    expect(creditsToTakeBack(50_000, 6_666, payment(250_000, 33_333), 33_334)).toBe(6_666);
  });

  test('with the last part are all that is left', () => {
    expect(creditsToTakeBack(50_000, 33_332, payment(250_000, 166_667), 83_333)).toBe(16_668);
    expect(creditsToTakeBack(50_000, 0, payment(250_000), 250_000)).toBe(50_000);
  });

  test('are never more than are left', () => {
    expect(creditsToTakeBack(50_000, 49_999, payment(250_000), 125_000)).toBe(1);
    expect(creditsToTakeBack(50_000, 50_000, payment(250_000), 125_000)).toBe(0);
  });

  test('add up to all of them over any parts that add up to the whole', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 12 });
    const packs = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(parts, packs, (paise, many) => {
        const credits = 50_000 * many;
        const amountPaise = paise.reduce((sum, part) => sum + part, 0);
        let [refundedPaise, taken] = [0, 0];
        for (const part of paise) {
          const now = creditsToTakeBack(credits, taken, payment(amountPaise, refundedPaise), part);
          expect(now).toBeGreaterThanOrEqual(0);
          taken += now;
          refundedPaise += part;
          expect(taken).toBeLessThanOrEqual(credits);
        }
        expect(taken).toBe(credits);
      }),
      generated(300),
    );
  });
});
