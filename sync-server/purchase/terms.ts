// The terms of a purchase, frozen when the server accepts it: price, tax and credits. Pure functions of the catalogue, the
// seller's settings and the buyer's state.

import type { z } from 'zod';
import type { price as priceShape } from '../../shared/contract/price.ts';
import type { Buyer } from '../../shared/gst/document.ts';
import { gstinStateCode } from '../../shared/gst/gstin.ts';
import { isIntraState, placeOfSupply } from '../../shared/gst/place-of-supply.ts';
import { defaultSac, gstRateOn } from '../../shared/gst/rates.ts';
import { splitTax } from '../../shared/gst/tax.ts';
import { catalogue, catalogueVersion, type Sku, sku } from '../../shared/plan/catalogue.ts';

/** How many days an unpaid purchase can be paid. */
export const daysToPay = 3;

export interface Selling {
  readonly pricesIncludeGst: boolean;
  readonly sellerGstin: string;
}

export interface Terms {
  readonly catalogueVersion: string;
  readonly listPricePaise: number;
  readonly pricesIncludeGst: boolean;
  readonly rateBp: number;
  readonly sac: string;
  /** What is to be paid for all pieces, tax included. */
  readonly amountPaise: number;
  readonly credits: number;
}

/** `on`: calendar date in Asia/Kolkata, which decides the rate. */
export function termsOf(product: Sku, quantity: number, selling: Selling, buyer: Buyer, on: string): Terms {
  const { listPricePaise, credits } = catalogue[product];
  const { rateBp } = gstRateOn(defaultSac, on);
  const split = splitFor(listPricePaise, quantity, rateBp, selling, buyer);
  return {
    catalogueVersion,
    listPricePaise,
    pricesIncludeGst: selling.pricesIncludeGst,
    rateBp,
    sac: defaultSac,
    amountPaise: split.totalPaise,
    credits: credits * quantity,
  };
}

/** The price list as this buyer pays it, one piece each. */
export function pricesFor(selling: Selling, buyer: Buyer, on: string): Record<Sku, z.infer<typeof priceShape>> {
  const { rateBp } = gstRateOn(defaultSac, on);
  const one = (product: Sku) => {
    const { listPricePaise, credits } = catalogue[product];
    const split = splitFor(listPricePaise, 1, rateBp, selling, buyer);
    return { amountPaise: split.totalPaise, listPricePaise, taxPaise: split.totalPaise - split.taxablePaise, credits };
  };
  return Object.fromEntries(sku.options.map((product) => [product, one(product)])) as Record<
    Sku,
    z.infer<typeof priceShape>
  >;
}

function splitFor(pricePaise: number, quantity: number, rateBp: number, selling: Selling, buyer: Buyer) {
  const sellerState = gstinStateCode(selling.sellerGstin);
  if (sellerState === null) throw new Error('the seller has no valid GSTIN');
  const intraState = isIntraState(sellerState, placeOfSupply(buyer));
  return splitTax({ pricePaise, quantity, rateBp, inclusive: selling.pricesIncludeGst, intraState });
}
