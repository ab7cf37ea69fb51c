// Which months are owed a grant: at the boundary instants, over lapses and refunds, and as properties of any history.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  grantMonths,
  grantMonthsToGive,
  grantOf,
  monthAfter,
  nextDueAt,
  nextMonthStart,
  type PaidYear,
  startOfMonth,
} from '../../../shared/plan/grant-months.ts';
import { nextDueAfterRenewal, renewalStatusAt } from '../../../shared/plan/renewal.ts';
import { businessDate, businessMonth, oneYearAfter } from '../../../shared/plan/service-year.ts';
import { generated } from './seed.ts';

/** An instant by the clock on the wall in India. */
const india = (text: string, seconds = 0) => new Date(Date.parse(`${text}+05:30`) + seconds * 1000);
const midnight = (date: string, seconds = 0) => india(`${date}T00:00:00`, seconds);
const plan = (paidAt: Date, endedAt: Date | null = null): PaidYear => ({
  sku: 'plan.pharmapulse-one',
  paidAt,
  endedAt,
});
const renewal = (paidAt: Date, endedAt: Date | null = null): PaidYear => ({ sku: 'renewal.year', paidAt, endedAt });
const months = (history: readonly PaidYear[], instant: Date) => grantMonths(history, instant).map(({ month }) => month);
const given = (history: readonly PaidYear[], instant: Date) =>
  grantMonthsToGive(history, instant).map(({ month }) => month);

describe('the first grant', () => {
  test.each([
    ['at the last instant of a month', india('2026-11-30T23:59:59.999'), '2026-11'],
    ['at the first instant of a month', midnight('2026-12-01'), '2026-12'],
    ['one second after it', midnight('2026-12-01', 1), '2026-12'],
    ['late on the last evening by UTC', new Date('2026-11-30T18:29:59.999Z'), '2026-11'],
    ['at midnight in India, still the month before by UTC', new Date('2026-11-30T18:30:00.000Z'), '2026-12'],
    ['on a leap day', india('2028-02-29T12:00:00'), '2028-02'],
  ])('is for the month of purchase: %s', (_when, paidAt, month) => {
    expect(grantMonths([plan(paidAt)], paidAt)).toEqual([{ month, at: paidAt }]);
    expect(grantMonths([plan(paidAt)], new Date(paidAt.getTime() - 1))).toEqual([]);
  });
});

describe('a month begins', () => {
  const history = [plan(india('2026-11-22T10:00:00'))];
  test.each([
    ['2026-12-01', '2026-12'],
    ['2027-01-01', '2027-01'],
    ['2027-03-01', '2027-03'],
    ['2027-04-01', '2027-04'],
  ])('at midnight of %s, and not a second earlier', (date, month) => {
    expect(months(history, midnight(date, -1))).not.toContain(month);
    expect(grantMonths(history, midnight(date)).at(-1)).toEqual({ month, at: midnight(date) });
    expect(months(history, midnight(date, 1)).at(-1)).toBe(month);
  });

  test('once each, all of them after an outage of 400 days, until the lapse', () => {
    expect(months(history, midnight('2027-12-27'))).toEqual([
      ...['2026-11', '2026-12', '2027-01', '2027-02', '2027-03', '2027-04', '2027-05', '2027-06', '2027-07'],
      ...['2027-08', '2027-09', '2027-10', '2027-11', '2027-12'],
    ]);
    expect(months(history, midnight('2029-01-01')).at(-1)).toBe('2027-12');
  });
});

/** Paid so that the lapse begins on a date around the first of a month: due is 15 days before it. */
describe('a lapse', () => {
  test.each([
    ['begins a day after the first: the grant comes', '2027-01-18', '2028-02-02', true],
    ['begins with the first: no grant', '2027-01-17', '2028-02-01', false],
    ['began the day before: no grant', '2027-01-16', '2028-01-31', false],
  ])('%s', (_case, bought, lapse, comes) => {
    const history = [plan(india(`${bought}T15:00:00`))];
    const due = nextDueAt(history, midnight('2028-02-01')) ?? '';
    expect(renewalStatusAt({ serviceRenewalNextDue: due }, midnight(lapse))).toBe('lapsed');
    expect(renewalStatusAt({ serviceRenewalNextDue: due }, midnight(lapse, -1))).toBe('past_due');
    expect(months(history, midnight('2028-02-01', 1)).includes('2028-02')).toBe(comes);
  });

  const bought = plan(india('2026-11-22T10:00:00'));
  test('that ends with a renewal gives the month of the payment at once, and none of those between', () => {
    const paidAt = india('2028-03-20T09:00:00');
    const history = [bought, renewal(paidAt)];
    expect(months(history, new Date(paidAt.getTime() - 1)).at(-1)).toBe('2027-12');
    expect(grantMonths(history, paidAt).slice(-2)).toEqual([
      { month: '2027-12', at: midnight('2027-12-01') },
      { month: '2028-03', at: paidAt },
    ]);
    expect(months(history, midnight('2028-04-01')).slice(-2)).toEqual(['2028-03', '2028-04']);
  });

  test('within a month that had its grant brings no second one', () => {
    const history = [bought, renewal(india('2027-12-20T09:00:00'))];
    expect(grantMonths(history, midnight('2027-12-31')).filter(({ month }) => month === '2027-12')).toEqual([
      { month: '2027-12', at: midnight('2027-12-01') },
    ]);
  });

  test.each([
    [
      'a second before the first of a month: that month at its start',
      midnight('2028-02-01', -1),
      ['2028-01', '2028-02'],
    ],
    ['at the first instant of a month: that month alone', midnight('2028-02-01'), ['2028-02']],
    ['a second after it: that month, at the payment', midnight('2028-02-01', 1), ['2028-02']],
  ])('ends %s', (_when, paidAt, expected) => {
    const history = [bought, renewal(paidAt)];
    expect(months(history, midnight('2028-02-15')).filter((month) => month > '2027-12')).toEqual(expected);
  });
});

test('a renewal in time, or in the grace, leaves no month out', () => {
  for (const paidAt of [india('2027-06-01T10:00:00'), midnight('2027-12-07', -1)]) {
    const history = [plan(india('2026-11-22T10:00:00')), renewal(paidAt)];
    expect(months(history, midnight('2028-11-30')).length).toBe(25);
    expect(nextDueAt(history, midnight('2028-01-01'))).toBe('2028-11-22');
  }
});

test('a renewal of the very second of the plan counts, in whatever order they are told', () => {
  const paidAt = midnight('2026-11-22', 12);
  const years = [plan(paidAt), renewal(paidAt), renewal(paidAt)];
  for (const told of [years, years.toReversed(), [renewal(paidAt), plan(paidAt), renewal(paidAt)]]) {
    expect(nextDueAt(told, paidAt)).toBe('2029-11-22');
    expect(grantOf(told, '2029-11')).toEqual({ month: '2029-11', at: midnight('2029-11-01') });
  }
});

describe('money that went back', () => {
  const paidAt = india('2026-11-22T10:00:00');
  test('ends the grants at its instant: one second before, at and after the first of a month', () => {
    for (const [seconds, last] of [
      [-1, '2027-01'],
      [0, '2027-01'],
      [1, '2027-02'],
    ] as const) {
      const ended = midnight('2027-02-01', seconds);
      expect(months([plan(paidAt, ended)], midnight('2027-06-01')).at(-1)).toBe(last);
    }
  });

  test('leaves nothing to catch up for', () => {
    const history = [plan(paidAt, india('2027-02-10T10:00:00'))];
    expect(given(history, india('2027-02-10T09:59:59'))).toContain('2027-02');
    expect(given(history, india('2027-02-10T10:00:00'))).toEqual([]);
  });

  test('of a renewal takes its year away: from then on the months count by what is left', () => {
    const history = [plan(paidAt), renewal(india('2027-11-20T10:00:00'), india('2028-03-10T10:00:00'))];
    expect(months(history, midnight('2028-06-01')).at(-1)).toBe('2028-03');
    expect(given(history, midnight('2028-06-01')).at(-1)).toBe('2027-12');
  });

  test('and a plan bought again begins again', () => {
    const history = [plan(paidAt, india('2027-02-10T10:00:00')), plan(india('2027-05-05T10:00:00'))];
    expect(months(history, midnight('2027-06-01'))).toEqual([
      ...['2026-11', '2026-12', '2027-01', '2027-02', '2027-05', '2027-06'],
    ]);
    expect(given(history, midnight('2027-06-01'))).toEqual(['2027-05', '2027-06']);
  });
});

test('without a plan nothing is owed, whatever else was paid', () => {
  expect(months([renewal(midnight('2027-01-01'))], midnight('2028-01-01'))).toEqual([]);
});

test('months follow each other over the ends of years', () => {
  expect(['2026-12', '2027-01', '2028-01', '2028-02'].map(monthAfter)).toEqual([
    ...['2027-01', '2027-02', '2028-02', '2028-03'],
  ]);
  expect(nextMonthStart(midnight('2027-02-01', -1))).toEqual(midnight('2027-02-01'));
  expect(nextMonthStart(midnight('2027-02-01'))).toEqual(midnight('2027-03-01'));
  expect(startOfMonth('2028-03')).toEqual(midnight('2028-03-01'));
});

/** A plan and renewals at any distances from one another, early, in the grace and long after the lapse. */
const anyHistory = fc
  .tuple(
    fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
    fc.array(fc.integer({ min: 60_000, max: 700 * 86_400_000 }), { maxLength: 4 }),
  )
  .map(([first, gaps]) => {
    const history = [plan(first)];
    let at = first.getTime();
    for (const gap of gaps) {
      at += gap;
      history.push(renewal(new Date(at)));
    }
    return history;
  });

describe('for any history', () => {
  /** The rule in the handbook's words, day by day and without the code under test. */
  function byTheRule(history: readonly PaidYear[], until: Date): string[] {
    const found = new Set<string>();
    let due: string | null = null;
    const year = (at: Date) => {
      const lapsed = due !== null && renewalStatusAt({ serviceRenewalNextDue: due }, at) === 'lapsed';
      if (due === null || lapsed) found.add(businessMonth(at));
      due = due === null ? oneYearAfter(businessDate(at)) : nextDueAfterRenewal(due, at);
    };
    const events = [
      ...history.map(({ paidAt }) => ({ at: paidAt, run: () => year(paidAt) })),
      ...Array.from({ length: 12 * (until.getUTCFullYear() - 2022) }, (_, month) => {
        const name = `${2024 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
        const run = () => {
          const status = renewalStatusAt({ serviceRenewalNextDue: due }, midnight(`${name}-01`));
          if (status !== 'none' && status !== 'lapsed') found.add(name);
        };
        return { at: midnight(`${name}-01`), run };
      }),
    ];
    for (const { run } of events.toSorted((a, b) => a.at.getTime() - b.at.getTime()).filter(({ at }) => at <= until)) {
      run();
    }
    return [...found].sort();
  }

  test('the months are those of the rule', () => {
    fc.assert(
      fc.property(anyHistory, fc.integer({ min: 0, max: 2_500 }), (history, days) => {
        const until = new Date((history[0]?.paidAt.getTime() ?? 0) + days * 86_400_000);
        const paid = history.filter(({ paidAt }) => paidAt <= until);
        expect(months(paid, until)).toEqual(byTheRule(paid, until));
      }),
      generated(60),
    );
  });

  test('what was owed at one time stays owed, one a month, and each in its own month', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(1_500), fc.nat(1_500), (history, first, more) => {
        const start = history[0]?.paidAt.getTime() ?? 0;
        const early = grantMonths(history, new Date(start + first * 86_400_000));
        const late = grantMonths(history, new Date(start + (first + more) * 86_400_000));
        expect(late.slice(0, early.length)).toEqual(early);
        expect(new Set(late.map(({ month }) => month)).size).toBe(late.length);
        for (const { month, at } of late) {
          expect(businessMonth(at)).toBe(month);
          expect(grantOf(history, month)).toEqual({ month, at });
        }
      }),
      generated(60),
    );
  });
});
