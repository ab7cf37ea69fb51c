import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requirePaise, shareHalfUp } from '../../../shared/gst/paise.ts';
import { linePaise, splitTax } from '../../../shared/gst/tax.ts';
import { generated } from './seed.ts';

const tenCroreRupees = 10_000_000_000;
const price = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: tenCroreRupees }));
const rate = fc.constantFrom(0, 25, 300, 500, 1200, 1800, 2800, 4000);

/** Compares with the exact tax, a fraction, without rounding anything: at most half a paisa away, a tie only upwards. */
function isNearestPaisa(headPaise: number, numerator: bigint, denominator: bigint): boolean {
  const twice = 2n * (BigInt(headPaise) * denominator - numerator);
  return twice > -denominator && twice <= denominator;
}

describe('rounding', () => {
  it('is half-up to the paisa, where floats fail: 9 % of 2.50 is 0.23', () => {
    expect(shareHalfUp(250, 900, 10_000)).toBe(23);
    expect(shareHalfUp(1, 1, 2)).toBe(1);
    expect(shareHalfUp(49, 1, 100)).toBe(0);
    expect(shareHalfUp(50, 1, 100)).toBe(1);
  });

  it('is exact where the product passes 2^53', () => {
    expect(shareHalfUp(1_000_000_000_000, 9_999, 10_000)).toBe(999_900_000_000);
    expect(shareHalfUp(999_999_999_999, 10_000, 11_800)).toBe(847_457_627_118);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000_000 }),
        fc.integer({ min: 2_000, max: 20_000 }),
        (amount, whole) => {
          const share = shareHalfUp(amount, 9_999, whole);
          expect(isNearestPaisa(share, BigInt(amount) * 9_999n, BigInt(whole))).toBe(true);
        },
      ),
      generated(2000),
    );
  });

  it('refuses what is no amount: negative, fractional, not a number, a share of nothing', () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => shareHalfUp(bad, 1, 1)).toThrow(RangeError);
      expect(() => requirePaise(bad, 'it')).toThrow(RangeError);
    }
    expect(() => shareHalfUp(1, 1, 0)).toThrow(RangeError);
    expect(() => shareHalfUp(1_000_000_000_000, 9_999, 1)).toThrow(RangeError);
    expect(requirePaise(1_000_000_000_000, 'it')).toBe(1_000_000_000_000);
    expect(() => requirePaise(1_000_000_000_001, 'it')).toThrow(RangeError);
  });
});

describe('the list prices', () => {
  it.each([
    [1_500_000, 1_271_186, 114_407, 228_814, 1_770_000],
    [100_000, 84_746, 7_627, 15_254, 118_000],
    [250_000, 211_864, 19_068, 38_136, 295_000],
  ])('%i paise split as the handbook says', (pricePaise, taxable, half, whole, withTax) => {
    const base = { pricePaise, rateBp: 1800 };
    expect(splitTax({ ...base, inclusive: true, intraState: true })).toEqual({
      taxablePaise: taxable,
      cgstPaise: half,
      sgstPaise: half,
      igstPaise: 0,
      totalPaise: pricePaise,
    });
    expect(splitTax({ ...base, inclusive: true, intraState: false })).toEqual({
      taxablePaise: taxable,
      cgstPaise: 0,
      sgstPaise: 0,
      igstPaise: whole,
      totalPaise: pricePaise,
    });
    expect(splitTax({ ...base, inclusive: false, intraState: true }).totalPaise).toBe(withTax);
    expect(splitTax({ ...base, inclusive: false, intraState: false }).totalPaise).toBe(withTax);
  });

  it('inclusive 24,900 at 28 % stays 24,900, where taxable-first makes 24,900.01', () => {
    const split = splitTax({ pricePaise: 2_490_000, rateBp: 2800, inclusive: true, intraState: true });
    expect(split).toMatchObject({ taxablePaise: 1_945_312, cgstPaise: 272_344, totalPaise: 2_490_000 });
  });

  it('three packs on one line are taxed once: 1,144.07 and not three times 381.36', () => {
    const split = splitTax({ pricePaise: 250_000, quantity: 3, rateBp: 1800, inclusive: true, intraState: false });
    expect(split).toMatchObject({ igstPaise: 114_407, taxablePaise: 635_593, totalPaise: 750_000 });
  });
});

describe('any line', () => {
  const question = fc.record({ pricePaise: price, rateBp: rate, inclusive: fc.boolean(), intraState: fc.boolean() });

  it('is exactly the taxable value and its heads, none of them negative', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const split = splitTax(asked);
        expect(split.taxablePaise + split.cgstPaise + split.sgstPaise + split.igstPaise).toBe(split.totalPaise);
        for (const part of Object.values(split)) expect(Number.isSafeInteger(part) && part >= 0).toBe(true);
      }),
      generated(5000),
    );
  });

  it('has CGST equal to SGST and no IGST within a state, and only IGST between states', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { cgstPaise, sgstPaise, igstPaise } = splitTax(asked);
        expect(cgstPaise).toBe(sgstPaise);
        expect(asked.intraState ? igstPaise : cgstPaise).toBe(0);
      }),
      generated(2000),
    );
  });

  it('at an inclusive price totals that price, times the quantity; exclusive keeps it as the taxable value', () => {
    fc.assert(
      fc.property(question, fc.integer({ min: 1, max: 20 }), (asked, quantity) => {
        const split = splitTax({ ...asked, quantity });
        expect(asked.inclusive ? split.totalPaise : split.taxablePaise).toBe(asked.pricePaise * quantity);
      }),
      generated(5000),
    );
  });

  it('has each head at the paisa nearest to the exact tax', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { pricePaise, rateBp, inclusive, intraState } = asked;
        const split = splitTax(asked);
        const parts = intraState ? 2n : 1n;
        const base = inclusive ? 10_000n + BigInt(rateBp) : 10_000n;
        const head = intraState ? split.cgstPaise : split.igstPaise;
        expect(isNearestPaisa(head, BigInt(pricePaise) * BigInt(rateBp), base * parts)).toBe(true);
      }),
      generated(5000),
    );
  });

  it('of the first two thousand paise holds both rules, one by one', () => {
    for (let pricePaise = 1; pricePaise <= 2000; pricePaise += 1) {
      for (const intraState of [true, false]) {
        const split = splitTax({ pricePaise, rateBp: 1800, inclusive: true, intraState });
        expect(split.totalPaise).toBe(pricePaise);
        expect(split.taxablePaise).toBeGreaterThan(0);
      }
    }
  });

  it('is taxed at any rate from nothing to the whole price', () => {
    const at = (rateBp: number) => splitTax({ pricePaise: 100, rateBp, inclusive: false, intraState: true });
    expect(at(0)).toMatchObject({ taxablePaise: 100, cgstPaise: 0, sgstPaise: 0, totalPaise: 100 });
    expect(at(10_000)).toMatchObject({ taxablePaise: 100, cgstPaise: 50, sgstPaise: 50, totalPaise: 200 });
  });

  it('is refused at a rate, quantity or price that is none, and above the largest amount', () => {
    const good = { pricePaise: 100, quantity: 1, rateBp: 1800, inclusive: true, intraState: true };
    for (const bad of [-1, 0.5, 10_001]) expect(() => splitTax({ ...good, rateBp: bad })).toThrow(RangeError);
    for (const bad of [0, -1, 1.5]) expect(() => splitTax({ ...good, quantity: bad })).toThrow(RangeError);
    for (const bad of [-1, 0.5, 1e12 + 1]) expect(() => splitTax({ ...good, pricePaise: bad })).toThrow(RangeError);
    expect(() => splitTax({ ...good, pricePaise: 1e12, inclusive: false })).toThrow(RangeError);
    expect(() => linePaise(1e12, 2)).toThrow(RangeError);
  });
});
