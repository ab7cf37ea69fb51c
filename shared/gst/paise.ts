// Owns the one rounding rule of GST amounts, and the limits that every amount keeps. All money is whole paise; products
// of an amount and a rate may pass 2^53, so they are taken in BigInt here and nowhere else.
// Knows nothing of states, heads or documents.
import { largestAmount } from '../ledger/money.ts';

/** Gives the amount back; throws RangeError, naming it, unless it is a whole number of paise from 0 to largestAmount. */
export function requirePaise(paise: number, name: string): number {
  if (!Number.isSafeInteger(paise) || paise < 0 || paise > largestAmount) {
    throw new RangeError(`${name} must be whole paise from 0 to ${largestAmount}, not ${paise}`);
  }
  return paise;
}

/**
 * amount × part ÷ whole, rounded half-up to a whole paisa (facts/gst.md §2.5: tax per line and head to paise).
 * Exact or refused: floats lose paise here (0.225 rupees becomes 0.22). Throws RangeError on a negative or
 * fractional input, because half-up and half-away-from-zero would part there, on a whole of 0, and on a share past 2^53.
 */
export function shareHalfUp(amount: number, part: number, whole: number): number {
  for (const value of [amount, part, whole]) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole amount: ${value}`);
  }
  const divisor = BigInt(whole);
  const share = Number((BigInt(amount) * BigInt(part) * 2n + divisor) / (divisor * 2n));
  if (!Number.isSafeInteger(share)) throw new RangeError(`${amount} × ${part} ÷ ${whole} is no safe amount`);
  return share;
}
