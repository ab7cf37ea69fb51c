// Played clock, monotonic time, timers and randomness: time moves only when a test says so.
import type { Clock, Monotonic, Random, Timers } from '../../main/ports.ts';

export interface PlayedTime {
  readonly clock: Clock;
  readonly monotonic: Monotonic;
  readonly timers: Timers;
  /** Jumps on, as a PC that slept, and then fires what has become due, in order; timers set by those start from there. */
  readonly pass: (ms: number) => void;
  /** Changes only the clock, as a person or a dead battery does. */
  readonly setClock: (now: string) => void;
  /** How long until each running timer fires, soonest first. */
  readonly pending: () => number[];
}

interface Waiting {
  readonly at: number;
  readonly run: () => void;
}

export function playedTime(start = '2026-11-22T09:30:00.000Z'): PlayedTime {
  let offset = Date.parse(start);
  let mono = 0;
  const waiting = new Set<Waiting>();
  const inOrder = () => [...waiting].sort((a, b) => a.at - b.at);
  return {
    clock: { now: () => new Date(offset + mono) },
    monotonic: () => mono,
    timers: {
      after(ms, run) {
        const timer = { at: mono + ms, run };
        waiting.add(timer);
        return { cancel: () => waiting.delete(timer) };
      },
    },
    pass(ms) {
      mono += ms;
      for (const timer of inOrder().filter((candidate) => candidate.at <= mono)) {
        if (waiting.delete(timer)) timer.run();
      }
    },
    setClock(now) {
      offset = Date.parse(now) - mono;
    },
    pending: () => inOrder().map((timer) => timer.at - mono),
  };
}

/** The same numbers for the same seed (mulberry32). */
export function playedRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
