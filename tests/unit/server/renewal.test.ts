// Renewal status at the instants where it changes: one second before, at, and after; in India's calendar, in any zone of
// the machine.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  daysLeftAt,
  featuresOf,
  lapseDate,
  nextDueAfterRenewal,
  renewalStatusAt,
} from '../../../shared/plan/renewal.ts';
import {
  addDays,
  businessDate,
  businessMonth,
  daysBetween,
  oneYearAfter,
  startOfBusinessDate,
} from '../../../shared/plan/service-year.ts';
import { renewalStatus } from '../../../shared/plan/shapes.ts';
import { generated } from './seed.ts';

/** Midnight in India at the start of a date, moved by some seconds; +05:30 all year round. */
const midnight = (date: string, seconds = 0) => new Date(Date.parse(`${date}T00:00:00+05:30`) + seconds * 1000);

/** due → the dates on which due_soon, past_due and lapsed begin. */
const boundaries = [
  ['2027-11-22', '2027-10-23', '2027-12-07'],
  // Over the end of a year, both ways.
  ['2027-01-10', '2026-12-11', '2027-01-25'],
  ['2026-12-25', '2026-11-25', '2027-01-09'],
  ['2027-12-31', '2027-12-01', '2028-01-15'],
  // Over the end of the financial year.
  ['2027-03-31', '2027-03-01', '2027-04-15'],
  // Over 29 February, and a due date that would have been one.
  ['2028-03-15', '2028-02-14', '2028-03-30'],
  ['2028-02-29', '2028-01-30', '2028-03-15'],
  ['2029-02-28', '2029-01-29', '2029-03-15'],
] as const;

describe.each(boundaries)('a plan due on %s', (due, soon, lapse) => {
  const at = (instant: Date) => {
    const facts = { serviceRenewalNextDue: due };
    return `${renewalStatusAt(facts, instant)} ${daysLeftAt(facts, instant)}`;
  };

  test(`is due soon from ${soon}`, () => {
    expect([at(midnight(soon, -1)), at(midnight(soon)), at(midnight(soon, 1))]).toEqual([
      'active 31',
      'due_soon 30',
      'due_soon 30',
    ]);
  });

  test('is past due from that date, with 15 days of grace', () => {
    expect([at(midnight(due, -1)), at(midnight(due)), at(midnight(due, 1))]).toEqual([
      'due_soon 1',
      'past_due 15',
      'past_due 15',
    ]);
  });

  test(`has lapsed from ${lapse}`, () => {
    expect([at(midnight(lapse, -1)), at(midnight(lapse)), at(midnight(lapse, 1))]).toEqual([
      'past_due 1',
      'lapsed 0',
      'lapsed 0',
    ]);
    expect(lapseDate(due)).toBe(lapse);
  });
});

describe('a renewal', () => {
  test.each([
    ['2027-11-22', midnight('2027-01-01'), '2028-11-22'],
    ['2027-11-22', midnight('2027-12-07', -1), '2028-11-22'],
    ['2027-11-22', midnight('2027-12-07'), '2028-12-07'],
    ['2027-11-22', midnight('2028-02-29'), '2029-02-28'],
    ['2027-02-28', midnight('2027-02-28'), '2028-02-28'],
    ['2028-02-29', midnight('2028-02-29'), '2029-02-28'],
  ])('of %s paid at %s moves next due to %s', (due, paidAt, next) => {
    expect(nextDueAfterRenewal(due, paidAt)).toBe(next);
  });
});

describe('without a plan', () => {
  test('the status is none at any time', () => {
    expect(renewalStatusAt({ serviceRenewalNextDue: null }, midnight('2027-01-01'))).toBe('none');
    expect(daysLeftAt({ serviceRenewalNextDue: null }, midnight('2027-01-01'))).toBeNull();
  });
});

describe('the statuses', () => {
  test('are five', () => {
    expect(renewalStatus.options).toEqual(['none', 'active', 'due_soon', 'past_due', 'lapsed']);
  });
});

describe('features', () => {
  const on = (status: (typeof renewalStatus.options)[number]) =>
    Object.entries(featuresOf(status)).flatMap(([name, is]) => (is ? [name] : []));
  const kept = ['pos.core', 'billing.view', 'credits.topup', 'ai.assist'];

  test('are all on while the plan runs or is in grace; the lapse takes four and leaves four; none without a plan', () => {
    for (const status of ['active', 'due_soon', 'past_due'] as const) expect(on(status), status).toHaveLength(8);
    expect(on('lapsed')).toEqual(kept);
    expect(on('none')).toEqual([]);
  });
});

describe('dates', () => {
  test.each([
    ['2026-02-28', '2027-02-28'],
    ['2028-02-29', '2029-02-28'],
    ['2027-02-28', '2028-02-28'],
    ['2027-03-31', '2028-03-31'],
    ['2026-12-31', '2027-12-31'],
  ])('a year after %s is %s', (date, later) => {
    expect(oneYearAfter(date)).toBe(later);
  });

  test('an instant is on the date that India has then', () => {
    expect(businessDate(new Date('2026-12-31T18:29:59.999Z'))).toBe('2026-12-31');
    expect(businessDate(new Date('2026-12-31T18:30:00.000Z'))).toBe('2027-01-01');
    expect(businessMonth(new Date('2026-12-31T18:30:00.000Z'))).toBe('2027-01');
    expect(businessMonth(new Date('2027-02-28T18:29:59.999Z'))).toBe('2027-02');
  });

  test('days add up: a date begins within itself, and n days on are n days away', () => {
    const date = fc
      .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2060-01-01T00:00:00Z'), noInvalidDate: true })
      .map(businessDate);
    fc.assert(
      fc.property(date, fc.integer({ min: -800, max: 800 }), (from, days) => {
        const to = addDays(from, days);
        expect(daysBetween(from, to)).toBe(days);
        expect(businessDate(startOfBusinessDate(to))).toBe(to);
        expect(businessDate(new Date(startOfBusinessDate(to).getTime() - 1))).toBe(addDays(to, -1));
      }),
      generated(200),
    );
  });
});

describe('the zone that the machine stands in', () => {
  const program = `
    import { renewalStatusAt, daysLeftAt, nextDueAfterRenewal } from './renewal.ts';
    import { businessDate, businessMonth, startOfBusinessDate, oneYearAfter, daysBetween } from './service-year.ts';
    const facts = { serviceRenewalNextDue: '2027-11-22' };
    const answers = [];
    for (const text of ['2027-10-22T18:29:59.999Z', '2027-10-22T18:30:00.000Z', '2027-11-21T18:30:00.000Z', '2027-12-06T18:30:00.000Z', '2028-02-28T20:00:00.000Z', '2027-03-14T09:59:59.000Z', '2027-11-07T08:30:00.000Z']) {
      const at = new Date(text);
      answers.push([renewalStatusAt(facts, at), daysLeftAt(facts, at), nextDueAfterRenewal('2027-11-22', at), businessDate(at), businessMonth(at)]);
    }
    answers.push([startOfBusinessDate('2027-03-14').toISOString(), oneYearAfter('2028-02-29'), daysBetween('2027-03-01', '2027-04-01')]);
    console.log(JSON.stringify([new Date(2027, 0, 1).getTimezoneOffset(), answers]));`;
  const ask = (zone: string) => {
    const options = {
      cwd: fileURLToPath(new URL('../../../shared/plan', import.meta.url)),
      env: { PATH: process.env.PATH, TZ: zone },
      encoding: 'utf8',
    } as const;
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], options);
    const [offset, answers] = JSON.parse(printed) as [number, unknown];
    return { offset, answers };
  };

  test('changes nothing: Los Angeles, Kolkata and Kiritimati say the same', () => {
    const [west, here, east] = ['America/Los_Angeles', 'Asia/Kolkata', 'Pacific/Kiritimati'].map(ask);
    expect([west?.offset, here?.offset, east?.offset]).toEqual([480, -330, -840]);
    expect(west?.answers).toEqual(here?.answers);
    expect(east?.answers).toEqual(here?.answers);
    expect(JSON.stringify(here?.answers)).toContain('"due_soon",30');
  });
});
