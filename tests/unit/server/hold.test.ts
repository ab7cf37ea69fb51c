// What may happen to a hold, against a naive model: held is the sum of what is open, and nothing is ever oversold.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainStart } from '../../../shared/ledger/chain.ts';
import { appendEntry, type LedgerHead } from '../../../sync-server/ledger/append.ts';
import {
  decideCapture,
  decideExpiry,
  decideRelease,
  type Hold,
  isOpen,
  placeHold,
} from '../../../sync-server/ledger/hold.ts';
import { sha256 } from '../../../sync-server/store/ledger.ts';
import { generated } from './seed.ts';

const start = new Date('2026-11-22T06:30:00.000Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const headOf = (balance: number, held = 0): LedgerHead => ({ seq: 7, balance, held, hash: chainStart });
const open = (amount: number, seconds = 60): Hold => ({ amount, state: 'open', expiresAt: after(seconds) });

describe('placing a hold', () => {
  test('takes all that is available and not one credit more', () => {
    expect(placeHold(headOf(100, 40), 60)).toEqual(headOf(100, 100));
    expect(placeHold(headOf(100, 40), 61)).toBeNull();
    expect(placeHold(headOf(0), 1)).toBeNull();
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 53])('of %s is a mistake of ours', (amount) => {
    expect(() => placeHold(headOf(100), amount)).toThrow('not an amount');
    expect(() => decideCapture(headOf(100, 5), open(5), amount, start)).toThrow('not an amount');
  });
});

describe('the end of a hold', () => {
  test('a capture takes the whole hold off the head, so that the entry fits and the rest is back', () => {
    const decided = decideCapture(headOf(100, 100), open(60), 25, start);
    expect(decided).toEqual({ kind: 'capture', head: headOf(100, 40) });
    expect(decideCapture(headOf(100, 100), open(60), 60, start).kind).toBe('capture');
  });

  test('more than was held is too much, and a closed hold is closed whatever is asked of it', () => {
    expect(decideCapture(headOf(100, 60), open(60), 61, start)).toEqual({ kind: 'too_much' });
    for (const state of ['captured', 'released', 'expired'] as const) {
      const closed = { ...open(60), state };
      expect(isOpen(closed, start)).toBe(false);
      for (const amount of [1, 61]) {
        expect(decideCapture(headOf(100, 60), closed, amount, start)).toEqual({ kind: 'closed' });
      }
      expect(decideRelease(headOf(100, 60), closed, start)).toBeNull();
      expect(decideExpiry(headOf(100, 60), closed, after(3600))).toBeNull();
    }
  });

  test('is decided to the millisecond: open before its time, over at it', () => {
    const hold = open(60);
    const last = new Date(hold.expiresAt.getTime() - 1);
    expect(decideCapture(headOf(100, 60), hold, 1, last).kind).toBe('capture');
    expect(decideRelease(headOf(100, 60), hold, last)).toEqual(headOf(100, 0));
    expect(decideExpiry(headOf(100, 60), hold, last)).toBeNull();
    expect(decideCapture(headOf(100, 60), hold, 1, hold.expiresAt)).toEqual({ kind: 'closed' });
    expect(decideRelease(headOf(100, 60), hold, hold.expiresAt)).toBeNull();
    expect(decideExpiry(headOf(100, 60), hold, hold.expiresAt)).toEqual(headOf(100, 0));
  });

  test('a head that holds less than an open hold is a mistake of ours', () => {
    expect(() => decideRelease(headOf(100, 59), open(60), start)).toThrow('only 59 held');
  });
});

type Step = {
  readonly what: 'place' | 'spend' | 'add' | 'capture' | 'release' | 'expire' | 'wait';
  readonly n: number;
};

describe('any sequence of places, captures, releases, expiries, spends and grants', () => {
  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom('place', 'spend', 'add', 'capture', 'release', 'expire', 'wait'),
    n: fc.integer({ min: 1, max: 200 }),
  });

  test('keeps held the sum of what is open, balance the sum of entries, and available at 0 or more', () => {
    let refused = 0;
    let ended = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
        let head = headOf(400);
        let now = start;
        let sum = 400;
        const holds: { hold: Hold; ends: number }[] = [];
        const end = (at: number, state: Hold['state'], next: LedgerHead) => {
          const one = holds[at];
          if (one === undefined) throw new Error('no such hold');
          holds[at] = { hold: { ...one.hold, state }, ends: one.ends + 1 };
          head = next;
          ended += 1;
        };
        const write = (delta: number): boolean => {
          const entry = { delta, kind: 'spend' as const, occurredAt: now, reference: null, feature: null, actor: null };
          const made = appendEntry('org_1', head, { ...entry, idempotencyKey: null }, sha256);
          if (made === null) return false;
          ({ head } = made);
          sum += delta;
          return true;
        };
        for (const { what, n } of steps) {
          const at = n % Math.max(1, holds.length);
          const hold = holds[at]?.hold;
          if (what === 'add') write(n);
          else if (what === 'wait') now = new Date(now.getTime() + n * 1000);
          else if (what === 'spend') refused += write(-n) ? 0 : 1;
          else if (what === 'place') {
            const next = placeHold(head, n);
            expect(next === null).toBe(n > head.balance - head.held);
            if (next === null) continue;
            head = next;
            holds.push({ hold: { amount: n, state: 'open', expiresAt: new Date(now.getTime() + n * 1000) }, ends: 0 });
          } else if (hold === undefined) continue;
          else if (what === 'release') {
            const next = decideRelease(head, hold, now);
            if (next !== null) end(at, 'released', next);
          } else if (what === 'expire') {
            const next = decideExpiry(head, hold, now);
            if (next !== null) end(at, 'expired', next);
          } else {
            const decided = decideCapture(head, hold, n, now);
            if (decided.kind !== 'capture') continue;
            expect(n).toBeLessThanOrEqual(hold.amount);
            end(at, 'captured', decided.head);
            expect(write(-n)).toBe(true);
          }
          const held = holds.reduce((total, one) => total + (one.hold.state === 'open' ? one.hold.amount : 0), 0);
          expect(head.held).toBe(held);
          expect(head.balance).toBe(sum);
          expect(head.balance - head.held).toBeGreaterThanOrEqual(0);
          expect(holds.every((one) => one.ends <= 1)).toBe(true);
        }
      }),
      generated(500),
    );
    expect(refused).toBeGreaterThan(50);
    expect(ended).toBeGreaterThan(50);
  });
});
