// The auditor's rules of reminders: at each run the newest one whose day has come is recorded, once for its due date; of several
// that came due while no server ran, the newest alone. Imports nothing of the programs that it audits.
import type { Reminder } from './auditor-books.ts';
import { dateAt, plusDays } from './auditor-calendar.ts';
import type { LoggedSample } from './auditor-log.ts';
import { dueBy, momentMs, type YearPaid } from './auditor-plan.ts';

const days: readonly (readonly [string, number])[] = [
  ['days_30', -30],
  ['days_15', -15],
  ['days_7', -7],
  ['days_1', -1],
  ['due', 0],
  ['lapsed', 15],
];

function newestOn(due: string, date: string): string | null {
  return days.findLast(([, after]) => plusDays(due, after) <= date)?.[0] ?? null;
}

const iso = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString() : 'never');
const told = (years: readonly YearPaid[]) =>
  years
    .map((one) => `${one.kind} ${iso(one.capturedAt)} known ${iso(one.learnedAt)} gone ${iso(one.goneAt)}`)
    .join(', ');

/** `runs`: when everything due was done for certain, ascending. */
export function reminderFaults(
  reminders: readonly Reminder[],
  years: readonly YearPaid[],
  runs: readonly number[],
): string[] {
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (const { due, kind, at } of reminders) {
    const name = `${kind} of ${due}`;
    if (seen.has(name)) faults.push(`was reminded twice: ${name}`);
    seen.set(name, at);
    // While one server's clock is set, the other's is still at the run before: what it learns then has that time.
    const before = runs.findLast((run) => run <= at) ?? at;
    const known = [at, at + momentMs, before].map((time) => dueBy(years, Number.POSITIVE_INFINITY, time));
    if (!known.includes(due))
      faults.push(`was reminded of ${due} (${kind}, ${iso(at)}) when ${known[0]} was next due, by ${told(years)}`);
    else if (newestOn(due, dateAt(at)) !== kind) faults.push(`was reminded on ${dateAt(at)}: ${name}`);
  }
  const changes = years.flatMap(({ learnedAt, goneAt }) => [learnedAt, goneAt]);
  for (const run of runs) {
    if (changes.some((at) => at >= run && at <= run + momentMs)) continue;
    const due = dueBy(years, Number.POSITIVE_INFINITY, run);
    if (due === null) continue;
    // Work that was due a second before midnight may have been done after it: then the next day's reminder stands for both.
    const kinds = [...new Set([run, run + momentMs].map((time) => newestOn(due, dateAt(time))))];
    const names = kinds.flatMap((kind) => (kind === null ? [] : [`${kind} of ${due}`]));
    if (kinds[0] === null || names.some((name) => (seen.get(name) ?? Number.POSITIVE_INFINITY) <= run + momentMs))
      continue;
    faults.push(`was not reminded by ${new Date(run).toISOString()}: ${names.join(' or ')}`);
    // Told once is enough.
    for (const name of names) seen.set(name, 0);
  }
  return faults;
}

/** What a counter is told: the reminders of its next due date, newest first. */
export function toldFaults(told: LoggedSample, reminders: readonly Reminder[]): string[] {
  const place = (kind: string) => days.findIndex(([name]) => name === kind);
  const expected = reminders
    .filter(({ due, at }) => due === told.nextDue && at <= told.at)
    .map(({ kind }) => kind)
    .toSorted((a, b) => place(b) - place(a));
  if (told.reminders.join() === expected.join()) return [];
  return [`was told at ${new Date(told.at).toISOString()} of the reminders ${told.reminders}, instead of ${expected}`];
}
