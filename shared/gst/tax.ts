// Owns the arithmetic of one taxed line. Knows rates and amounts, not where the rate comes from nor who pays.
// Sources: facts/gst.md §2.5 (per line and head, half-up to the paisa) and §2.6 (rule 35 for prices that include tax).
import { requirePaise, shareHalfUp } from './paise.ts';

const wholeBp = 10_000;

export interface TaxQuestion {
  /** The price of one, in paise; with the tax inside or on top, as `inclusive` says. */
  readonly pricePaise: number;
  /** How many on this line; 1 if absent. Tax is taken once, on the price of all of them. */
  readonly quantity?: number;
  /** The whole rate in basis points, 1800 for 18 %; CGST and SGST take half each. */
  readonly rateBp: number;
  readonly inclusive: boolean;
  /** True: CGST and SGST. False: IGST. See place-of-supply.ts. */
  readonly intraState: boolean;
}

/** All in paise; `totalPaise` is exactly the sum of the other four, and CGST equals SGST. */
export interface TaxSplit {
  readonly taxablePaise: number;
  readonly cgstPaise: number;
  readonly sgstPaise: number;
  readonly igstPaise: number;
  readonly totalPaise: number;
}

/**
 * Splits the price of a line into the taxable value and the tax heads.
 *
 * Inclusive, in the order of rule 35: each head = price × its rate ÷ (100 % + all rates), then taxable = the rest. The
 * other order misses the list price by a paisa for every second price. Exclusive: each head = taxable × its rate.
 * Halves of an odd rate are not rounded: the head is price × rate ÷ (2 × base) in one step.
 *
 * Throws RangeError if the price, the quantity, the rate (0 to 10000) or the total is outside its limits.
 */
export function splitTax(question: TaxQuestion): TaxSplit {
  const { pricePaise, quantity = 1, rateBp, inclusive, intraState } = question;
  const grossPaise = linePaise(pricePaise, quantity);
  if (!Number.isSafeInteger(rateBp) || rateBp < 0 || rateBp > wholeBp) {
    throw new RangeError(`a rate is 0 to ${wholeBp} basis points, not ${rateBp}`);
  }
  const heads = intraState ? 2 : 1;
  const headPaise = shareHalfUp(grossPaise, rateBp, (inclusive ? wholeBp + rateBp : wholeBp) * heads);
  const taxablePaise = inclusive ? grossPaise - headPaise * heads : grossPaise;
  return {
    taxablePaise,
    cgstPaise: intraState ? headPaise : 0,
    sgstPaise: intraState ? headPaise : 0,
    igstPaise: intraState ? 0 : headPaise,
    totalPaise: requirePaise(taxablePaise + headPaise * heads, 'the total with tax'),
  };
}

/** Unit price × quantity in paise. Throws RangeError unless the quantity is whole, above 0, and the product in limits. */
export function linePaise(unitPaise: number, quantity: number): number {
  requirePaise(unitPaise, 'a price');
  if (!Number.isSafeInteger(quantity) || quantity < 1) throw new RangeError(`not a quantity: ${quantity}`);
  return requirePaise(unitPaise * quantity, 'the price of the line');
}
