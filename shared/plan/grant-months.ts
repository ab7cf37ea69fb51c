// Which months an org is owed a monthly grant for, as pure functions of what was paid and an instant. The subscription's
// next due date is not enough to tell: a late renewal moves it, and the months of the lapse stay without a grant.
import { lapseDate, nextDueAfterRenewal } from './renewal.ts';
import { addDays, businessDate, businessMonth, oneYearAfter, startOfBusinessDate } from './service-year.ts';

/** A plan or a renewal that was paid. */
export interface PaidYear {
  readonly sku: 'plan.pharmapulse-one' | 'renewal.year';
  /** The provider's capture time. */
  readonly paidAt: Date;
  /** When its money had gone back in full; null while it counts. */
  readonly endedAt: Date | null;
}

export interface GrantMonth {
  /** `YYYY-MM` in Asia/Kolkata. */
  readonly month: string;
  /** The moment at which it was owed: the month's first instant, or the payment's within the month. */
  readonly at: Date;
}

/** 00:00 Asia/Kolkata on the 1st of a month (`YYYY-MM`). */
export function startOfMonth(month: string): Date {
  return startOfBusinessDate(`${month}-01`);
}

/** The month after a month, `YYYY-MM`. */
export function monthAfter(month: string): string {
  return addDays(`${month}-01`, 31).slice(0, 7);
}

/** The first instant of the month after the one of `instant`, in Asia/Kolkata. */
export function nextMonthStart(instant: Date): Date {
  return startOfMonth(monthAfter(businessMonth(instant)));
}

/** Next due as it stood at an instant, by what had been paid and had not gone back until then; null without a plan. */
export function nextDueAt(history: readonly PaidYear[], instant: Date): string | null {
  return chain(history.filter((year) => counts(year, instant)));
}

/**
 * The months up to an instant for which a grant was owed at its moment, in order. What was paid counts until its money went
 * back, so a plan that was refunded later has the months of its time here: this is what may stand in the ledger.
 */
export function grantMonths(history: readonly PaidYear[], instant: Date): GrantMonth[] {
  const first = history.toSorted(byPayment).find(({ sku }) => sku === 'plan.pharmapulse-one');
  if (first === undefined) return [];
  const months: GrantMonth[] = [];
  const last = businessMonth(instant);
  for (let month = businessMonth(first.paidAt); month <= last; month = monthAfter(month)) {
    const owed = grantOf(history, month);
    if (owed !== null && owed.at <= instant) months.push(owed);
  }
  return months;
}

/** The same, for what has not gone back until `instant`: a refunded plan or renewal brings no grant any more. */
export function grantMonthsToGive(history: readonly PaidYear[], instant: Date): GrantMonth[] {
  return grantMonths(
    history.filter(({ endedAt }) => endedAt === null || endedAt > instant),
    instant,
  );
}

/**
 * The grant of one month, or null: owed at the month's first instant to a plan that is not lapsed then; else within the month
 * when the plan is bought, or renewed after a lapse.
 */
export function grantOf(history: readonly PaidYear[], month: string): GrantMonth | null {
  const begin = startOfMonth(month);
  if (!isLapsedOn(nextDueAt(history, begin), `${month}-01`)) return { month, at: begin };
  for (const year of history.toSorted(byPayment)) {
    if (year.paidAt < begin || businessMonth(year.paidAt) !== month) continue;
    if (year.sku === 'plan.pharmapulse-one' || isComingBack(history, year)) return { month, at: year.paidAt };
  }
  return null;
}

/** Whether a renewal ends a lapse. */
function isComingBack(history: readonly PaidYear[], renewal: PaidYear): boolean {
  const others = history.filter((year) => year !== renewal && counts(year, renewal.paidAt));
  const due = chain(others);
  return due !== null && isLapsedOn(due, businessDate(renewal.paidAt));
}

/** Without a plan there is nothing that works either. */
const isLapsedOn = (due: string | null, date: string): boolean => due === null || lapseDate(due) <= date;

const counts = ({ paidAt, endedAt }: PaidYear, instant: Date): boolean =>
  paidAt <= instant && (endedAt === null || endedAt > instant);

/** Providers tell whole seconds: of one moment the plan comes first, since a renewal is of a plan that is there. */
const byPayment = (a: PaidYear, b: PaidYear): number =>
  a.paidAt.getTime() - b.paidAt.getTime() || Number(isPlan(b)) - Number(isPlan(a));

const isPlan = ({ sku }: PaidYear): boolean => sku === 'plan.pharmapulse-one';

function chain(history: readonly PaidYear[]): string | null {
  let due: string | null = null;
  for (const { sku, paidAt } of history.toSorted(byPayment)) {
    if (sku === 'plan.pharmapulse-one') due = oneYearAfter(businessDate(paidAt));
    else if (due !== null) due = nextDueAfterRenewal(due, paidAt);
  }
  return due;
}
