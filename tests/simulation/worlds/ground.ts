// What everybody in a world has at hand: the ground that a batch gives it, its counters and its diary, its dice, and the count of
// what played time must wait for.
import { setImmediate as turn } from 'node:timers/promises';
import type { Chance } from '../storm/chance.ts';
import type { Diary } from './diary.ts';
import type { Pc } from './pc.ts';
import type { Provider } from './provider.ts';
import type { Ask, Reply } from './wire.ts';

export interface Ground {
  readonly folder: string;
  readonly now: () => number;
  readonly provider: () => Provider;
  readonly ask: (ask: Ask, from: string) => Promise<Reply>;
  readonly openStream: (signal: AbortSignal, headers: Record<string, string>) => Promise<Response>;
  readonly adminToken: string;
}

/** A world as those see it who act in it. */
export interface Doing {
  readonly seed: number;
  readonly ground: Ground;
  readonly diary: Diary;
  readonly chance: Chance;
  readonly pcs: readonly Pc[];
  readonly busy: Busy;
  readonly joining: Set<Pc>;
  presses: number;
  /** So many steps are without faults, so that there is a pharmacy to have them. */
  readonly calm: number;
}

/** Work that played time must wait for. */
export interface Busy {
  during<T>(work: Promise<T>): Promise<T>;
  readonly under: ReadonlySet<string>;
  settled(): Promise<void>;
}

export function createBusy(): Busy {
  let running = 0;
  const under = new Set<string>();
  let idle: (() => void) | null = null;
  const leave = () => {
    running -= 1;
    if (running === 0) idle?.();
  };
  return {
    during(work) {
      running += 1;
      const name = process.env.SIM_STALL === undefined ? '' : (new Error('under way').stack ?? '');
      under.add(name);
      const gone = () => {
        under.delete(name);
        leave();
      };
      work.then(gone, gone);
      return work;
    },
    under,
    async settled() {
      do {
        if (running > 0)
          await new Promise<void>((resolve) => {
            idle = resolve;
          });
        // What follows from an answer may need some turns before it asks again.
        for (let turns = 0; turns < 4 && running === 0; turns += 1) await turn();
      } while (running > 0);
    },
  };
}
