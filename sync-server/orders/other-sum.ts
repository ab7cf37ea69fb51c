// What has our receipt at the provider and is for another sum would take another sum of money: it is not taken for ours.
import type { Parts } from '../parts.ts';
import type { Outcome } from '../providers/port.ts';
import type { PurchaseRow } from '../store/schema.ts';

interface Found {
  readonly amountPaise: number;
  readonly currency: string;
}

/** null where it is for the sum of the purchase. */
export function refuseOtherSum(
  parts: Pick<Parts, 'log'>,
  { purchaseId, amountPaise }: PurchaseRow,
  what: string,
  found: Found,
): Extract<Outcome<never>, { ok: false }> | null {
  if (found.amountPaise === amountPaise && found.currency === 'INR') return null;
  const details = { purchaseId, what, amountPaise: found.amountPaise, currency: found.currency };
  parts.log.error(details, 'something of another sum has our receipt');
  return { ok: false, kind: 'unknown', reason: `${what} is for ${found.amountPaise} ${found.currency}` };
}
