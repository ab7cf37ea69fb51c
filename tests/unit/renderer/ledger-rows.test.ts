// Rows of a long ledger on the screen: asked for where the user looks, kept under their numbers, never mixed with those of
// another question.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeChannel } from '../../../renderer/store/channel.ts';
import { makeCounter } from '../../../renderer/store/counter.ts';
import { type LedgerRows, missingIn, pieceSize, rowAt, withWindow } from '../../../renderer/store/ledger-rows.ts';
import type { LedgerWindow } from '../../../shared/contract/ledger-views.ts';
import { wholeLedger } from '../../../shared/contract/whole-ledger.ts';
import { ledgerOf } from '../../fakes/played-ledger.ts';
import { fakeBridge, fetched, settled } from './fake-bridge.ts';

const seed = 20261122;
const all = ledgerOf(1_000).reverse();
/** As the counter answers while it holds the first `total` entries. */
function windowOf(total: number, first: number, count: number): LedgerWindow {
  return { entries: all.slice(0, total).slice(first - 1, first - 1 + count), first, total, held: total };
}
const newest = (total: number) => windowOf(total, Math.max(1, total - pieceSize + 1), pieceSize);

describe('rows put together', () => {
  test('a row is the entry of its number or it is missing, in whatever order windows come', () => {
    const step = fc.record({
      grow: fc.nat(30),
      first: fc.integer({ min: 1, max: 1_000 }),
      count: fc.integer({ min: 1, max: 200 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.array(step, { maxLength: 12 }), (begun, steps) => {
        let total = begun;
        let rows: LedgerRows = withWindow(null, newest(total));
        for (const { grow, first, count } of steps) {
          total = Math.min(1_000, total + grow);
          rows = withWindow(rows, windowOf(total, first, count));
          for (let number = 1; number <= 1_000; number += 37) {
            const row = rowAt(rows, number);
            if (row !== undefined) expect(row).toBe(all[number - 1]);
          }
          for (let number = first; number < Math.min(first + count, total + 1); number += 1) {
            expect(rowAt(rows, number)).toBe(all[number - 1]);
          }
        }
      }),
      { seed, numRuns: 200 },
    );
  });
  test('asking for what is missing until nothing is ends with every row looked at', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: -30, max: 1_000 }),
        fc.nat(120),
        (total, from, more) => {
          let rows = withWindow(null, newest(total));
          for (let asked = 0; asked < 10; asked += 1) {
            const missing = missingIn(rows, from, from + more);
            if (missing === null) break;
            rows = withWindow(rows, windowOf(total, missing.first, missing.count));
          }
          for (let number = Math.max(1, from); number <= Math.min(total, from + more); number += 1) {
            expect(rowAt(rows, number)).toBe(all[number - 1]);
          }
        },
      ),
      { seed, numRuns: 200 },
    );
  });
  test('of a whole ledger that was scrolled through only a part is kept', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ ...(all[0] as (typeof all)[0]), seq: at + 1 }));
    let rows: LedgerRows | null = null;
    for (let first = 1; first <= 20_000; first += pieceSize) {
      rows = withWindow(rows, {
        entries: many.slice(first - 1, first - 1 + pieceSize),
        first,
        total: 20_000,
        held: 20_000,
      });
    }
    expect(rows?.pieces.size).toBeLessThan(100);
    expect(rows === null ? null : rowAt(rows, 20_000)?.seq).toBe(20_000);
  });
  test('a ledger that is another now is not mixed with the one before', () => {
    const rows = withWindow(withWindow(null, newest(500)), windowOf(500, 1, 50));
    const other = windowOf(500, 451, 50);
    const changed = {
      ...other,
      entries: other.entries.map((entry) => ({ ...entry, balanceAfter: entry.balanceAfter + 1 })),
    };
    expect(rowAt(withWindow(rows, changed), 1)).toBeUndefined();
    expect(rowAt(withWindow(rows, newest(400)), 1)).toBeUndefined();
  });
});

describe('the ledger on the screen', () => {
  function counterWith(total: () => number) {
    const bridge = fakeBridge({
      'ledger.window': (input) => {
        const { first, count } = input as { first: number | null; count: number };
        return { ok: true, value: windowOf(total(), first ?? Math.max(1, total() - count + 1), count) };
      },
    });
    return { bridge, counter: makeCounter(makeChannel(bridge, fetched), () => 5_000) };
  }
  const rowsOf = (counter: ReturnType<typeof makeCounter>) => counter.state.getState().ledger.value;

  test('is asked for where the user looks, and nothing is asked twice', async () => {
    const { bridge, counter } = counterWith(() => 1_000);
    await counter.filterEntries(wholeLedger);
    counter.lookAtEntries(300, 340);
    await settled();
    expect(rowsOf(counter)?.pieces.get(6)?.[0]).toEqual(all[300]);
    const before = bridge.asked.length;
    counter.lookAtEntries(310, 330);
    await settled();
    expect(bridge.asked).toHaveLength(before);
  });
  test('new entries come on top and what was read stays', async () => {
    let total = 900;
    const { bridge, counter } = counterWith(() => total);
    await counter.filterEntries(wholeLedger);
    counter.lookAtEntries(100, 120);
    await settled();
    total = 950;
    bridge.notify('ledger');
    await settled();
    const rows = rowsOf(counter);
    expect(rows?.total).toBe(950);
    expect(rows === null ? null : [rowAt(rows, 950)?.seq, rowAt(rows, 110)?.seq]).toEqual([950, 110]);
  });
  test('a fast scroll asks only for where it ends', async () => {
    const { bridge, counter } = counterWith(() => 1_000);
    await counter.filterEntries(wholeLedger);
    bridge.asked.length = 0;
    for (let at = 900; at > 100; at -= 10) counter.lookAtEntries(at, at + 20);
    await settled();
    expect(bridge.asked.length).toBeLessThan(4);
    const rows = rowsOf(counter);
    expect(rows === null ? null : rowAt(rows, 115)?.seq).toBe(115);
  });
  test('an answer to the question before is not shown under the new one', async () => {
    const bridge = fakeBridge();
    const counter = makeCounter(makeChannel(bridge, fetched), () => 5_000);
    void counter.filterEntries(wholeLedger);
    void counter.filterEntries({ ...wholeLedger, kind: 'topup' });
    bridge.asked[0]?.answer({ ok: true, value: newest(900) });
    await settled();
    expect(rowsOf(counter)).toBeNull();
    expect(bridge.asked[1]?.input).toMatchObject({ filter: { kind: 'topup' } });
    bridge.asked[1]?.answer({ ok: true, value: newest(10) });
    await settled();
    expect(rowsOf(counter)).toMatchObject({ total: 10, filter: { kind: 'topup' } });
  });
  test('a piece that is refused is told, and looked for again when the user looks again', async () => {
    const bridge = fakeBridge();
    const counter = makeCounter(makeChannel(bridge, fetched), () => 5_000);
    void counter.filterEntries(wholeLedger);
    bridge.asked[0]?.answer({ ok: true, value: newest(900) });
    await settled();
    counter.lookAtEntries(1, 20);
    await settled();
    bridge.asked[1]?.answer({ ok: false, error: { code: 'storage_failed', retryable: true } });
    await settled();
    expect(counter.state.getState().ledger.error?.code).toBe('storage_failed');
    counter.lookAtEntries(1, 20);
    await settled();
    bridge.asked[2]?.answer({ ok: true, value: windowOf(900, 1, 100) });
    await settled();
    expect(counter.state.getState().ledger.error).toBeNull();
  });
});
