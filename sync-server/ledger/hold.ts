// What may happen to a hold: placed, captured, released, expired. Pure: a head and a hold in, the head after it or the
// refusal out. A head's `held` is the sum of its org's open holds; every move here keeps it so.
import type { LedgerHead } from './append.ts';

export type HoldState = 'open' | 'captured' | 'released' | 'expired';

export interface Hold {
  readonly amount: number;
  readonly state: HoldState;
  readonly expiresAt: Date;
}

/** Open as stored and not past its time: a hold whose time is over is closed, whether or not the job has seen it. */
export function isOpen(hold: Hold, now: Date): boolean {
  return hold.state === 'open' && now < hold.expiresAt;
}

/** Reserves credits, or null when more is asked for than is available. */
export function placeHold(head: LedgerHead, amount: number): LedgerHead | null {
  if (!Number.isSafeInteger(amount) || amount < 1) throw new Error(`not an amount to hold: ${amount}`);
  if (amount > head.balance - head.held) return null;
  return { ...head, held: head.held + amount };
}

export type CaptureDecision =
  /** The hold is gone from this head, so that an entry of at most its amount always fits behind it. */
  { readonly kind: 'capture'; readonly head: LedgerHead } | { readonly kind: 'closed' } | { readonly kind: 'too_much' };

export function decideCapture(head: LedgerHead, hold: Hold, amount: number, now: Date): CaptureDecision {
  if (!Number.isSafeInteger(amount) || amount < 1) throw new Error(`not an amount to capture: ${amount}`);
  if (!isOpen(hold, now)) return { kind: 'closed' };
  if (amount > hold.amount) return { kind: 'too_much' };
  return { kind: 'capture', head: without(head, hold) };
}

/** Gives all credits of an open hold back before its time is over; null when it is closed. */
export function decideRelease(head: LedgerHead, hold: Hold, now: Date): LedgerHead | null {
  return isOpen(hold, now) ? without(head, hold) : null;
}

/** Gives all credits of a hold back whose time is over; null when it is closed or still has time. */
export function decideExpiry(head: LedgerHead, hold: Hold, now: Date): LedgerHead | null {
  return hold.state === 'open' && !isOpen(hold, now) ? without(head, hold) : null;
}

function without(head: LedgerHead, hold: Hold): LedgerHead {
  const held = head.held - hold.amount;
  if (held < 0) throw new Error(`an open hold of ${hold.amount} with only ${head.held} held`);
  return { ...head, held };
}
