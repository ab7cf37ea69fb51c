// When credits run out if they go on being used as in the last weeks: a pure function of what was used by days. It says nothing
// where there is too little to say.
import { addDays, daysBetween } from './service-year.ts';
import type { Forecast } from './shapes.ts';

/** Whole days before today that are looked at; fewer where the ledger is younger. */
export const lookBackDays = 30;
/** With fewer days in all, or fewer of them with any use, nothing is said. */
const leastDays = 7;
const leastUsedDays = 3;
/** So far ahead is looked. */
const horizonDays = 365;

/**
 * available: credits now. today: the day in Asia/Kolkata that the facts are from; what was used on it is not counted, since it
 * is not over. spent: credits used by day. since: day of the first entry. monthlyGrant: what comes on every 1st before
 * grantsEnd (null: without an end).
 */
export interface ForecastFacts {
  readonly available: number;
  readonly today: string;
  readonly spent: ReadonlyMap<string, number>;
  readonly since: string | null;
  readonly monthlyGrant: number;
  readonly grantsEnd: string | null;
}

export function forecastOf(facts: ForecastFacts): Forecast {
  const { available, today, since } = facts;
  if (since === null) return { kind: 'unknown' };
  if (available <= 0) return { kind: 'used_up' };
  const days = Math.min(lookBackDays, daysBetween(since, today));
  const used = Array.from({ length: Math.max(0, days) }, (_, at) => facts.spent.get(addDays(today, -1 - at)) ?? 0);
  const total = used.reduce((sum, spent) => sum + spent, 0);
  if (days < leastDays || used.filter((spent) => spent > 0).length < leastUsedDays) return { kind: 'unknown' };
  const perDay = Math.ceil(total / days);
  let granted = 0;
  for (let ahead = 1; ahead <= horizonDays; ahead += 1) {
    const day = addDays(today, ahead);
    if (day.endsWith('-01') && (facts.grantsEnd === null || day < facts.grantsEnd)) granted += facts.monthlyGrant;
    // Compared as whole numbers, so that no rounding moves the day.
    if ((available + granted) * days <= total * ahead) return { kind: 'runs_out', on: day, perDay };
  }
  return { kind: 'lasts', until: addDays(today, horizonDays), perDay };
}
