// When the provider is asked about a purchase, and what for. Pure. An order is looked at 1, 5 and 15 minutes after it became
// known, then at every whole hour since the purchase was made, for the last time when that is five days ago.
import type { PurchaseState } from '../../shared/contract/billing.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** From one look to the next, beginning with the order: at 1, 5 and 15 minutes. */
const firstGaps = [minute, 4 * minute, 10 * minute];
const lookedAtFor = 5 * day;

/** How many looks lie before the first full hour. */
export const looksBeforeTheHour = firstGaps.length;

const after = (at: Date, milliseconds: number): Date => new Date(at.getTime() + milliseconds);

/** The first look at an order that became known now; null if the purchase is too old for any. */
export function firstLook(createdAt: Date, now: Date): Date | null {
  return now < after(createdAt, lookedAtFor) ? after(now, minute) : null;
}

export interface LookPlan {
  /** Looks that were made or passed over. */
  readonly looks: number;
  /** null: the last one was made. */
  readonly at: Date | null;
}

/**
 * After the look that was due at `dueAt`, with `looks` before it. Looks whose time went by meanwhile are passed over, and a
 * look that came late does not move those after it.
 */
export function nextLook(createdAt: Date, looks: number, dueAt: Date, now: Date): LookPlan {
  const end = after(createdAt, lookedAtFor);
  let next = { looks, at: dueAt };
  do {
    const gap = firstGaps[next.looks + 1];
    const at = gap === undefined ? hourAfter(createdAt, next.at > now ? next.at : now) : after(next.at, gap);
    next = { looks: next.looks + 1, at };
  } while (next.at <= now);
  const at = new Date(Math.min(next.at.getTime(), end.getTime()));
  return { looks: next.looks, at: at > now && at > dueAt ? at : null };
}

function hourAfter(createdAt: Date, at: Date): Date {
  const hours = Math.floor((at.getTime() - createdAt.getTime()) / hour);
  return after(createdAt, (hours + 1) * hour);
}

/** A look that is under way is nobody else's for so long; should its process end, the look is due again after it. */
export const leaseUntil = (now: Date): Date => after(now, 5 * minute);

/** How long a webhook may be late before a payment that was found without one is told to an operator. */
export const webhookCheckAt = (settledAt: Date): Date => after(settledAt, 10 * minute);

interface Looked {
  readonly state: PurchaseState;
  readonly settledBy: 'webhook' | 'look_up' | null;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
}

/**
 * ask: whether it was paid. check_webhook: whether its webhook came after all. confirm: whether the provider has the money
 * that a webhook told of.
 */
export type LookTask = 'ask' | 'check_webhook' | 'confirm' | 'nothing';

export function lookTask({ state, settledBy }: Pick<Looked, 'state' | 'settledBy'>): LookTask {
  if (isUnsettled(state)) return 'ask';
  if (settledBy === 'look_up') return 'check_webhook';
  return state === 'paid' ? 'confirm' : 'nothing';
}

/** Waiting for money, or closed without any: in all of these, money that comes has its effect. */
export const unsettledStates = ['awaiting_payment', 'cancelled', 'expired'] as const satisfies readonly PurchaseState[];
const isUnsettled = (state: PurchaseState): boolean => unsettledStates.some((one) => one === state);

/**
 * After a look that the provider did not answer. `unavailable`: it was not asked at all. null: for a day longer than any
 * look was due there was no answer, and a person must look.
 */
export function lookAfterFailure(row: Looked, kind: 'unavailable' | 'unknown', now: Date): Date | null {
  const last = isUnsettled(row.state) ? after(row.createdAt, lookedAtFor) : after(row.closedAt ?? row.createdAt, hour);
  if (now >= after(last, day)) return null;
  return after(now, kind === 'unavailable' ? minute : 5 * minute);
}
