// Business dates of the plan: calendar dates in Asia/Kolkata, whatever zone the machine stands in. Pure functions of
// their arguments; server and counter run the same code.
import { Temporal } from 'temporal-polyfill';

export const businessZone = 'Asia/Kolkata';

/** The calendar date in Asia/Kolkata at an instant, `YYYY-MM-DD`. */
export function businessDate(instant: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(businessZone)
    .toPlainDate()
    .toString();
}

/** The instant at which a calendar date begins in Asia/Kolkata. */
export function startOfBusinessDate(date: string): Date {
  return new Date(Temporal.PlainDate.from(date).toZonedDateTime(businessZone).epochMilliseconds);
}

/** The same date a year later; 29 February becomes 28 February. */
export function oneYearAfter(date: string): string {
  return Temporal.PlainDate.from(date).add({ years: 1 }, { overflow: 'constrain' }).toString();
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
}

/** The month of an instant in Asia/Kolkata, `YYYY-MM`: what a monthly grant is one of. */
export function businessMonth(instant: Date): string {
  return businessDate(instant).slice(0, 7);
}
