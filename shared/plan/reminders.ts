// Which reminders of a renewal have come due: pure functions of the next due date and an instant, by the calendar in
// Asia/Kolkata. Which of them were told is the server's to keep.
import { z } from 'zod';
import { graceDays, type RenewalFacts } from './renewal.ts';
import { addDays, businessDate, startOfBusinessDate } from './service-year.ts';

/** In the order in which they come. */
export const reminderKind = z.enum(['days_30', 'days_15', 'days_7', 'days_1', 'due', 'lapsed']);
export type ReminderKind = z.infer<typeof reminderKind>;

/** Days from next due to the reminder's own date; negative is before. */
const dayOf: Readonly<Record<ReminderKind, number>> = {
  days_30: -30,
  days_15: -15,
  days_7: -7,
  days_1: -1,
  due: 0,
  lapsed: graceDays,
};

export interface DueReminder {
  readonly kind: ReminderKind;
  /** The calendar date on which it comes due, at 00:00 Asia/Kolkata. */
  readonly on: string;
}

/** All reminders of one next due date, in the order in which they come. */
function remindersOf(due: string): DueReminder[] {
  return reminderKind.options.map((kind) => ({ kind, on: addDays(due, dayOf[kind]) }));
}

/** The reminders whose day has come for the current next due date, oldest first; none while no plan is owned. */
export function remindersAt(facts: RenewalFacts, instant: Date): DueReminder[] {
  const due = facts.serviceRenewalNextDue;
  if (due === null) return [];
  const today = businessDate(instant);
  return remindersOf(due).filter(({ on }) => on <= today);
}

/** When the first reminder of a next due date comes due. */
export function firstReminderAt(due: string): Date {
  return startOfBusinessDate(addDays(due, dayOf.days_30));
}

/** When the next reminder comes due after an instant; null after the last one, and while no plan is owned. */
export function nextReminderAt(facts: RenewalFacts, instant: Date): Date | null {
  const due = facts.serviceRenewalNextDue;
  if (due === null) return null;
  const today = businessDate(instant);
  const next = remindersOf(due).find(({ on }) => on > today);
  return next === undefined ? null : startOfBusinessDate(next.on);
}
