// The auditor's rules of the plan, written from the product's words: service years, status, features, and which months an org
// must have been granted by what was known when. Imports nothing but the auditor's calendar.
import {
  dateAt,
  daysFrom,
  monthAfter,
  monthAt,
  plusDays,
  startOf,
  startOfMonth,
  yearAfter,
} from './auditor-calendar.ts';

/** Money for a plan or a renewal that took effect. */
export interface YearPaid {
  readonly purchase: string;
  readonly kind: 'plan' | 'renewal';
  readonly capturedAt: number;
  /** When the server knew of it, and when it knew that all of it had gone back; Infinity if it never did. */
  readonly learnedAt: number;
  readonly goneAt: number;
}

/** What is learned within this time after a run began may be seen by it or not; a run takes as long as the machine needs. */
export const momentMs = 600_000;

const graceDays = 15;
const soonDays = 30;

export type Status = 'none' | 'active' | 'due_soon' | 'past_due' | 'lapsed';

export function statusOn(due: string | null, date: string): Status {
  if (due === null) return 'none';
  const left = daysFrom(date, due);
  if (left > soonDays) return 'active';
  if (left > 0) return 'due_soon';
  return left > -graceDays ? 'past_due' : 'lapsed';
}

export function daysLeftOn(due: string | null, date: string): number | null {
  if (due === null) return null;
  const left = daysFrom(date, due);
  if (left > 0) return left;
  return Math.max(left + graceDays, 0);
}

export const lapsesAt = (due: string): number => startOf(plusDays(due, graceDays));

const kept = ['pos.core', 'billing.view', 'credits.topup', 'ai.assist'];
const lost = ['ai.batch', 'app.updates', 'support.priority', 'credits.monthly_grant'];

export function featuresIn(status: Status): Readonly<Record<string, boolean>> {
  const all: Record<string, boolean> = {};
  for (const name of kept) all[name] = status !== 'none';
  for (const name of lost) all[name] = status !== 'none' && status !== 'lapsed';
  return all;
}

/**
 * Next due by the money that stands: what was captured until `until` and is known, and not known to have gone back, at
 * `knownAt`. Renewals of an earlier plan, which went back as a whole, say nothing about a later one.
 */
export function dueBy(years: readonly YearPaid[], until: number, knownAt: number): string | null {
  const standing = years
    .filter(({ capturedAt, learnedAt, goneAt }) => capturedAt <= until && learnedAt <= knownAt && goneAt > knownAt)
    .toSorted((a, b) => a.capturedAt - b.capturedAt || a.learnedAt - b.learnedAt);
  const plan = standing.find(({ kind }) => kind === 'plan');
  if (plan === undefined) return null;
  let due = yearAfter(dateAt(plan.capturedAt));
  for (const { kind, capturedAt, learnedAt } of standing) {
    if (kind === 'plan' || learnedAt < plan.learnedAt) continue;
    due = yearAfter(capturedAt >= lapsesAt(due) ? dateAt(capturedAt) : due);
  }
  return due;
}

export interface Months {
  /** Month to the reason why it must be there. */
  readonly must: ReadonlyMap<string, string>;
  /** When each of these months could have become due: at its first instant, or with a payment in it. */
  readonly times: ReadonlyMap<string, ReadonlySet<number>>;
  /** Months that may be there or not: what was known changed while nobody can tell whether a server looked. */
  readonly may: ReadonlySet<string>;
  /** How many months since the first plan must not be there. */
  readonly lapsed: number;
}

/** `runs`: when everything due was done for certain, ascending. */
export function monthsOf(years: readonly YearPaid[], runs: readonly number[]): Months {
  const must = new Map<string, string>();
  const may = new Set<string>();
  const times = new Map<string, Set<number>>();
  const noteTime = (month: string, at: number) => void times.set(month, (times.get(month) ?? new Set()).add(at));
  let lapsed = 0;
  const last = runs.at(-1) ?? 0;
  for (const one of years) {
    if (one.learnedAt > last) continue;
    const month = monthAt(one.capturedAt);
    if (one.kind === 'plan') must.set(month, 'the plan was bought in it');
    if (one.kind === 'plan') noteTime(month, one.capturedAt);
    const before = years.filter(
      (other) => other !== one && other.learnedAt <= one.learnedAt && other.goneAt > one.learnedAt,
    );
    const due = dueBy(before, one.capturedAt, one.learnedAt);
    if (one.kind === 'renewal' && due !== null && one.capturedAt >= lapsesAt(due)) {
      noteTime(month, one.capturedAt);
      must.set(month, `it was renewed in it after the lapse of ${plusDays(due, graceDays)}`);
    }
  }
  const first = Math.min(...years.map(({ capturedAt }) => capturedAt));
  if (!Number.isFinite(first)) return { must, may, times, lapsed };
  for (let month = monthAt(first); startOfMonth(month) <= last; month = monthAfter(month)) {
    const verdict = firstOf(years, startOfMonth(month), runs);
    if (verdict !== 'no') noteTime(month, startOfMonth(month));
    if (must.has(month)) continue;
    if (verdict === 'must') must.set(month, 'the plan stood at its first instant');
    if (verdict === 'may') may.add(month);
    if (verdict === 'no') lapsed += 1;
  }
  return { must, may, times, lapsed };
}

/** Whether the plan stood, not lapsed, at the first instant of a month, by what was known at any time since. */
function firstOf(years: readonly YearPaid[], begin: number, runs: readonly number[]): 'must' | 'may' | 'no' {
  // What is known changes at these times alone.
  const changes = years.flatMap(({ learnedAt, goneAt }) => [learnedAt, goneAt]);
  const times = [begin, ...changes.filter((at) => at > begin && Number.isFinite(at))].toSorted((a, b) => a - b);
  let could = false;
  for (const [index, from] of times.entries()) {
    const due = dueBy(years, begin, from);
    if (due === null || begin >= lapsesAt(due)) continue;
    could = true;
    const to = times[index + 1] ?? Number.POSITIVE_INFINITY;
    if (runs.some((run) => run >= from && run + momentMs < to)) return 'must';
  }
  return could ? 'may' : 'no';
}
