// Money is integer paise from the price list to the invoice; credits are integers. This file owns the bounds and the one
// way from paise to a decimal text. It must not know tax (shared/gst does).

/** No amount of paise or credits on the wire is larger: 1,000 crore rupees, far inside the safe integers. */
export const largestAmount = 1_000_000_000_000;

/** Paise as exact decimal rupees, e.g. `250000` → `"2500.00"`, `-5` → `"-0.05"`. For Intl, which takes it unrounded. */
export function rupeesText(paise: number): string {
  if (!Number.isSafeInteger(paise)) throw new Error(`not an amount in paise: ${paise}`);
  const digits = String(Math.abs(paise)).padStart(3, '0');
  return `${paise < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `amount` × `part` ÷ `whole`, rounded down, exact for any safe integers ≥ 0; `whole` > 0. */
export function shareDown(amount: number, part: number, whole: number): number {
  return Number((BigInt(amount) * BigInt(part)) / BigInt(whole));
}
