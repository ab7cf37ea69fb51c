// The sync machine: when to contact the server and when not. A total function over state and event; the driver (loop.ts)
// does what the effects say. It knows no clock, no network and no dice: waits and jitter come in with the events.
import { unreachable } from '../../shared/contract/unreachable.ts';
import { contactBackoff, waitMs } from './backoff.ts';

/** What the last contact came to. */
export type Contact = 'connecting' | 'online' | 'offline';

/**
 * off: no session, or stopped. working: a pull and send is under way; again: something new came meanwhile. idle: the last
 * one went well. waiting: it had no answer; held: the server said when to come, so nothing but that time may end the
 * wait. refused: the token is not accepted; nothing is sent until the counter joins again.
 */
export type SyncState =
  | { readonly kind: 'off' }
  | { readonly kind: 'working'; readonly contact: Contact; readonly again: boolean; readonly failures: number }
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly failures: number; readonly held: boolean }
  | { readonly kind: 'refused' };

/**
 * start: there is a session. stop: it ends, or the app does. poke: something wants a contact now. due: the timer fired.
 * done: a contact went well; the next look is in `lookMs`. failed: it had no answer. refused: 401. look: while idle, the
 * next look is now due in `lookMs` instead (push came or went, or a purchase waits for its payment).
 */
export type SyncEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'poke' }
  | { readonly kind: 'due' }
  | { readonly kind: 'done'; readonly lookMs: number }
  | { readonly kind: 'failed'; readonly retryAfterMs: number | null; readonly jitter: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'look'; readonly lookMs: number };

/** timer: the one timer is set anew. push: the event stream is kept open from here on, or closed. */
export type SyncEffect =
  | { readonly kind: 'work' }
  | { readonly kind: 'timer'; readonly ms: number }
  | { readonly kind: 'no_timer' }
  | { readonly kind: 'push'; readonly open: boolean };

export interface Step {
  readonly state: SyncState;
  readonly effects: readonly SyncEffect[];
}

const stay = (state: SyncState): Step => ({ state, effects: [] });

const work = (contact: Contact, failures: number): Step => ({
  state: { kind: 'working', contact, again: false, failures },
  effects: [{ kind: 'no_timer' }, { kind: 'work' }],
});

const ended = (kind: 'off' | 'refused'): Step => ({
  state: { kind },
  effects: [{ kind: 'no_timer' }, { kind: 'push', open: false }],
});

export function step(state: SyncState, event: SyncEvent): Step {
  if (event.kind === 'stop') return state.kind === 'off' ? stay(state) : ended('off');
  switch (state.kind) {
    case 'off':
    case 'refused':
      // A new session is the only way out; what an old contact still has to say no longer counts.
      return event.kind === 'start' ? work('connecting', 0) : stay(state);
    case 'working':
      return whileWorking(state, event);
    case 'idle':
      return whileIdle(state, event);
    case 'waiting':
      return whileWaiting(state, event);
    default:
      return unreachable(state);
  }
}

type Live = Exclude<SyncEvent, { kind: 'stop' }>;

function whileWorking(state: Extract<SyncState, { kind: 'working' }>, event: Live): Step {
  switch (event.kind) {
    case 'poke':
    case 'start':
      return stay({ ...state, again: true });
    case 'done':
      return state.again ? again() : idleFor(event.lookMs);
    case 'failed': {
      const ms = waitMs(contactBackoff, state.failures, event.jitter, event.retryAfterMs);
      return {
        state: { kind: 'waiting', failures: state.failures + 1, held: event.retryAfterMs !== null },
        effects: [{ kind: 'timer', ms }],
      };
    }
    case 'refused':
      return ended('refused');
    case 'due':
    case 'look':
      return stay(state);
    default:
      return unreachable(event);
  }
}

/** A contact that went well but was overtaken: once more, with push open already. */
function again(): Step {
  const next = work('online', 0);
  return { state: next.state, effects: [{ kind: 'push', open: true }, ...next.effects] };
}

function idleFor(ms: number): Step {
  return {
    state: { kind: 'idle' },
    effects: [
      { kind: 'push', open: true },
      { kind: 'timer', ms },
    ],
  };
}

function whileIdle(state: Extract<SyncState, { kind: 'idle' }>, event: Live): Step {
  switch (event.kind) {
    case 'poke':
    case 'due':
    case 'start':
      return work('online', 0);
    case 'look':
      return { state, effects: [{ kind: 'timer', ms: event.lookMs }] };
    case 'refused':
      return ended('refused');
    case 'done':
    case 'failed':
      return stay(state);
    default:
      return unreachable(event);
  }
}

function whileWaiting(state: Extract<SyncState, { kind: 'waiting' }>, event: Live): Step {
  switch (event.kind) {
    case 'due':
    case 'start':
      return work('offline', state.failures);
    case 'poke':
      return state.held ? stay(state) : work('offline', state.failures);
    case 'refused':
      return ended('refused');
    case 'done':
    case 'failed':
    case 'look':
      return stay(state);
    default:
      return unreachable(event);
  }
}
