// Renewal status and features, as pure functions of (subscription, instant). The server decides with them, the counter
// shows with them, and neither stores their result.
import { addDays, businessDate, daysBetween, oneYearAfter } from './service-year.ts';
import type { Features, RenewalStatus } from './shapes.ts';

/** Reminders begin this many days before next due. */
export const dueSoonDays = 30;
/** From next due on, everything keeps working for this many days. */
export const graceDays = 15;

/** The one fact that the status depends on: next due as a calendar date, null while no plan is owned. */
export interface RenewalFacts {
  readonly serviceRenewalNextDue: string | null;
}

export function renewalStatusAt(facts: RenewalFacts, instant: Date): RenewalStatus {
  const due = facts.serviceRenewalNextDue;
  if (due === null) return 'none';
  const days = daysBetween(businessDate(instant), due);
  if (days > dueSoonDays) return 'active';
  if (days > 0) return 'due_soon';
  return days > -graceDays ? 'past_due' : 'lapsed';
}

/** Days until next due while that lies ahead, days until lapse in the grace, 0 once lapsed, null without a plan. */
export function daysLeftAt(facts: RenewalFacts, instant: Date): number | null {
  const due = facts.serviceRenewalNextDue;
  if (due === null) return null;
  const days = daysBetween(businessDate(instant), due);
  return days > 0 ? days : Math.max(0, days + graceDays);
}

/** The first next due, of a plan paid at `paidAt`: a year from the payment's date. */
export function nextDueAfterPlan(paidAt: Date): string {
  return oneYearAfter(businessDate(paidAt));
}

/** Next due after a renewal paid at `paidAt`: a year from next due, or from the payment's date once lapsed. */
export function nextDueAfterRenewal(due: string, paidAt: Date): string {
  const lapsed = renewalStatusAt({ serviceRenewalNextDue: due }, paidAt) === 'lapsed';
  return oneYearAfter(lapsed ? businessDate(paidAt) : due);
}

/** The calendar date on which `lapsed` begins, at 00:00 Asia/Kolkata. */
export function lapseDate(due: string): string {
  return addDays(due, graceDays);
}

export function featuresOf(status: RenewalStatus): Features {
  const owned = status !== 'none';
  const current = owned && status !== 'lapsed';
  return {
    'pos.core': owned,
    'billing.view': owned,
    'credits.topup': owned,
    'ai.assist': owned,
    'ai.batch': current,
    'app.updates': current,
    'support.priority': current,
    'credits.monthly_grant': current,
  };
}
