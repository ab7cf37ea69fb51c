// Drives the sync machine: does its effects, owns its one timer, and answers "how is it going" for the view. All
// decisions are the machine's.

import type { SyncView } from '../../shared/contract/overview-view.ts';
import { unreachable } from '../../shared/contract/unreachable.ts';
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
  /**
   * Contacts the server now; resolves when one that began after this call ended well, or one had no answer. Where the server said
   * when to come again, that stands: it resolves at once, and `waitUntil` says when.
   */
  readonly now: () => Promise<void>;
  /** The next look may be due sooner or later than was thought. */
  readonly reconsider: () => void;
  readonly view: () => Pick<SyncView, 'connection' | 'busy' | 'nextTryAt' | 'waitUntil' | 'problem'>;
}

export function createLoop(parts: LoopParts): Loop {
  let state: SyncState = { kind: 'off' };
  const timer = oneTimer(parts, () => dispatch({ kind: 'due' }));
  let problem: string | null = null;
  let whole = false;
  let running: Promise<void> = Promise.resolve();
  const ends = waiters();

  const dispatch = (event: SyncEvent): void => {
    const next = step(state, event);
    state = next.state;
    for (const effect of next.effects) perform(effect);
    if (state.kind !== 'working') ends.release();
    parts.onChange();
  };
  const perform = (effect: SyncEffect): void => {
    switch (effect.kind) {
      case 'work':
        running = work();
        return;
      case 'timer':
        timer.set(effect.ms);
        return;
      case 'no_timer':
        timer.stop();
        return;
      case 'push':
        if (effect.open) parts.push.open();
        else parts.push.close();
        return;
      default:
        unreachable(effect);
    }
  };
  // A timer that should have fired while the PC slept is late, and what it stood for holds no longer.
  const wanted = () => dispatch({ kind: timer.isLate() ? 'due' : 'poke' });
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
      wanted();
    },
    now() {
      whole = true;
      wanted();
      return state.kind === 'working' ? ends.next() : Promise.resolve();
    },
    reconsider: () => dispatch({ kind: 'look', lookMs: parts.nextLookMs() }),
    view: () => ({
      connection: connectionOf(state),
      busy: state.kind === 'working',
      nextTryAt: state.kind === 'waiting' ? timer.ends() : null,
      waitUntil: state.kind === 'waiting' && state.held ? timer.ends() : null,
      problem,
    }),
  };
}

/** Who waits for the contact under way to end. */
function waiters() {
  let waiting: (() => void)[] = [];
  return {
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
    release() {
      const released = waiting;
      waiting = [];
      for (const resolve of released) resolve();
    },
  };
}

/** The machine's one timer: setting it anew takes the place of the one before. ends: in trusted time. */
function oneTimer(parts: Pick<LoopParts, 'timers' | 'now'>, onDue: () => void) {
  let running: Timer | null = null;
  let ends: Date | null = null;
  const stop = () => {
    running?.cancel();
    running = null;
    ends = null;
  };
  return {
    stop,
    set(ms: number) {
      stop();
      ends = new Date(parts.now().getTime() + ms);
      running = parts.timers.after(ms, onDue);
    },
    ends: () => ends?.toISOString() ?? null,
    isLate: () => ends !== null && ends.getTime() <= parts.now().getTime(),
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
