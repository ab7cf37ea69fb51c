// Terms: what a purchase costs and gives, with prices that hold the tax and with prices that do not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Buyer } from '../../../shared/gst/document.ts';
import { catalogue, catalogueVersion, sku } from '../../../shared/plan/catalogue.ts';
import { daysToPay, pricesFor, termsOf } from '../../../sync-server/purchase/terms.ts';
import { generated } from './seed.ts';

const sellerGstin = '27ABCPE1234F1ZB';
const inclusive = { pricesIncludeGst: true, sellerGstin };
const exclusive = { pricesIncludeGst: false, sellerGstin };
const buyer = (stateCode: Buyer['stateCode'], gstin: string | null = null): Buyer => ({
  legalName: 'Asha Medicals',
  address: '12 MG Road',
  pin: '411001',
  stateCode,
  gstin,
});
const [near, far] = [buyer('27'), buyer('29')];
const on = '2026-11-22';

describe('with tax in the price', () => {
  test.each([
    ['plan.pharmapulse-one', 1, 1_500_000, 0],
    ['renewal.year', 1, 100_000, 0],
    ['topup.50k', 1, 250_000, 50_000],
    ['topup.50k', 20, 5_000_000, 1_000_000],
  ] as const)(
    '%s × %i costs %i paise and gives %i credits, near and far alike',
    (product, quantity, amountPaise, credits) => {
      for (const who of [near, far]) {
        expect(termsOf(product, quantity, inclusive, who, on)).toEqual({
          catalogueVersion,
          listPricePaise: catalogue[product].listPricePaise,
          pricesIncludeGst: true,
          rateBp: 1_800,
          sac: '997331',
          amountPaise,
          credits,
        });
      }
    },
  );

  test('the price list names the tax within', () => {
    expect(pricesFor(inclusive, far, on)).toEqual({
      'plan.pharmapulse-one': { amountPaise: 1_500_000, listPricePaise: 1_500_000, taxPaise: 228_814, credits: 0 },
      'renewal.year': { amountPaise: 100_000, listPricePaise: 100_000, taxPaise: 15_254, credits: 0 },
      'topup.50k': { amountPaise: 250_000, listPricePaise: 250_000, taxPaise: 38_136, credits: 50_000 },
    });
  });
});

describe('with tax on top of the price', () => {
  test.each([
    ['plan.pharmapulse-one', 1, 1_770_000],
    ['renewal.year', 1, 118_000],
    ['topup.50k', 1, 295_000],
    ['topup.50k', 20, 5_900_000],
  ] as const)('%s × %i costs %i paise', (product, quantity, amountPaise) => {
    for (const who of [near, far]) {
      expect(termsOf(product, quantity, exclusive, who, on)).toMatchObject({ amountPaise, pricesIncludeGst: false });
    }
  });

  test('the price list names the tax on top', () => {
    expect(pricesFor(exclusive, near, on)).toMatchObject({
      'plan.pharmapulse-one': { amountPaise: 1_770_000, listPricePaise: 1_500_000, taxPaise: 270_000 },
      'topup.50k': { amountPaise: 295_000, listPricePaise: 250_000, taxPaise: 45_000 },
    });
  });
});

test('what one piece costs on the list is what one piece costs to buy, whoever buys, whatever the prices hold', () => {
  const arbitrary = fc.record({
    product: fc.constantFrom(...sku.options),
    selling: fc.constantFrom(inclusive, exclusive),
    who: fc.constantFrom(near, far, buyer('07'), buyer('27', '29AAPFU0939F1ZR')),
    quantity: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(arbitrary, ({ product, selling, who, quantity }) => {
      const one = termsOf(product, 1, selling, who, on);
      const many = termsOf(product, quantity, selling, who, on);
      expect(pricesFor(selling, who, on)[product]).toMatchObject({
        amountPaise: one.amountPaise,
        credits: one.credits,
      });
      expect(many.amountPaise).toBe(one.amountPaise * quantity);
      expect(many.credits).toBe(one.credits * quantity);
    }),
    generated(200),
  );
});

test('a seller without a GSTIN that passes its check sells nothing', () => {
  const unregistered = { pricesIncludeGst: true, sellerGstin: '27ABCPE1234F1ZC' };
  expect(() => termsOf('topup.50k', 1, unregistered, near, on)).toThrow('the seller has no valid GSTIN');
  expect(() => pricesFor(unregistered, near, on)).toThrow('the seller has no valid GSTIN');
});

test('an unpaid purchase can be paid for 3 days', () => {
  expect(daysToPay).toBe(3);
});
