// What is sold, as data with a version. Price, tax and credits are frozen on a purchase when the server accepts it, so a
// change here never changes a purchase that exists: it changes the version.
import { z } from 'zod';

export const catalogueVersion = '2026-11-01';

export const sku = z.enum(['plan.pharmapulse-one', 'renewal.year', 'topup.50k']);
export type Sku = z.infer<typeof sku>;

/** The most packs of one top-up. */
export const mostPacks = 20;

export interface Product {
  readonly sku: Sku;
  /** As on the price list, integer paise a piece; whether tax is in it is the seller's setting. */
  readonly listPricePaise: number;
  /** Credits a piece that this purchase itself grants; the plan's monthly grant is not one of them. */
  readonly credits: number;
  readonly description: string;
}

export const catalogue: Readonly<Record<Sku, Product>> = {
  'plan.pharmapulse-one': {
    sku: 'plan.pharmapulse-one',
    listPricePaise: 1_500_000,
    credits: 0,
    description: 'PharmaPulse One: one-time plan, 1 branch, first service year',
  },
  'renewal.year': {
    sku: 'renewal.year',
    listPricePaise: 100_000,
    credits: 0,
    description: 'PharmaPulse One: renewal for one service year',
  },
  'topup.50k': {
    sku: 'topup.50k',
    listPricePaise: 250_000,
    credits: 50_000,
    description: 'AI credits, pack of 50,000',
  },
};

/** What the plan includes. */
export const planIncludes = { branches: 1, monthlyCredits: 50_000, prioritySupport: true } as const;
