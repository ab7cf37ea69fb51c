// Numbers, money and dates as people in India read them. Money goes through rupeesText, so no float touches it; every
// date is the one in Asia/Kolkata, wherever the PC believes it stands.
import { rupeesText } from '../../shared/ledger/money.ts';

const zone = 'Asia/Kolkata';

export interface Format {
  /** `250000` → `₹2,500`, `38136` → `₹381.36`. */
  readonly rupees: (paise: number) => string;
  /** With both decimals always, as tax documents have them: `250000` → `₹2,500.00`. */
  readonly exactRupees: (paise: number) => string;
  /** `123456` → `1,23,456`. */
  readonly number: (n: number) => string;
  /** With its sign, and a true minus: `+50,000`, `−1,200`. */
  readonly signed: (n: number) => string;
  /** Of a share between 0 and 1: `37%`. */
  readonly share: (share: number) => string;
  /** For the mark on an axis: `50T`, `1.2L` where a language has such words. */
  readonly compact: (n: number) => string;
  /** Of an instant: `22 Nov 2026`. */
  readonly date: (instant: string) => string;
  /** Of an instant: `22 Nov 2026, 4:05 pm`. */
  readonly dateTime: (instant: string) => string;
  /** Of a calendar date `2027-03-12`: `12 Mar 2027`. */
  readonly calendarDate: (date: string) => string;
  /** Of a calendar date `2027-03-12`, where the year is plain: `12 Mar`. */
  readonly dayMonth: (date: string) => string;
  /** Of a month `2026-11`, where the year is plain: `Nov`. */
  readonly shortMonth: (month: string) => string;
  /** Of a month `2026-11`: `November 2026`; null for anything else. */
  readonly month: (text: string | null) => string | null;
  /** `4:05 pm` today, `21 Nov, 4:05 pm` on any other day; now in milliseconds since 1970. */
  readonly timeSeen: (instant: string, now: number) => string;
  /** `2 minutes ago`; null below one minute. */
  readonly ago: (seconds: number) => string | null;
  /** Time left of a countdown: `9:05`. */
  readonly countdown: (seconds: number) => string;
}

/** `4:05 pm`; a language may write it in another way. */
export const usualTime: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit', hour12: true };
const day = { day: 'numeric', month: 'short' } as const;
const full = { ...day, year: 'numeric' } as const;

function agoParts(seconds: number): [number, Intl.RelativeTimeFormatUnit] | null {
  if (seconds < 60) return null;
  if (seconds < 3_600) return [Math.floor(seconds / 60), 'minute'];
  if (seconds < 86_400) return [Math.floor(seconds / 3_600), 'hour'];
  return [Math.floor(seconds / 86_400), 'day'];
}

/** An instant at which it is that calendar date in India: 17:30 there, so that dates of both kinds are written by the same format. */
const noonOf = (date: string) => Date.parse(`${date}T12:00:00.000Z`);

/** Made when it is first used: each is costly, and a screen needs a few of them. */
function later<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function makeFormat(locale: string, time = usualTime): Format {
  const at = (options: Intl.DateTimeFormatOptions) =>
    later(() => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
  const numbers = (options: Intl.NumberFormatOptions = {}) => later(() => new Intl.NumberFormat(locale, options));
  const [timeOnly, dayTime, dateOnly, dateTime] = [
    at(time),
    at({ ...day, ...time }),
    at(full),
    at({ ...full, ...time }),
  ];
  const [dayMonth, shortMonth, monthName] = [at(day), at({ month: 'short' }), at({ month: 'long', year: 'numeric' })];
  const rupees = { style: 'currency', currency: 'INR' } as const;
  const [money, exact] = [numbers({ ...rupees, trailingZeroDisplay: 'stripIfInteger' }), numbers(rupees)];
  const [plain, percent] = [numbers(), numbers({ style: 'percent' })];
  const compact = numbers({ notation: 'compact', maximumFractionDigits: 1 });
  const relative = later(() => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));
  return {
    // A decimal text is what rupeesText makes, and what Intl takes without rounding; the compiler cannot know.
    rupees: (paise) => money().format(rupeesText(paise) as `${number}`),
    exactRupees: (paise) => exact().format(rupeesText(paise) as `${number}`),
    number: (n) => plain().format(n),
    share: (share) => percent().format(share),
    compact: (n) => compact().format(n),
    signed: (n) => `${n < 0 ? '−' : '+'}${plain().format(Math.abs(n))}`,
    date: (instant) => dateOnly().format(Date.parse(instant)),
    dateTime: (instant) => dateTime().format(Date.parse(instant)),
    calendarDate: (date) => dateOnly().format(noonOf(date)),
    dayMonth: (date) => dayMonth().format(noonOf(date)),
    shortMonth: (month) => shortMonth().format(noonOf(`${month}-01`)),
    month: (text) =>
      text !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? monthName().format(noonOf(`${text}-01`)) : null,
    timeSeen: (instant, now) => {
      const then = Date.parse(instant);
      return dateOnly().format(then) === dateOnly().format(now) ? timeOnly().format(then) : dayTime().format(then);
    },
    ago: (seconds) => {
      const parts = agoParts(seconds);
      return parts === null ? null : relative().format(-parts[0], parts[1]);
    },
    countdown: (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
  };
}
