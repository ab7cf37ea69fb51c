// When credits run out: told from whole days of use, and not told where there is too little to say.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ForecastFacts, forecastOf } from '../../../shared/plan/forecast.ts';
import { addDays, daysBetween } from '../../../shared/plan/service-year.ts';
import { generated } from './seed.ts';

const today = '2026-11-22';
const usedOn = (days: number, each: number, from = 1) =>
  new Map(Array.from({ length: days }, (_, at) => [addDays(today, -from - at), each]));
const facts = (change: Partial<ForecastFacts>): ForecastFacts => ({
  available: 10_000,
  today,
  spent: usedOn(30, 1_000),
  since: '2026-01-01',
  monthlyGrant: 0,
  grantsEnd: null,
  ...change,
});

describe('what is said', () => {
  test.each<[string, Partial<ForecastFacts>, object]>([
    ['ten days of use left are ten days', {}, { kind: 'runs_out', on: '2026-12-02', perDay: 1_000 }],
    [
      'the last credit is used on the day that it is used up',
      { available: 9_001 },
      { kind: 'runs_out', on: '2026-12-02' },
    ],
    ['days without use count', { spent: usedOn(15, 1_000) }, { kind: 'runs_out', on: '2026-12-12', perDay: 500 }],
    ['a pace is rounded up', { spent: usedOn(4, 1), available: 1 }, { kind: 'runs_out', on: '2026-11-30', perDay: 1 }],
    [
      'what was used today is not over yet',
      { spent: new Map([...usedOn(30, 1_000), [today, 90_000]]) },
      { on: '2026-12-02' },
    ],
    [
      'what was used before the last 30 days is past',
      { spent: new Map([...usedOn(30, 1_000), ...usedOn(9, 90_000, 31)]) },
      { on: '2026-12-02' },
    ],
    [
      'a young ledger is measured by its own days',
      { since: '2026-11-12', spent: usedOn(10, 1_000) },
      { on: '2026-12-02', perDay: 1_000 },
    ],
    ['the credits of the 1st are counted', { available: 9_500, monthlyGrant: 5_000 }, { on: '2026-12-07' }],
    [
      'and not from the day on which they end',
      { available: 9_500, monthlyGrant: 5_000, grantsEnd: '2026-12-01' },
      { on: '2026-12-02' },
    ],
    [
      'they come before that day',
      { available: 9_500, monthlyGrant: 5_000, grantsEnd: '2026-12-02' },
      { on: '2026-12-07' },
    ],
    ['credits that outlast a year last', { available: 366_000 }, { kind: 'lasts', until: '2027-11-22', perDay: 1_000 }],
    ['credits that come as fast as they go last', { available: 40_000, monthlyGrant: 50_000 }, { kind: 'lasts' }],
  ])('%s', (_, change, said) => {
    expect(forecastOf(facts(change))).toMatchObject(said);
  });

  test.each<[string, Partial<ForecastFacts>]>([
    ['nothing was used', { spent: new Map() }],
    ['only two days had any use', { spent: usedOn(2, 5_000) }],
    ['the ledger is six days old', { since: '2026-11-16', spent: usedOn(6, 1_000) }],
    ['the ledger begins today', { since: today }],
    ['there is no ledger', { since: null }],
    ['nothing is left and there is no ledger', { available: 0, since: null }],
    ['all use was today', { spent: new Map([[today, 50_000]]) }],
  ])('nothing while %s', (_, change) => {
    expect(forecastOf(facts(change))).toEqual({ kind: 'unknown' });
  });

  test.each([0, -1])('with %i credits nothing is left, however little is known of their use', (available) => {
    expect(forecastOf(facts({ available }))).toEqual({ kind: 'used_up' });
    expect(forecastOf(facts({ available, spent: new Map() }))).toEqual({ kind: 'used_up' });
  });
});

describe('whatever was used', () => {
  const some = fc.record({
    available: fc.integer({ min: 1, max: 500_000 }),
    uses: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 30, maxLength: 30 }),
    monthlyGrant: fc.constantFrom(0, 50_000),
    grantsEnd: fc.option(fc.integer({ min: 1, max: 400 }), { nil: null }),
  });
  const said = ({
    available,
    uses,
    monthlyGrant,
    grantsEnd,
  }: {
    available: number;
    uses: number[];
    monthlyGrant: number;
    grantsEnd: number | null;
  }) =>
    forecastOf(
      facts({
        available,
        spent: new Map(uses.map((spent, at) => [addDays(today, -1 - at), spent])),
        monthlyGrant,
        grantsEnd: grantsEnd === null ? null : addDays(today, grantsEnd),
      }),
    );
  const dayOf = (forecast: ReturnType<typeof forecastOf>) =>
    forecast.kind === 'runs_out' ? daysBetween(today, forecast.on) : forecast.kind === 'lasts' ? 366 : null;

  test('the day lies ahead within a year, and more credits never bring it nearer', () => {
    fc.assert(
      fc.property(some, fc.nat(100_000), (use, more) => {
        const [day, later] = [dayOf(said(use)), dayOf(said({ ...use, available: use.available + more }))];
        if (day === null || later === null) return expect(later).toBe(day);
        expect(day).toBeGreaterThan(0);
        expect(day).toBeLessThanOrEqual(366);
        expect(later).toBeGreaterThanOrEqual(day);
      }),
      generated(300),
    );
  });
  test('on that day the pace has taken all that there is, and on the day before it has not', () => {
    fc.assert(
      fc.property(some, (use) => {
        const forecast = said({ ...use, monthlyGrant: 0 });
        if (forecast.kind !== 'runs_out') return;
        const total = use.uses.reduce((sum, one) => sum + one, 0);
        const ahead = daysBetween(today, forecast.on);
        expect(total * ahead).toBeGreaterThanOrEqual(use.available * 30);
        expect(total * (ahead - 1)).toBeLessThan(use.available * 30);
      }),
      generated(300),
    );
  });
});
