// The hash chain and the way an entry follows the ones before: whatever is changed, left out or moved shows.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainStart, chainText, checkChain, emptyChain } from '../../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../../shared/ledger/entry.ts';
import { appendEntry, type LedgerHead, type NewEntry } from '../../../sync-server/ledger/append.ts';
import { generated } from './seed.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const orgId = 'org_1';
const at = new Date('2026-11-22T06:30:00.000Z');
const empty: LedgerHead = { ...emptyChain, held: 0 };
const entry = (delta: number, more: Partial<NewEntry> = {}): NewEntry => ({
  delta,
  kind: delta > 0 ? 'topup' : 'spend',
  reference: null,
  idempotencyKey: null,
  actor: null,
  feature: null,
  occurredAt: at,
  ...more,
});

/** A chain of these deltas, each allowed. */
function chainOf(deltas: readonly number[], org = orgId): FeedEntry[] {
  let head = empty;
  return deltas.map((delta, place) => {
    const made = appendEntry(org, head, entry(delta, { reference: `r${place}` }), sha256);
    if (made === null) throw new Error('refused');
    head = made.head;
    return { ...made.fields, createdAt: at.toISOString(), hash: made.hash };
  });
}

describe('the text under the hash', () => {
  test('is the lines of the contract, null as empty, with no newline at the end', () => {
    const fields = {
      seq: 7,
      delta: -1_200,
      balanceAfter: 48_800,
      kind: 'spend',
      reference: null,
      idempotencyKey: 'k-1',
      actor: 'dev_1',
      feature: null,
      occurredAt: '2026-11-22T06:30:00.000Z',
    };
    expect(chainText('ab', orgId, fields)).toBe(
      'ab\norg_1\n7\n-1200\n48800\nspend\n\nk-1\ndev_1\n\n2026-11-22T06:30:00.000Z',
    );
  });

  test('has an empty line for every text that is not there', () => {
    const none = { reference: null, idempotencyKey: null, actor: null, feature: null };
    const fields = {
      seq: 1,
      delta: 5,
      balanceAfter: 5,
      kind: 'topup',
      occurredAt: '2026-11-22T06:30:00.000Z',
      ...none,
    };
    expect(chainText('ab', orgId, fields)).toBe('ab\norg_1\n1\n5\n5\ntopup\n\n\n\n\n2026-11-22T06:30:00.000Z');
  });

  test('begins with 64 zeros', () => {
    expect(chainStart).toBe('0000000000000000000000000000000000000000000000000000000000000000');
    expect(emptyChain).toEqual({ seq: 0, balance: 0, hash: chainStart });
  });
});

describe('a chain', () => {
  const chain = chainOf([50_000, -1, -2, 250_000, -3]);

  test('that is whole is accepted, in one piece or page by page', () => {
    const whole = checkChain(orgId, emptyChain, chain, sha256);
    expect(whole).toMatchObject({ ok: true, head: { seq: 5, balance: 299_994 } });
    const first = checkChain(orgId, emptyChain, chain.slice(0, 2), sha256);
    expect(first.ok && checkChain(orgId, first.head, chain.slice(2), sha256)).toEqual(whole);
    expect(checkChain(orgId, emptyChain, [], sha256)).toEqual({ ok: true, head: emptyChain });
  });

  test('with an entry missing, twice, or out of order has a gap there', () => {
    const [a, b, c] = chain as [FeedEntry, FeedEntry, FeedEntry];
    expect(checkChain(orgId, emptyChain, [a, c], sha256)).toEqual({ ok: false, seq: 3, fault: 'gap' });
    expect(checkChain(orgId, emptyChain, [a, a], sha256)).toEqual({ ok: false, seq: 1, fault: 'gap' });
    expect(checkChain(orgId, emptyChain, [b, a], sha256)).toEqual({ ok: false, seq: 2, fault: 'gap' });
  });

  test('under another org is another chain', () => {
    expect(checkChain('org_2', emptyChain, chain, sha256)).toEqual({ ok: false, seq: 1, fault: 'hash' });
  });

  test('whose sums are wrong is refused there, though every hash is right', () => {
    const [first, second] = chain as [FeedEntry, FeedEntry];
    const forged = { ...second, balanceAfter: second.balanceAfter + 1 };
    const hash = sha256(chainText(first.hash, orgId, forged));
    expect(checkChain(orgId, emptyChain, [first, { ...forged, hash }], sha256)).toEqual({
      ok: false,
      seq: 2,
      fault: 'balance',
    });
  });

  const changes: Record<keyof Omit<FeedEntry, 'seq' | 'createdAt'>, Partial<FeedEntry>> = {
    delta: { delta: -5 },
    balanceAfter: { balanceAfter: 1 },
    kind: { kind: 'adjustment' },
    reference: { reference: 'other' },
    idempotencyKey: { idempotencyKey: 'other' },
    actor: { actor: 'dev_2' },
    feature: { feature: 'ai.batch' },
    occurredAt: { occurredAt: '2026-11-22T06:30:00.001Z' },
    hash: { hash: 'f'.repeat(64) },
  };
  test.each(Object.entries(changes))('with another %s in any entry is refused at that entry', (_field, change) => {
    chain.forEach((original, place) => {
      const forged = chain.with(place, { ...original, ...change });
      expect(checkChain(orgId, emptyChain, forged, sha256)).toMatchObject({ ok: false, seq: original.seq });
    });
  });
});

describe('an entry that follows', () => {
  test('takes no more than is available: balance less what is held', () => {
    const head = { ...empty, balance: 1_000, seq: 3, held: 400 };
    expect(appendEntry(orgId, head, entry(-600), sha256)).toMatchObject({ head: { balance: 400, seq: 4, held: 400 } });
    expect(appendEntry(orgId, head, entry(-601), sha256)).toBeNull();
    expect(appendEntry(orgId, head, entry(1), sha256)).not.toBeNull();
  });

  test('gives, also where more is held than there is: only what takes is refused', () => {
    const overheld = { ...empty, balance: 100, seq: 3, held: 400 };
    expect(appendEntry(orgId, overheld, entry(50), sha256)).toMatchObject({ head: { balance: 150, held: 400 } });
    expect(appendEntry(orgId, overheld, entry(-1), sha256)).toBeNull();
  });

  test('of 0, of a fraction, or beyond the safe integers is a mistake of ours', () => {
    for (const delta of [0, 1.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1]) {
      expect(() => appendEntry(orgId, empty, entry(delta), sha256), String(delta)).toThrow('not a delta');
    }
    const full = { ...empty, balance: Number.MAX_SAFE_INTEGER };
    expect(() => appendEntry(orgId, full, entry(1), sha256)).toThrow('beyond the safe integers');
  });

  test('whatever is asked in whatever order, the balance is the sum, never below what is held, and the chain is whole', () => {
    const asks = fc.array(
      fc.integer({ min: -5_000, max: 5_000 }).filter((delta) => delta !== 0),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(asks, fc.integer({ min: 0, max: 3_000 }), (deltas, held) => {
        let head: LedgerHead = { ...empty, held: 0 };
        let sum = 0;
        const written: FeedEntry[] = [];
        for (const delta of [held + 1, ...deltas]) {
          const made = appendEntry(orgId, { ...head, held: Math.min(held, head.balance) }, entry(delta), sha256);
          if (made === null) {
            expect(delta).toBeLessThan(0);
            expect(sum + delta).toBeLessThan(held);
            continue;
          }
          sum += delta;
          head = made.head;
          written.push({ ...made.fields, createdAt: at.toISOString(), hash: made.hash });
          expect(head.balance).toBe(sum);
          expect(sum).toBeGreaterThanOrEqual(Math.min(held, sum));
        }
        expect(checkChain(orgId, emptyChain, written, sha256)).toMatchObject({ ok: true, head: { balance: sum } });
      }),
      generated(100),
    );
  });
});
