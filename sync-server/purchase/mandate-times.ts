// When things happen to a mandate: its first charge, how long a purchase waits for it, when the provider is asked about it
// again. Pure; dates of business are calendar dates in Asia/Kolkata.
import { unreachable } from '../../shared/contract/unreachable.ts';
import { lapseDate } from '../../shared/plan/renewal.ts';
import { addDays, daysBetween, startOfBusinessDate } from '../../shared/plan/service-year.ts';
import { type MandateState, stageOf } from './mandate-machine.ts';
import { daysToPay } from './terms.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** The bank must be told a day before a charge, so one that is due sooner than this is made at once. */
const noticeDays = 2;

/** When the first charge is to be made: as next due begins, or as soon as the customer agrees (null). */
export function firstChargeAt(nextDue: string, now: Date): Date | null {
  const due = startOfBusinessDate(nextDue);
  return due.getTime() - now.getTime() > noticeDays * day ? due : null;
}

/** How long a purchase waits for the charge of a mandate that was agreed to: past the grace, with time for the bank. */
export function waitsUntil(renewalDue: string): Date {
  return startOfBusinessDate(addDays(lapseDate(renewalDue), daysToPay));
}

/** Charges come once a year; one that comes further than this ahead of next due is for the year that is paid already. */
const halfAYear = 183;

/** Whether a charge on a date finds its service year paid. */
export function paysPaidYear(chargedOn: string, nextDue: string | null): boolean {
  return nextDue === null || daysBetween(chargedOn, nextDue) > halfAYear;
}

export interface LookFacts {
  readonly status: MandateState;
  readonly createdAt: Date;
  readonly firstChargeAt: Date | null;
  readonly nextDue: string | null;
}

/**
 * When the provider is asked next, after an answer: hourly for a day while nobody has agreed, then daily; hourly from a day
 * before a charge until two days after it; never once it is over.
 */
export function nextLookAt(facts: LookFacts, now: Date): Date | null {
  const after = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  const stage = stageOf(facts.status);
  switch (stage) {
    case 'asked':
      return after(now.getTime() - facts.createdAt.getTime() < day ? hour : day);
    case 'good':
    case 'failing': {
      const windows = chargesOf(facts).map((charge) => ({ from: charge - day, to: charge + 2 * day }));
      const at = now.getTime();
      if (windows.some(({ from, to }) => at >= from && at < to)) return after(hour);
      const starts = windows.map(({ from }) => from).filter((from) => from > at);
      return new Date(Math.min(at + day, ...starts));
    }
    case 'over':
      return null;
    default:
      return unreachable(stage);
  }
}

/** Instants at which a charge is due, as far as they are known here. */
function chargesOf({ createdAt, firstChargeAt: first, nextDue }: LookFacts): number[] {
  const due = nextDue === null ? [] : [startOfBusinessDate(nextDue).getTime()];
  return [(first ?? createdAt).getTime(), ...due];
}
