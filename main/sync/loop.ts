// Drives the sync machine: does its effects, owns its one timer, and answers "how is it going" for the view. All
// decisions are the machine's.

import { unreachable } from '../../shared/contract/unreachable.ts';
import type { SyncView } from '../../shared/contract/views.ts';
import type { Log, Random, Timer, Timers } from '../ports.ts';
import type { Cycle, Outcome } from './cycle.ts';
import { type Contact, type SyncEffect, type SyncEvent, type SyncState, step } from './machine.ts';
import type { Push } from './push.ts';

export interface LoopParts {
  readonly cycle: Cycle;
  readonly push: Pick<Push, 'open' | 'close'>;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Trusted time. */
  readonly now: () => Date;
  /** When to look again while all is well, in milliseconds. */
  readonly nextLookMs: () => number;
  readonly onRefused: (code: string) => void;
  /** The view differs from before. */
  readonly onChange: () => void;
}

export interface Loop {
  /** A session is there. */
  readonly start: () => void;
  /** Resolves when nothing is under way any more. */
  readonly stop: () => Promise<void>;
  /** Something is new, here or there. whole: purchases too, when nothing else shows it. */
  readonly poke: (whole: boolean) => void;
  /** Contacts the server now; resolves when one that began after this call ended well, or one had no answer. */
  readonly now: () => Promise<void>;
  /** The next look may be due sooner or later than was thought. */
  readonly reconsider: () => void;
  readonly view: () => Pick<SyncView, 'connection' | 'busy' | 'nextTryAt' | 'problem'>;
}

export function createLoop(parts: LoopParts): Loop {
  let state: SyncState = { kind: 'off' };
  let timer: Timer | null = null;
  let timerEnds: Date | null = null;
  let problem: string | null = null;
  let whole = false;
  let running: Promise<void> = Promise.resolve();
  let settled: (() => void)[] = [];

  const dispatch = (event: SyncEvent): void => {
    const next = step(state, event);
    state = next.state;
    for (const effect of next.effects) perform(effect);
    if (state.kind !== 'working') {
      const waiting = settled;
      settled = [];
      for (const resolve of waiting) resolve();
    }
    parts.onChange();
  };
  const stopTimer = () => {
    timer?.cancel();
    timer = null;
    timerEnds = null;
  };
  const perform = (effect: SyncEffect): void => {
    switch (effect.kind) {
      case 'work':
        running = work();
        return;
      case 'timer':
        stopTimer();
        timerEnds = new Date(parts.now().getTime() + effect.ms);
        timer = parts.timers.after(effect.ms, () => dispatch({ kind: 'due' }));
        return;
      case 'no_timer':
        stopTimer();
        return;
      case 'push':
        if (effect.open) parts.push.open();
        else parts.push.close();
        return;
      default:
        unreachable(effect);
    }
  };
  const work = async (): Promise<void> => {
    const asked = whole;
    whole = false;
    const outcome = await attempt(parts, asked);
    problem = outcome.kind === 'refused' ? outcome.code : outcome.problem;
    if (outcome.kind !== 'done') whole = whole || asked;
    if (outcome.kind === 'refused') parts.onRefused(outcome.code);
    dispatch(eventOf(outcome, parts));
  };
  return {
    start: () => dispatch({ kind: 'start' }),
    async stop() {
      dispatch({ kind: 'stop' });
      await running;
    },
    poke(purchasesToo) {
      whole = whole || purchasesToo;
      dispatch({ kind: 'poke' });
    },
    now() {
      whole = true;
      dispatch({ kind: 'poke' });
      if (state.kind !== 'working') return Promise.resolve();
      return new Promise((resolve) => settled.push(resolve));
    },
    reconsider: () => dispatch({ kind: 'look', lookMs: parts.nextLookMs() }),
    view: () => ({
      connection: connectionOf(state),
      busy: state.kind === 'working',
      nextTryAt: state.kind === 'waiting' ? (timerEnds?.toISOString() ?? null) : null,
      problem,
    }),
  };
}

/** A fault in a contact is ours, or the disk's: it is logged and counts as no contact, and the loop goes on. */
async function attempt(parts: LoopParts, whole: boolean): Promise<Outcome> {
  try {
    return await parts.cycle(whole);
  } catch (error) {
    parts.log('error', 'a contact failed on this PC', { reason: error instanceof Error ? error.stack : String(error) });
    return { kind: 'failed', problem: 'storage_failed', retryAfterMs: null };
  }
}

function eventOf(outcome: Outcome, parts: LoopParts): SyncEvent {
  switch (outcome.kind) {
    case 'done':
      return { kind: 'done', lookMs: parts.nextLookMs() };
    case 'failed':
      return { kind: 'failed', retryAfterMs: outcome.retryAfterMs, jitter: parts.random() };
    case 'refused':
      return { kind: 'refused' };
    default:
      return unreachable(outcome);
  }
}

function connectionOf(state: SyncState): Contact | 'refused' {
  switch (state.kind) {
    case 'off':
      return 'connecting';
    case 'working':
      return state.contact;
    case 'idle':
      return 'online';
    case 'waiting':
      return 'offline';
    case 'refused':
      return 'refused';
    default:
      return unreachable(state);
  }
}
