// The sync machine, cell by cell. The table below is written by hand and says what each event does in each state; the
// test walks it, so a cell that is missing does not compile and one that is wrong does not pass.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactBackoff, longestWait } from '../../../main/sync/backoff.ts';
import { type SyncEvent, type SyncState, step } from '../../../main/sync/machine.ts';

type StateName = SyncState['kind'];
type EventName = SyncEvent['kind'];
/** The state after, and the effects in order; `stay`: the same state, nothing done. */
type Cell = 'stay' | readonly [StateName, ...string[]];

const working = ['working', 'no_timer', 'work'] as const;
const ended = (kind: StateName) => [kind, 'no_timer', 'push closed'] as const;

const table: Record<StateName, Record<EventName, Cell>> = {
  off: {
    start: working,
    stop: 'stay',
    poke: 'stay',
    due: 'stay',
    done: 'stay',
    failed: 'stay',
    refused: 'stay',
    look: 'stay',
  },
  working: {
    start: ['working'],
    stop: ended('off'),
    poke: ['working'],
    due: 'stay',
    done: ['idle', 'push open', 'timer'],
    failed: ['waiting', 'timer'],
    refused: ended('refused'),
    look: 'stay',
  },
  idle: {
    start: working,
    stop: ended('off'),
    poke: working,
    due: working,
    done: 'stay',
    failed: 'stay',
    refused: ended('refused'),
    look: ['idle', 'timer'],
  },
  waiting: {
    start: working,
    stop: ended('off'),
    poke: working,
    due: working,
    done: 'stay',
    failed: 'stay',
    refused: ended('refused'),
    look: 'stay',
  },
  refused: {
    start: working,
    stop: ended('off'),
    poke: 'stay',
    due: 'stay',
    done: 'stay',
    failed: 'stay',
    refused: 'stay',
    look: 'stay',
  },
};

const states: { [N in StateName]: Extract<SyncState, { kind: N }> } = {
  off: { kind: 'off' },
  working: { kind: 'working', contact: 'online', again: false, failures: 0 },
  idle: { kind: 'idle' },
  waiting: { kind: 'waiting', failures: 2, held: false },
  refused: { kind: 'refused' },
};

const events: { [N in EventName]: Extract<SyncEvent, { kind: N }> } = {
  start: { kind: 'start' },
  stop: { kind: 'stop' },
  poke: { kind: 'poke' },
  due: { kind: 'due' },
  done: { kind: 'done', lookMs: 20_000 },
  failed: { kind: 'failed', retryAfterMs: null, jitter: 0.5 },
  refused: { kind: 'refused' },
  look: { kind: 'look', lookMs: 4_000 },
};

const shown = (state: SyncState, event: SyncEvent) => {
  const next = step(state, event);
  const effects = next.effects.map((effect) =>
    effect.kind === 'push' ? `push ${effect.open ? 'open' : 'closed'}` : effect.kind,
  );
  return { next, cell: [next.state.kind, ...effects] };
};

describe('the sync machine', () => {
  const cells = Object.values(states).flatMap((state) => Object.values(events).map((event) => ({ state, event })));

  test.each(cells)('in $state.kind, $event.kind does what the table says', ({ state, event }) => {
    const { next, cell } = shown(state, event);
    const expected = table[state.kind][event.kind];
    if (expected === 'stay') expect(next).toEqual({ state, effects: [] });
    else expect(cell).toEqual(expected);
  });

  test('every state of the table can be reached from off, and off from every state', () => {
    const reached = new Set<StateName>(['off']);
    let walk: SyncState[] = [states.off];
    while (walk.length > 0) {
      const next = walk.flatMap((state) => Object.values(events).map((event) => step(state, event).state));
      walk = next.filter((state) => !reached.has(state.kind));
      for (const state of walk) reached.add(state.kind);
    }
    expect([...reached].sort()).toEqual(Object.keys(table).sort());
    for (const state of Object.values(states)) expect(step(state, events.stop).state.kind).toBe('off');
  });

  test('what came while a contact was under way is looked at right after it', () => {
    const poked = step(states.working, events.poke).state;
    expect(shown(poked, events.done).cell).toEqual(['working', 'push open', 'no_timer', 'work']);
  });

  test('while the server said when to come, only that time ends the wait', () => {
    const held = step(states.working, { kind: 'failed', retryAfterMs: 60_000, jitter: 0 });
    expect(held.effects).toEqual([{ kind: 'timer', ms: 60_000 }]);
    expect(step(held.state, events.poke)).toEqual({ state: held.state, effects: [] });
    expect(step(held.state, events.due).state.kind).toBe('working');
  });

  test('waits grow with each failure and stay within their bounds, whatever the dice say', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.option(fc.nat(10_000_000)),
        (n, jitter, after) => {
          const state: SyncState = { kind: 'working', contact: 'offline', again: false, failures: n };
          const [timer] = step(state, { kind: 'failed', retryAfterMs: after, jitter }).effects;
          if (timer?.kind !== 'timer') throw new Error('no timer');
          expect(timer.ms).toBeGreaterThanOrEqual(contactBackoff.least);
          expect(timer.ms).toBeLessThanOrEqual(Math.max(contactBackoff.most, Math.min(after ?? 0, longestWait)));
        },
      ),
    );
  });

  test('any run of events: work is never begun while it is under way, and there is at most one timer', () => {
    const event = fc.constantFrom(...Object.values(events));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (run) => {
        let state: SyncState = states.off;
        let under = 0;
        let timer = false;
        for (const next of run) {
          const ends = next.kind === 'done' || next.kind === 'failed' || next.kind === 'refused';
          // The driver reports an end only of what it began, and a timer only once.
          if (ends && under === 0) continue;
          if (next.kind === 'due' && !timer) continue;
          if (ends) under = 0;
          if (next.kind === 'due') timer = false;
          const stepped = step(state, next);
          state = stepped.state;
          for (const effect of stepped.effects) {
            if (effect.kind === 'work') under += 1;
            if (effect.kind === 'timer') timer = true;
            if (effect.kind === 'no_timer') timer = false;
          }
          if (state.kind === 'off' || state.kind === 'refused') under = 0;
          expect(under).toBe(state.kind === 'working' ? 1 : 0);
          if (state.kind === 'waiting' || state.kind === 'idle') expect(timer).toBe(true);
        }
      }),
    );
  });
});
