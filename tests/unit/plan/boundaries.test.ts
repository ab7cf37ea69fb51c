// Status, days left, features, due dates and lapses at every boundary instant: one second before, at, and after; the same
// in whatever time zone the process stands.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { featuresOf } from '../../../shared/plan/renewal.ts';
import type { RenewalStatus } from '../../../shared/plan/shapes.ts';
import { expected, given, type Lines } from './answers.ts';

const program = fileURLToPath(new URL('./answers.ts', import.meta.url));

describe('by the calendar', () => {
  test.each([
    ['due', 'status and days left change at midnight in India and at no other second'],
    ['lapse', 'the lapse begins 15 days after the due date'],
    ['plan', 'the first service year ends a year after the date of the payment'],
    ['renewal', 'a renewal adds a year to the due date, after a lapse to the date of the payment'],
    ['life', 'renewal follows renewal'],
    ['date', 'an instant is on the date and in the month that India has then'],
    ['start', 'a date begins at midnight in India'],
  ] as const)('%s: %s', (which, _rule) => {
    expect(given()[which]).toEqual(expected()[which]);
  });
});

describe('features', () => {
  const all = {
    'pos.core': true,
    'billing.view': true,
    'credits.topup': true,
    'ai.assist': true,
    'ai.batch': true,
    'app.updates': true,
    'support.priority': true,
    'credits.monthly_grant': true,
  };
  const lapsed = {
    'pos.core': true,
    'billing.view': true,
    'credits.topup': true,
    'ai.assist': true,
    'ai.batch': false,
    'app.updates': false,
    'support.priority': false,
    'credits.monthly_grant': false,
  };
  const none = {
    'pos.core': false,
    'billing.view': false,
    'credits.topup': false,
    'ai.assist': false,
    'ai.batch': false,
    'app.updates': false,
    'support.priority': false,
    'credits.monthly_grant': false,
  };
  const table: readonly (readonly [RenewalStatus, Readonly<Record<string, boolean>>])[] = [
    ['none', none],
    ['active', all],
    ['due_soon', all],
    ['past_due', all],
    ['lapsed', lapsed],
  ];

  test.each(table)('in %s are exactly these', (status, features) => {
    expect(featuresOf(status)).toEqual(features);
  });
});

describe('the zone that the process stands in', () => {
  // Minutes behind UTC on 1 January 2027, as JavaScript counts them.
  const zones = [
    ['Asia/Kolkata', -330],
    ['UTC', 0],
    ['America/Los_Angeles', 480],
    ['America/St_Johns', 210],
    ['Europe/London', 0],
    ['Asia/Kathmandu', -345],
    ['Australia/Lord_Howe', -660],
    ['Pacific/Kiritimati', -840],
    ['Pacific/Pago_Pago', 660],
  ] as const;

  test.each(zones)(
    'is %s, and every answer is as in India',
    async (zone, offset) => {
      const { stdout } = await promisify(execFile)(process.execPath, [program], {
        env: { PATH: process.env.PATH, TZ: zone },
      });
      const answered = JSON.parse(stdout) as { offset: number; lines: Lines };
      expect(answered.offset).toBe(offset);
      expect(answered.lines).toEqual(expected());
    },
    60_000,
  );
});
