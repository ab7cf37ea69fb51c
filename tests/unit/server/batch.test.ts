// A batch of spends behind one head: each its own verdict, in the order they came; and what is written is what one by one
// would have written.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyChain } from '../../../shared/ledger/chain.ts';
import { appendEntry, type LedgerHead } from '../../../sync-server/ledger/append.ts';
import { decideBatch, type SpendRequest } from '../../../sync-server/ledger/batch.ts';
import { generated } from './seed.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const head: LedgerHead = { ...emptyChain, seq: 4, balance: 1_000, held: 300 };
const ask = (key: string, amount: number, bodyHash = `body of ${key}`): SpendRequest => ({
  amount,
  feature: 'ai.assist',
  reference: `bill ${key}`,
  key,
  bodyHash,
  actor: 'dev_1',
  occurredAt: new Date('2026-11-24T08:00:00.000Z'),
});
const decide = (...requests: SpendRequest[]) => decideBatch('org_1', head, requests, sha256);
const told = (...requests: SpendRequest[]) =>
  decide(...requests).decisions.map((one) => {
    if (one.kind === 'insufficient') return `insufficient ${one.available}`;
    return one.kind === 'reused' ? one.kind : `${one.kind} ${one.written.fields.seq}`;
  });

describe('a batch of spends', () => {
  test('of nothing writes nothing', () => {
    expect(decide()).toEqual({ decisions: [], head });
  });

  test('writes a spend with all that was said of it, and leaves the head behind it', () => {
    const { decisions, head: after } = decide(ask('a', 100));
    const [decision] = decisions;
    if (decision?.kind !== 'entry') throw new Error('refused');
    expect(decision.written.fields).toEqual({
      seq: 5,
      delta: -100,
      balanceAfter: 900,
      kind: 'spend',
      reference: 'bill a',
      idempotencyKey: 'a',
      actor: 'dev_1',
      feature: 'ai.assist',
      occurredAt: '2026-11-24T08:00:00.000Z',
    });
    expect(after).toEqual({ seq: 5, balance: 900, held: 300, hash: decision.written.hash });
  });

  test('takes what is available, in the order they came, and refuses what no longer fits with what is left', () => {
    expect(told(ask('a', 500), ask('b', 201), ask('c', 200), ask('d', 1))).toEqual([
      'entry 5',
      'insufficient 200',
      'entry 6',
      'insufficient 0',
    ]);
  });

  test('answers the same key with the same body by the entry that stands, and takes nothing again', () => {
    const { decisions, head: after } = decide(ask('a', 100), ask('b', 10), ask('a', 100));
    expect(decisions[2]).toEqual({ kind: 'repeat', written: (decisions[0] as { written: unknown }).written });
    expect(after).toMatchObject({ seq: 6, balance: 890 });
  });

  test('refuses the same key with another body, whatever it asks for', () => {
    expect(told(ask('a', 100), ask('a', 200, 'another body'), ask('a', 9_999, 'another body'))).toEqual([
      'entry 5',
      'reused',
      'reused',
    ]);
  });

  test('forgets a key that was refused: it may come again, also with another body', () => {
    expect(told(ask('a', 701), ask('a', 700, 'another body'), ask('a', 701))).toEqual([
      'insufficient 700',
      'entry 5',
      'reused',
    ]);
  });

  test('writes what the spends would have written one by one, whatever is asked', () => {
    const asks = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 });
    fc.assert(
      fc.property(asks, (amounts) => {
        let at = head;
        const expected = amounts.map((amount, place) => {
          const made = appendEntry('org_1', at, { ...entryOf(`k${place}`, amount) }, sha256);
          at = made?.head ?? at;
          return made?.hash ?? null;
        });
        const { decisions, head: after } = decide(...amounts.map((amount, place) => ask(`k${place}`, amount)));
        expect(decisions.map((one) => (one.kind === 'entry' ? one.written.hash : null))).toEqual(expected);
        expect(after).toEqual(at);
      }),
      generated(100),
    );
  });
});

const entryOf = (key: string, amount: number) => ({
  ...{ delta: -amount, kind: 'spend' as const, reference: `bill ${key}`, idempotencyKey: key },
  ...{ actor: 'dev_1', feature: 'ai.assist', occurredAt: new Date('2026-11-24T08:00:00.000Z') },
});
