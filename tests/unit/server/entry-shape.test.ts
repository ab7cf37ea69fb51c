// What is taken for a ledger entry: the shape that server, wire and mirror share, at its edges.
import { describe, expect, test } from 'vitest';
import {
  amount,
  balance,
  calendarDate,
  entry,
  entryKind,
  feedEntry,
  instant,
  signedAmount,
} from '../../../shared/ledger/entry.ts';

const largest = 1_000_000_000_000;
const right = {
  seq: 1,
  delta: 50_000,
  balanceAfter: 50_000,
  kind: 'monthly_grant',
  reference: null,
  idempotencyKey: null,
  actor: null,
  feature: null,
  occurredAt: '2026-11-22T06:30:00.000Z',
  createdAt: '2026-11-22T06:30:00.001Z',
  hash: '0123456789abcdef'.repeat(4),
};
const takes = (change: object) => entry.safeParse({ ...right, ...change }).success;

describe('an entry', () => {
  test('is taken as it is, with nothing but what belongs to it', () => {
    expect(entry.parse({ ...right, of: 'another server' })).toEqual(right);
    const named = { reference: 'r', idempotencyKey: 'k', actor: 'dev_1', feature: 'ai.assist' };
    expect(entry.parse({ ...right, ...named })).toEqual({ ...right, ...named });
    for (const field of Object.keys(right)) expect(takes({ [field]: undefined }), field).toBe(false);
  });

  test('is numbered from 1', () => {
    expect([0, 1, 1.5].map((seq) => takes({ seq }))).toEqual([false, true, false]);
  });

  test('never leaves a balance below 0', () => {
    expect([-1, 0, 0.5].map((balanceAfter) => takes({ balanceAfter }))).toEqual([false, true, false]);
  });

  test('has a hash of 64 small hex digits', () => {
    const { hash } = right;
    for (const bad of [`${hash}0`, hash.slice(1), hash.toUpperCase(), ` ${hash.slice(1)}`, `g${hash.slice(1)}`]) {
      expect(takes({ hash: bad }), bad).toBe(false);
    }
    expect(takes({ hash: 'x'.repeat(3) + hash })).toBe(false);
    expect(takes({ hash: `${hash}xyz` })).toBe(false);
  });

  test('is of one of five kinds; from a feed, of any kind that has a name of 1 to 64 characters', () => {
    expect(entryKind.options).toEqual(['monthly_grant', 'topup', 'spend', 'reversal', 'adjustment']);
    for (const kind of entryKind.options) expect(takes({ kind }), kind).toBe(true);
    expect(takes({ kind: 'gift' })).toBe(false);
    const fed = (kind: string) => feedEntry.safeParse({ ...right, kind }).success;
    expect(['', 'g', 'g'.repeat(64), 'g'.repeat(65)].map(fed)).toEqual([false, true, true, false]);
    expect(feedEntry.safeParse({ ...right, seq: 0, kind: 'gift' }).success).toBe(false);
    expect(feedEntry.parse({ ...right, kind: 'gift' })).toEqual({ ...right, kind: 'gift' });
  });
});

describe('amounts', () => {
  const taken = (shape: typeof amount, values: readonly number[]) =>
    values.filter((one) => shape.safeParse(one).success);

  test('are whole, from 1 to the largest', () => {
    expect(taken(amount, [-1, 0, 1, 1.5, largest, largest + 1])).toEqual([1, largest]);
  });
  test('with a sign go as far both ways', () => {
    const asked = [-largest - 1, -largest, 0, 0.5, largest, largest + 1];
    expect(taken(signedAmount, asked)).toEqual([-largest, 0, largest]);
  });
  test('of a balance begin at 0', () => {
    expect(taken(balance, [-1, 0, 0.5, largest * 2])).toEqual([0, largest * 2]);
  });
});

describe('times', () => {
  test('are instants in UTC to the millisecond, and nothing around them', () => {
    expect(instant.safeParse('2026-11-22T09:30:00.123Z').success).toBe(true);
    for (const bad of [
      '2026-11-22T09:30:00Z',
      '2026-11-22T09:30:00.123',
      '2026-11-22T09:30:00.1Z',
      '2026-11-22T09:30:00.1234Z',
      '2026-11-22T09:30:00.123+05:30',
      '2026-11-22 09:30:00.123Z',
      '2026-11-22T9:30:00.123Z',
      '2026-11-22T09:3:00.123Z',
      '2026-11-22T09:30:0.123Z',
      '226-11-22T09:30:00.123Z',
      '2026-1-22T09:30:00.123Z',
      '2026-11-2T09:30:00.123Z',
      '2026-11-22T09:30:00x123Z',
      'abcd-11-22T09:30:00.123Z',
      '2026-ab-22T09:30:00.123Z',
      '2026-11-abT09:30:00.123Z',
      '2026-11-22Tab:30:00.123Z',
      '2026-11-22T09:ab:00.123Z',
      '2026-11-22T09:30:ab.123Z',
      '2026-11-22T09:30:00.abcZ',
      ' 2026-11-22T09:30:00.123Z',
      '2026-11-22T09:30:00.123Z\n',
    ]) {
      expect(instant.safeParse(bad).success, bad).toBe(false);
    }
  });
  test('of a day are days that there are', () => {
    expect(
      ['2028-02-29', '2027-02-29', '2027-2-1', '2027-02-01T00:00:00Z'].map(
        (day) => calendarDate.safeParse(day).success,
      ),
    ).toEqual([true, false, false, false]);
  });
});
