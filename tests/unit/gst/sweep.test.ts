// The rules of the tax split over the whole range of prices, one by one where that is cheap and in strides where it is not.
import { describe, expect, it } from 'vitest';
import { splitTax } from '../../../shared/gst/tax.ts';
import { catalogue, mostPacks } from '../../../shared/plan/catalogue.ts';

const tenCrore = 10_000_000_000;
/** Prime, so that the steps meet every remainder of 118, of 100 and of 236. */
const stride = 199_999;

/** What is wrong with the split of one price, in both modes and both places; null when all holds. */
function fault(pricePaise: number): string | null {
  for (const inclusive of [true, false]) {
    for (const intraState of [true, false]) {
      const split = splitTax({ pricePaise, rateBp: 1800, inclusive, intraState });
      const { taxablePaise, cgstPaise, sgstPaise, igstPaise, totalPaise } = split;
      const where = `${pricePaise} ${inclusive ? 'inclusive' : 'exclusive'} ${intraState ? 'intra' : 'inter'}`;
      if (taxablePaise + cgstPaise + sgstPaise + igstPaise !== totalPaise)
        return `${where}: the total is not its parts`;
      if (cgstPaise !== sgstPaise) return `${where}: CGST is not SGST`;
      if ((inclusive ? totalPaise : taxablePaise) !== pricePaise) return `${where}: the price has drifted`;
      // 18/118 or 18/100 of the price, in halves within a state: no head is more than half a paisa from it.
      const heads = intraState ? 2 : 1;
      const head = intraState ? cgstPaise : igstPaise;
      const off = head * heads * (inclusive ? 118 : 100) - pricePaise * 18;
      if (Math.abs(off) * 2 > (inclusive ? 118 : 100) * heads) return `${where}: a head is not the nearest paisa`;
    }
  }
  return null;
}

describe('every price from a paisa to ten crore', () => {
  it('holds all rules one by one up to five hundred rupees', () => {
    for (let price = 1; price <= 50_000; price += 1) expect(fault(price) ?? 'right').toBe('right');
  }, 60_000);

  it('holds them in strides up to ten crore, and at ten crore', () => {
    const wrong: string[] = [];
    for (let price = 1; price <= tenCrore; price += stride) {
      const found = fault(price);
      if (found !== null) wrong.push(found);
    }
    expect(wrong).toEqual([]);
    expect(fault(tenCrore)).toBeNull();
  }, 60_000);
});

describe('what is sold', () => {
  it('costs the same in every state, with GST in the price or on top: a move between order and payment changes no total', () => {
    for (const { sku, listPricePaise: pricePaise } of Object.values(catalogue)) {
      for (let quantity = 1; quantity <= mostPacks; quantity += 1) {
        for (const inclusive of [true, false]) {
          const total = (intraState: boolean) =>
            splitTax({ pricePaise, quantity, rateBp: 1800, inclusive, intraState }).totalPaise;
          expect(total(true), `${sku} × ${quantity}`).toBe(total(false));
        }
      }
    }
  });
});
