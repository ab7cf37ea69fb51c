// Reminders at the instants where they come due: one second before, at, and after; in India's calendar.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextReminderAt, type ReminderKind, reminderKind, remindersAt } from '../../../shared/plan/reminders.ts';
import { renewalStatusAt } from '../../../shared/plan/renewal.ts';
import { generated } from './seed.ts';

/** Midnight in India at the start of a date, moved by some seconds; +05:30 all year round. */
const midnight = (date: string, seconds = 0) => new Date(Date.parse(`${date}T00:00:00+05:30`) + seconds * 1000);
const facts = (due: string | null) => ({ serviceRenewalNextDue: due });
const newest = (due: string, instant: Date): ReminderKind | null =>
  remindersAt(facts(due), instant).at(-1)?.kind ?? null;

/** due → the dates of its six reminders. */
const cases = [
  ['2027-11-22', ['2027-10-23', '2027-11-07', '2027-11-15', '2027-11-21', '2027-11-22', '2027-12-07']],
  ['2027-03-31', ['2027-03-01', '2027-03-16', '2027-03-24', '2027-03-30', '2027-03-31', '2027-04-15']],
  ['2027-01-10', ['2026-12-11', '2026-12-26', '2027-01-03', '2027-01-09', '2027-01-10', '2027-01-25']],
  ['2028-02-29', ['2028-01-30', '2028-02-14', '2028-02-22', '2028-02-28', '2028-02-29', '2028-03-15']],
  ['2028-03-15', ['2028-02-14', '2028-02-29', '2028-03-08', '2028-03-14', '2028-03-15', '2028-03-30']],
  ['2027-02-28', ['2027-01-29', '2027-02-13', '2027-02-21', '2027-02-27', '2027-02-28', '2027-03-15']],
] as const;

describe.each(cases)('a plan due on %s', (due, dates) => {
  test.each(dates.map((on, place) => [reminderKind.options[place] as ReminderKind, on] as const))(
    'is reminded of (%s) from midnight of %s on',
    (kind, on) => {
      const before = reminderKind.options[reminderKind.options.indexOf(kind) - 1] ?? null;
      expect([newest(due, midnight(on, -1)), newest(due, midnight(on)), newest(due, midnight(on, 1))]).toEqual([
        before,
        kind,
        kind,
      ]);
      expect(remindersAt(facts(due), midnight(on)).at(-1)?.on).toBe(on);
      expect(nextReminderAt(facts(due), midnight(on, -1))).toEqual(midnight(on));
    },
  );

  test('has no reminder after the last', () => {
    expect(nextReminderAt(facts(due), midnight(dates[5]))).toBeNull();
    expect(remindersAt(facts(due), midnight('2040-01-01')).map(({ kind }) => kind)).toEqual(reminderKind.options);
  });
});

test('without a plan there is nothing to be reminded of', () => {
  expect(remindersAt(facts(null), midnight('2027-01-01'))).toEqual([]);
  expect(nextReminderAt(facts(null), midnight('2027-01-01'))).toBeNull();
});

describe('for any due date and instant', () => {
  const anyDate = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const nearby = fc.integer({ min: -60 * 86_400_000, max: 60 * 86_400_000 });

  test('reminders come in order, none before its day, and the next one is the first that is missing', () => {
    fc.assert(
      fc.property(anyDate, nearby, (due, offset) => {
        const at = new Date(midnight(due).getTime() + offset);
        const come = remindersAt(facts(due), at);
        expect(come.map(({ kind }) => kind)).toEqual(reminderKind.options.slice(0, come.length));
        for (const { on } of come) expect(midnight(on) <= at).toBe(true);
        const next = nextReminderAt(facts(due), at);
        expect(next === null).toBe(come.length === reminderKind.options.length);
        if (next !== null) {
          expect(next > at).toBe(true);
          expect(remindersAt(facts(due), next).length).toBe(come.length + 1);
          expect(remindersAt(facts(due), new Date(next.getTime() - 1)).length).toBe(come.length);
        }
      }),
      generated(200),
    );
  });

  test('the first reminder comes with due_soon, `due` with past_due and `lapsed` with lapsed', () => {
    fc.assert(
      fc.property(anyDate, nearby, (due, offset) => {
        const at = new Date(midnight(due).getTime() + offset);
        const has = (kind: ReminderKind) => remindersAt(facts(due), at).some((one) => one.kind === kind);
        const status = renewalStatusAt(facts(due), at);
        expect([has('days_30'), has('due'), has('lapsed')]).toEqual([
          status !== 'active',
          status === 'past_due' || status === 'lapsed',
          status === 'lapsed',
        ]);
      }),
      generated(200),
    );
  });
});
