// Business dates of the plan: calendar dates in Asia/Kolkata, whatever zone the machine stands in. Pure functions of
// their arguments; server and counter run the same code.
// Temporal is used by its functions and not by its classes, which nothing can leave out: the screen has every byte of it to load.
import { getISO } from 'temporal-polyfill/fns/Calendar';
import { fromEpochMilliseconds, toZonedDateTimeISO } from 'temporal-polyfill/fns/Instant';
import * as PlainDate from 'temporal-polyfill/fns/PlainDate';
import { toPlainDate } from 'temporal-polyfill/fns/ZonedDateTime';

export const businessZone = 'Asia/Kolkata';

/** The calendar date in Asia/Kolkata at an instant, `YYYY-MM-DD`. */
export function businessDate(instant: Date): string {
  const day = dayAround(Math.floor(instant.getTime() / dayMs));
  return instant.getTime() < day.midnight ? day.before : day.after;
}

/** The instant at which a calendar date begins in Asia/Kolkata. */
export function startOfBusinessDate(date: string): Date {
  return new Date(midnightOf(date));
}

/** The same date a year later; 29 February becomes 28 February. */
export const oneYearAfter: (date: string) => string = remembering((date) =>
  PlainDate.toString(PlainDate.addYears(parsed(date), 1, { overflow: 'constrain' })),
);

export function addDays(date: string, days: number): string {
  return daysAfter(days)(date);
}

/** Whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return PlainDate.diffDays(parsed(from), parsed(to));
}

/** The month of an instant in Asia/Kolkata, `YYYY-MM`: what a monthly grant is one of. */
export function businessMonth(instant: Date): string {
  return businessDate(instant).slice(0, 7);
}

const dayMs = 86_400_000;

/**
 * The midnight in Asia/Kolkata that lies in a day of UTC (counted from 1970), and the dates before and after it. Every day has
 * exactly one, since that zone has no summer time.
 */
const dayAround = remembering((day: number) => {
  const before = toPlainDate(toZonedDateTimeISO(fromEpochMilliseconds(day * dayMs), businessZone));
  const after = PlainDate.addDays(before, 1);
  return {
    before: PlainDate.toString(before),
    after: PlainDate.toString(after),
    midnight: PlainDate.toZonedDateTime(after, businessZone).epochMilliseconds,
  };
});

const midnightOf = remembering(
  (date: string) => PlainDate.toZonedDateTime(parsed(date), businessZone).epochMilliseconds,
);

const daysAfter = remembering((days: number) =>
  remembering((date: string) => PlainDate.toString(PlainDate.addDays(parsed(date), days))),
);

/** Throws RangeError on what is no date. */
function parsed(date: string): PlainDate.Record {
  return PlainDate.fromString(date, getISO);
}

/** Results that are remembered of each calculation: eleven years of days. Then it begins anew. */
const mostRemembered = 4_000;

/** The same function, quicker for what it was asked before: a hundred thousand plans are due on a few hundred dates. */
function remembering<K extends string | number, V>(calculate: (of: K) => V): (of: K) => V {
  const known = new Map<K, V>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const found = calculate(of);
    if (known.size >= mostRemembered) known.clear();
    known.set(of, found);
    return found;
  };
}
