// The price list, written down here a second time: whoever changes what is sold changes it in two places, and the version.
import { expect, test } from 'vitest';
import { catalogue, catalogueVersion, mostPacks, planIncludes, sku } from '../../../shared/plan/catalogue.ts';

test('three products are sold, at these prices, under this version', () => {
  expect(catalogueVersion).toBe('2026-11-01');
  expect(sku.options).toEqual(['plan.pharmapulse-one', 'renewal.year', 'topup.50k']);
  expect(Object.values(catalogue)).toEqual([
    {
      sku: 'plan.pharmapulse-one',
      listPricePaise: 1_500_000,
      credits: 0,
      description: 'PharmaPulse One: one-time plan, 1 branch, first service year',
    },
    {
      sku: 'renewal.year',
      listPricePaise: 100_000,
      credits: 0,
      description: 'PharmaPulse One: renewal for one service year',
    },
    { sku: 'topup.50k', listPricePaise: 250_000, credits: 50_000, description: 'AI credits, pack of 50,000' },
  ]);
});

test('each product stands under its own name', () => {
  for (const name of sku.options) expect(catalogue[name].sku).toBe(name);
});

test('a top-up is of at most 20 packs, and the plan includes one branch, 50,000 credits a month and priority', () => {
  expect(mostPacks).toBe(20);
  expect(planIncludes).toEqual({ branches: 1, monthlyCredits: 50_000, prioritySupport: true });
});
