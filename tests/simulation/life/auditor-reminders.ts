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
    const known = dueBy(years, Number.POSITIVE_INFINITY, at);
    if (known !== due && dueBy(years, Number.POSITIVE_INFINITY, at + momentMs) !== due)
      faults.push(`was reminded of ${due} (${kind}) when ${known} was next due`);
    else if (newestOn(due, dateAt(at)) !== kind) faults.push(`was reminded on ${dateAt(at)}: ${name}`);
  }
  const changes = years.flatMap(({ learnedAt, goneAt }) => [learnedAt, goneAt]);
  for (const run of runs) {
    if (changes.some((at) => at >= run && at <= run + momentMs)) continue;
    const due = dueBy(years, Number.POSITIVE_INFINITY, run);
    const kind = due === null ? null : newestOn(due, dateAt(run));
    if (kind === null) continue;
    const name = `${kind} of ${due}`;
    const at = seen.get(name);
    if (at === undefined || at > run + momentMs)
      faults.push(`was not reminded by ${new Date(run).toISOString()}: ${name}`);
    // Told once is enough.
    seen.set(name, 0);
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
