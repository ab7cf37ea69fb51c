// The mandate machine, walked whole: every state and every word of the provider, by an event and by a look-up.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MandateStatus } from '../../../sync-server/providers/port.ts';
import {
  isUnwanted,
  type MandateMove,
  type MandateState,
  mandateTable,
  moveMandate,
  stageOf,
} from '../../../sync-server/purchase/mandate-machine.ts';
import { generated } from './seed.ts';

const words: readonly MandateStatus[] = [
  'created',
  'authenticated',
  'active',
  'pending',
  'halted',
  'paused',
  'cancelled',
  'completed',
  'expired',
];
const states: readonly MandateState[] = ['requested', ...words];
const letters: Readonly<Record<string, MandateMove>> = { t: 'take', a: 'ask', '=': 'same', '-': 'never' };

/** One letter for each word, in the order above. */
const expected: Readonly<Record<MandateState, string>> = {
  requested: 'tttaaattt',
  created: '=ttaaattt',
  authenticated: '-=taaattt',
  active: '--=aaattt',
  pending: '--a=aattt',
  halted: '-aaa=attt',
  paused: '-aaaa=ttt',
  cancelled: '------=--',
  completed: '-------=-',
  expired: '--------=',
};
const cells = states.flatMap((state) =>
  words.map((word, at) => ({ state, word, move: letters[expected[state].charAt(at)] })),
);

describe('the table', () => {
  test('has every state and every word, and nothing else', () => {
    expect(Object.keys(mandateTable).sort()).toEqual([...states].sort());
    for (const row of Object.values(mandateTable)) expect(Object.keys(row).sort()).toEqual([...words].sort());
    expect(cells).toHaveLength(90);
  });

  test.each(cells)('$state, told $word: $move', ({ state, word, move }) => {
    expect(mandateTable[state][word]).toBe(move);
    const taken = { to: word };
    const byEvent = { take: taken, ask: 'ask', same: null, never: null }[move ?? 'never'];
    expect(moveMandate(state, word, 'event')).toEqual(byEvent);
    expect(moveMandate(state, word, 'look_up')).toEqual(byEvent === 'ask' ? taken : byEvent);
  });
});

const stages = ['asked', 'good', 'failing', 'over'] as const;

describe('what always holds', () => {
  test('what is over never moves again', () => {
    for (const { state, word } of cells.filter(({ state }) => stageOf(state) === 'over')) {
      expect(moveMandate(state, word, 'event')).toBeNull();
      expect(moveMandate(state, word, 'look_up')).toBeNull();
    }
  });

  test('nobody who agreed is ever asked to agree again', () => {
    for (const { state, word } of cells.filter(({ state }) => stageOf(state) !== 'asked')) {
      const move = moveMandate(state, word, 'look_up');
      if (move !== null && move !== 'ask') expect(stageOf(move.to)).not.toBe('asked');
    }
  });

  test('in whatever order and however often events come, one look at the end tells the truth', () => {
    const running = fc.constantFrom(...words.slice(0, 6));
    fc.assert(
      fc.property(fc.array(running, { maxLength: 12 }), running, (told, truth) => {
        let state: MandateState = 'requested';
        for (const word of told) {
          const move = moveMandate(state, word, 'event');
          if (move !== null && move !== 'ask') state = move.to;
        }
        const last = moveMandate(state, truth, 'look_up');
        const after = last === null || last === 'ask' ? state : last.to;
        // Never back to before it was agreed to, nor to before it was charged: there the events knew more.
        const behind = words.indexOf(truth) < 2 && words.indexOf(state as MandateStatus) > words.indexOf(truth);
        expect(after).toBe(behind && last === null ? state : truth);
      }),
      generated(2_000),
    );
  });

  test('every state is in one stage', () => {
    for (const state of states) expect(stages).toContain(stageOf(state));
    expect(states.filter((state) => stageOf(state) === 'good')).toEqual(['authenticated', 'active', 'pending']);
    expect(states.filter((state) => stageOf(state) === 'failing')).toEqual(['halted', 'paused']);
  });
});

describe('nobody wants a mandate any more', () => {
  const asked = ['awaiting_payment', 'paid', 'under_review', 'cancelled', 'expired', 'refunded'] as const;
  const unwantedWith = (state: MandateState) => asked.filter((purchase) => isUnwanted(state, purchase, true));

  test.each<[MandateState, readonly string[]]>([
    ['requested', ['cancelled', 'expired']],
    ['created', ['cancelled', 'expired']],
    ['authenticated', ['cancelled']],
    ['active', []],
    ['pending', []],
    ['halted', []],
    ['paused', []],
    ['cancelled', []],
  ])('%s, when its purchase is one of %j', (state, purchases) => {
    expect(unwantedWith(state)).toEqual(purchases);
  });

  test('when the plan is gone, and it is not over', () => {
    const unwanted = states.filter((state) => isUnwanted(state, 'paid', false));
    expect(unwanted).toEqual(states.filter((state) => stageOf(state) !== 'over'));
  });
});
