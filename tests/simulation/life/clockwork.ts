// How time goes by: steps of a minute to weeks on the servers' test clock, to both sides of month ends more often than chance would,
// and times in which both servers are away. Decided by the seed alone.
import { type Chance, oneOf } from '../storm/chance.ts';
import { monthAfter, monthAt, startOfMonth } from './auditor-calendar.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

export interface Outage {
  readonly from: number;
  readonly to: number;
}

/** So many a year, of hours to weeks, sometimes over a month's end; `long`: one of 400 days among them. */
export function planOutages(chance: Chance, begin: number, end: number, perYear: number, long: boolean): Outage[] {
  const years = (end - begin) / (365 * day);
  const outages: Outage[] = [];
  for (let left = Math.ceil(years * perYear); left > 0; left -= 1) {
    const length = {
      hours: hour + chance.below(20 * hour),
      days: day + chance.below(6 * day),
      weeks: (7 + chance.below(40)) * day,
    };
    const kind = oneOf(chance, { hours: 4, days: 4, weeks: 2 });
    const at = begin + 20 * day + chance.below(end - begin - 60 * day);
    const from = chance.is(0.5) ? startOfMonth(monthAfter(monthAt(at))) - chance.below(length[kind]) : at;
    outages.push({ from, to: from + length[kind] });
  }
  if (long) outages.push({ from: begin + 0.3 * (end - begin), to: begin + 0.3 * (end - begin) + 400 * day });
  return merged(outages.filter(({ to }) => to < end - 10 * day));
}

function merged(outages: readonly Outage[]): Outage[] {
  const apart: Outage[] = [];
  for (const { from, to } of outages.toSorted((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last !== undefined && from < last.to + day)
      apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else apart.push({ from, to });
  }
  return apart;
}

const around = [-90, -1, 0, 1, 90];

/** The next time to which the clock is set. `pace`: steps are so many times as long. */
export function nextStep(chance: Chance, now: number, pace: number): number {
  const step = oneOf(chance, { minutes: 22, day: 62, days: 12, weeks: 4 });
  const lengths = {
    minutes: minute + chance.below(2 * hour),
    day: hour + chance.below(32 * hour),
    days: day + chance.below(5 * day),
    weeks: (7 + chance.below(14)) * day,
  };
  const to = now + lengths[step] * pace;
  const month = startOfMonth(monthAfter(monthAt(now)));
  if (to < month || chance.is(0.3)) return to;
  // Just before the month's first instant, at it, or just after.
  const near = month + (around[chance.below(around.length)] ?? 0) * second;
  return near > now + minute ? near : Math.max(to, now + minute);
}
