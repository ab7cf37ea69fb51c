// The auditor's own calendar: dates of Asia/Kolkata, which is five and a half hours ahead of UTC all year, by arithmetic of its
// own. Instants are milliseconds since 1970, days are counted from 1 January 1970, dates are `YYYY-MM-DD`. Imports nothing.
const dayMs = 86_400_000;
const aheadMs = 5.5 * 3_600_000;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysOfYear = (year: number): number => (isLeap(year) ? 366 : 365);
const daysOfMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

const two = (value: number): string => String(value).padStart(2, '0');

function dateOfDay(day: number): string {
  let [year, left] = [1970, day];
  while (left >= daysOfYear(year)) {
    left -= daysOfYear(year);
    year += 1;
  }
  let month = 1;
  while (left >= daysOfMonth(year, month)) {
    left -= daysOfMonth(year, month);
    month += 1;
  }
  return `${year}-${two(month)}-${two(left + 1)}`;
}

function dayOfDate(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  let days = day - 1;
  for (let before = 1970; before < year; before += 1) days += daysOfYear(before);
  for (let before = 1; before < month; before += 1) days += daysOfMonth(year, before);
  return days;
}

/** The date in India at an instant. */
export const dateAt = (instant: number): string => dateOfDay(Math.floor((instant + aheadMs) / dayMs));
/** The instant at which a date begins in India. */
export const startOf = (date: string): number => dayOfDate(date) * dayMs - aheadMs;
export const monthAt = (instant: number): string => dateAt(instant).slice(0, 7);
/** The instant at which a month, `YYYY-MM`, begins in India. */
export const startOfMonth = (month: string): number => startOf(`${month}-01`);
export const plusDays = (date: string, days: number): string => dateOfDay(dayOfDate(date) + days);
export const daysFrom = (from: string, to: string): number => dayOfDate(to) - dayOfDate(from);

/** The same day a year later; of 29 February it is the 28th. */
export function yearAfter(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return `${year + 1}-${two(month)}-${two(Math.min(day, daysOfMonth(year + 1, month)))}`;
}

export function monthAfter(month: string): string {
  const [year = 0, of = 0] = month.split('-').map(Number);
  return of === 12 ? `${year + 1}-01` : `${year}-${two(of + 1)}`;
}
