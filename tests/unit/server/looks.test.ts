// When a purchase is looked at, as the timetable says it: 1, 5, 15 minutes, every hour, and not after the fifth day.
import { describe, expect, test } from 'vitest';
import { firstLook, lookAfterFailure, lookTask, nextLook } from '../../../sync-server/purchase/looks.ts';

const created = new Date('2026-11-22T06:30:00.000Z');
const at = (minutes: number) => new Date(created.getTime() + minutes * 60_000);
const minutesOf = (when: Date | null) => (when === null ? null : (when.getTime() - created.getTime()) / 60_000);

/** Every look in minutes since the purchase, each made `late` minutes after it was due. */
function looksOf(knownAt: Date, late: number): (number | null)[] {
  const made: (number | null)[] = [];
  let plan = { looks: 0, at: firstLook(created, knownAt) };
  while (plan.at !== null && made.length < 500) {
    made.push(minutesOf(plan.at));
    const now = new Date(plan.at.getTime() + late * 60_000);
    plan = nextLook(created, plan.looks, plan.at, now);
  }
  return made;
}
const hours = (from: number) => Array.from({ length: 120 - from + 1 }, (_, index) => (from + index) * 60);

describe('the timetable', () => {
  test('is 1, 5, 15 minutes, then every hour to the end of day 5, the end itself too', () => {
    expect(looksOf(created, 0)).toEqual([1, 5, 15, ...hours(1)]);
  });

  test('is not moved by looks that are made late', () => {
    expect(looksOf(created, 0.5)).toEqual([1, 5, 15, ...hours(1)]);
  });

  test('begins with the order where that became known late, and goes on at the hours of the purchase', () => {
    expect(looksOf(at(90), 0)).toEqual([91, 95, 105, ...hours(2)]);
    expect(firstLook(created, at(5 * 1440 - 1))).toEqual(at(5 * 1440));
    expect(firstLook(created, at(5 * 1440))).toBeNull();
  });

  test('ends at the end even where the hours of the order are not those of the purchase', () => {
    const lastBut = nextLook(created, 3, at(119.5 * 60), at(119.5 * 60));
    expect(minutesOf(lastBut.at)).toBe(7200);
    expect(nextLook(created, 3, at(7199.5), at(7199.5)).at).toEqual(at(7200));
    expect(nextLook(created, 9, at(7200), at(7200)).at).toBeNull();
  });

  test('passes over what was missed while nobody could look: one look, and on from there', () => {
    expect(nextLook(created, 0, at(1), at(7))).toEqual({ looks: 2, at: at(15) });
    expect(nextLook(created, 0, at(1), at(150))).toEqual({ looks: 3, at: at(180) });
    expect(nextLook(created, 3, at(60), at(3000))).toEqual({ looks: 4, at: at(3060) });
    expect(nextLook(created, 3, at(60), at(9000)).at).toBeNull();
  });
});

describe('what a look is for', () => {
  test.each([
    ['awaiting_payment', null, 'ask'],
    ['cancelled', null, 'ask'],
    ['expired', null, 'ask'],
    ['paid', 'look_up', 'check_webhook'],
    ['paid', 'webhook', 'confirm'],
    ['paid', null, 'confirm'],
    ['under_review', 'look_up', 'check_webhook'],
    ['under_review', null, 'nothing'],
    ['refunded', 'webhook', 'nothing'],
  ] as const)('%s, settled by %s: %s', (state, settledBy, task) => {
    expect(lookTask({ state, settledBy })).toBe(task);
  });
});

describe('a look that was not answered', () => {
  const row = { state: 'awaiting_payment', settledBy: null, createdAt: created, closedAt: null } as const;

  test('is made again in a minute if nobody was asked, in five if it is not known', () => {
    expect(lookAfterFailure(row, 'unavailable', at(60))).toEqual(at(61));
    expect(lookAfterFailure(row, 'unknown', at(60))).toEqual(at(65));
  });

  test('is given up a day after the last look was due', () => {
    expect(lookAfterFailure(row, 'unavailable', at(6 * 1440 - 1))).toEqual(at(6 * 1440));
    expect(lookAfterFailure(row, 'unavailable', at(6 * 1440))).toBeNull();
    const paid = { ...row, state: 'paid', closedAt: at(30) } as const;
    expect(lookAfterFailure(paid, 'unknown', at(90 + 1439))).not.toBeNull();
    expect(lookAfterFailure(paid, 'unknown', at(90 + 1440))).toBeNull();
  });
});
