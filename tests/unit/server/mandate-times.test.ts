// When a mandate is charged first, how long a purchase waits for it, and when the provider is asked again.
import { describe, expect, test } from 'vitest';
import { firstChargeAt, nextLookAt, paysPaidYear, waitsUntil } from '../../../sync-server/purchase/mandate-times.ts';

const at = (text: string) => new Date(text);
const hours = (from: Date, to: Date | null) => (to === null ? null : (to.getTime() - from.getTime()) / 3_600_000);

describe('the first charge', () => {
  test.each([
    ['a year ahead', '2026-11-22T06:30:00Z', '2027-11-21T18:30:00.000Z'],
    ['two days and a millisecond ahead', '2027-11-19T18:29:59.999Z', '2027-11-21T18:30:00.000Z'],
    ['exactly two days ahead: at once', '2027-11-19T18:30:00Z', null],
    ['on the day: at once', '2027-11-22T00:00:00Z', null],
    ['overdue: at once', '2028-02-01T00:00:00Z', null],
  ])('is when next due begins in India; %s', (_what, now, first) => {
    expect(firstChargeAt('2027-11-22', at(now))?.toISOString() ?? null).toBe(first);
  });
});

test('a purchase waits for its charge until 18 days after next due begins', () => {
  expect(waitsUntil('2027-11-22').toISOString()).toBe('2027-12-09T18:30:00.000Z');
});

test('a charge more than half a year before next due finds its year paid', () => {
  expect(paysPaidYear('2027-11-22', '2028-11-22')).toBe(true);
  expect(paysPaidYear('2028-05-22', '2028-11-22')).toBe(true);
  expect(paysPaidYear('2028-05-23', '2028-11-22')).toBe(false);
  expect(paysPaidYear('2028-11-22', '2028-11-22')).toBe(false);
  expect(paysPaidYear('2029-01-01', '2028-11-22')).toBe(false);
  expect(paysPaidYear('2028-11-22', null)).toBe(true);
});

describe('the next look', () => {
  const created = at('2026-11-22T06:30:00Z');
  const facts = { createdAt: created, firstChargeAt: at('2027-11-21T18:30:00Z'), nextDue: '2027-11-22' };
  const gap = (status: Parameters<typeof nextLookAt>[0]['status'], now: string) =>
    hours(at(now), nextLookAt({ ...facts, status }, at(now)));

  test('comes hourly for a day while nobody has agreed, then daily', () => {
    for (const status of ['requested', 'created'] as const) {
      expect(gap(status, '2026-11-22T06:30:00Z')).toBe(1);
      expect(gap(status, '2026-11-23T06:29:59.999Z')).toBe(1);
      expect(gap(status, '2026-11-23T06:30:00Z')).toBe(24);
    }
  });

  test.each(['authenticated', 'active', 'pending', 'halted', 'paused'] as const)(
    '%s: daily, hourly for three days around a charge, and never past their beginning',
    (status) => {
      expect(gap(status, '2027-03-01T00:00:00Z')).toBe(24);
      expect(gap(status, '2027-11-20T08:30:00Z')).toBe(10);
      expect(gap(status, '2027-11-20T18:30:00Z')).toBe(1);
      expect(gap(status, '2027-11-23T18:29:59.999Z')).toBe(1);
      expect(gap(status, '2027-11-23T18:30:00Z')).toBe(24);
    },
  );

  test('comes hourly around every later year’s charge as well', () => {
    const later = { ...facts, nextDue: '2029-11-22', status: 'active' } as const;
    expect(hours(at('2029-11-22T00:00:00Z'), nextLookAt(later, at('2029-11-22T00:00:00Z')))).toBe(1);
  });

  test('comes hourly after an agreement that is charged at once', () => {
    const now = at('2026-11-22T07:30:00Z');
    expect(hours(now, nextLookAt({ ...facts, firstChargeAt: null, status: 'authenticated' }, now))).toBe(1);
  });

  test('comes never once it is over', () => {
    for (const status of ['cancelled', 'completed', 'expired'] as const)
      expect(gap(status, '2027-03-01T00:00:00Z')).toBeNull();
  });
});
