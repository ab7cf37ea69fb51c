import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataAge, serverNow } from '../../../renderer/store/clock.ts';
import { makeFormat } from '../../../renderer/text/format.ts';
import { typical } from '../../fakes/played-scenarios.ts';

const format = makeFormat('en-IN');

describe('money', () => {
  test('is rupees in Indian groups, paise only where there are any', () => {
    expect(format.rupees(1_500_000)).toBe('₹15,000');
    expect(format.rupees(38_136)).toBe('₹381.36');
    expect(format.rupees(12_345_678_905)).toBe('₹12,34,56,789.05');
    expect(format.rupees(0)).toBe('₹0');
  });
  test('loses no paisa at any amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (paise) => {
        const [rupees = '', rest = '00'] = format.rupees(paise).replace(/[₹,]/g, '').split('.');
        expect(BigInt(rupees + rest)).toBe(BigInt(paise));
      }),
    );
  });
  test('refuses what is no amount', () => {
    expect(() => format.rupees(0.5)).toThrow();
    expect(() => format.rupees(Number.NaN)).toThrow();
  });
});

describe('numbers, dates and ages', () => {
  test('credits have their sign and Indian groups', () => {
    expect(format.signed(150_000)).toBe('+1,50,000');
    expect(format.signed(-1_200)).toBe('−1,200');
    expect(format.number(11_11_11_111)).toBe('11,11,11,111');
  });
  test('instants are shown in Asia/Kolkata, also across midnight', () => {
    expect(format.date('2026-11-22T18:30:00.000Z')).toBe('23 Nov 2026');
    expect(format.dateTime('2026-11-22T10:35:00.000Z')).toBe('22 Nov 2026, 4:05 pm');
    expect(format.calendarDate('2027-03-12')).toBe('12 Mar 2027');
  });
  test('a time of today has no date, any other has', () => {
    const now = Date.parse('2026-11-22T18:00:00.000Z');
    expect(format.timeSeen('2026-11-22T10:35:00.000Z', now)).toBe('4:05 pm');
    expect(format.timeSeen('2026-11-21T10:35:00.000Z', now)).toBe('21 Nov, 4:05 pm');
  });
  test('an age is told in its largest whole unit', () => {
    expect([59, 60, 3_599, 3_600, 172_800].map(format.ago)).toEqual([
      null,
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '2 days ago',
    ]);
    expect(format.countdown(545)).toBe('9:05');
  });
  test('a month is a name, anything else is none', () => {
    expect(format.month('2026-11')).toBe('November 2026');
    expect(format.month('2026-13')).toBeNull();
    expect(format.month(null)).toBeNull();
  });
});

describe('the clock of the PC does not matter', () => {
  const { sync } = typical().overview;
  const clock = { wall: () => 0, monotonic: () => 65_000 };
  test('ages grow on the monotonic clock from what the counter said', () => {
    expect(dataAge(sync, 5_000, clock)).toBe(130 + 60);
    expect(dataAge({ ...sync, ageSeconds: null }, 5_000, clock)).toBeNull();
  });
  test('the time now is the server’s plus what has passed; the PC’s only before the first contact', () => {
    expect(serverNow(sync, 5_000, clock)).toBe(Date.parse('2026-11-22T10:35:00.000Z') + 190_000);
    expect(serverNow({ ...sync, verifiedAt: null }, 5_000, clock)).toBe(0);
  });
});
