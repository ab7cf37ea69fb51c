// What is remembered of dates changes no date: any instant and any date, against Temporal asked anew each time.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { addDays, businessDate, oneYearAfter, startOfBusinessDate } from '../../../shared/plan/service-year.ts';
import { generated } from './seed.ts';

const zone = 'Asia/Kolkata';
const span = { min: new Date('1970-01-01'), max: new Date('2126-01-01'), noInvalidDate: true } as const;
/** Also within a millisecond of midnight in India, where a mistake would show. */
const anyInstant = fc.oneof(
  fc.date(span),
  fc
    .tuple(fc.integer({ min: 0, max: 56_000 }), fc.integer({ min: -1, max: 1 }))
    .map(([day, off]) => new Date((day + 1) * 86_400_000 - 19_800_000 + off)),
);
const anyDate = fc.date(span).map((date) => date.toISOString().slice(0, 10));

test('the date of an instant is the one on the calendar in India', () => {
  fc.assert(
    fc.property(anyInstant, (instant) => {
      const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
      const date = zoned.toPlainDate().toString();
      expect(businessDate(instant)).toBe(date);
      expect(businessDate(instant)).toBe(date);
      expect(startOfBusinessDate(date).getTime()).toBe(zoned.startOfDay().epochMilliseconds);
    }),
    generated(300),
  );
});

test('a year later and some days later are what Temporal says, also when asked again', () => {
  fc.assert(
    fc.property(anyDate, fc.integer({ min: -400, max: 400 }), (date, days) => {
      const plain = Temporal.PlainDate.from(date);
      for (let again = 0; again < 2; again += 1) {
        expect(oneYearAfter(date)).toBe(plain.add({ years: 1 }).toString());
        expect(addDays(date, days)).toBe(plain.add({ days }).toString());
      }
    }),
    generated(300),
  );
});

test('more dates than are remembered are all right', () => {
  for (let day = 0; day < 5_000; day += 1) {
    const instant = new Date(day * 86_400_000);
    expect(businessDate(instant)).toBe(instant.toISOString().slice(0, 10));
  }
});
