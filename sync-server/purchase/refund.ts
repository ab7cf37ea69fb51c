// What a refund takes back, decided from the purchase and what was refunded before. Pure; the ledger says how much of it can
// still be taken.
import { shareDown } from '../../shared/ledger/money.ts';

/** One payment and what of it went back so far, in paise. */
export interface RefundablePayment {
  readonly amountPaise: number;
  readonly refundedPaise: number;
}

/** What can still go back; a refund of more is one that somebody else made or that was told twice under two names. */
export function refundableNow({ amountPaise, refundedPaise }: RefundablePayment): number {
  return amountPaise - refundedPaise;
}

/** Whether this part is the last one: then everything is taken back that the parts before left. */
export function isLastPart(payment: RefundablePayment, partPaise: number): boolean {
  return partPaise === refundableNow(payment);
}

/**
 * Credits of a top-up that a part takes back: in proportion to the money, rounded down; the last part takes the rest.
 * `takenCredits`: what the parts before were to take, whether it could be taken or not.
 */
export function creditsToTakeBack(
  credits: number,
  takenCredits: number,
  payment: RefundablePayment,
  partPaise: number,
): number {
  const left = credits - takenCredits;
  if (isLastPart(payment, partPaise)) return left;
  return Math.min(left, shareDown(credits, partPaise, payment.amountPaise));
}
