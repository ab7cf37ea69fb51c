// What time it is, without believing the PC: the server's time at the last contact plus monotonic time since. Before the
// first contact of a start nobody knows better than the PC's clock, except that time has not gone back behind what a
// server once said. Nothing is ever deleted, locked or signed out for what this file thinks.
import type { Clock, Monotonic } from '../ports.ts';

/** A difference larger than this is told to the user. */
export const clockTolerance = 120_000;

export type ClockVerdict = 'right' | 'wrong' | 'unknown';

export interface TrustedTime {
  /** The server said it is `serverTime` now. Only this makes the time trusted, so only this is saved. */
  readonly contact: (serverTime: string) => void;
  readonly now: () => Date;
  readonly verdict: () => ClockVerdict;
}

interface Anchor {
  readonly server: number;
  readonly mono: number;
  /** How far the PC's clock was off at that moment. */
  readonly skew: number;
}

export interface TimeParts {
  readonly clock: Clock;
  readonly monotonic: Monotonic;
  /** The newest server time of an earlier start, ISO; null on a new counter. */
  readonly saved: string | null;
  readonly save: (serverTime: string) => void;
}

/** Saving costs a write that waits for the disk; a minute more or less in what is remembered changes nothing. */
const savedEvery = 60_000;

export function createTrustedTime(parts: TimeParts): TrustedTime {
  const highWater = parts.saved === null ? Number.NEGATIVE_INFINITY : Date.parse(parts.saved);
  let anchor: Anchor | null = null;
  let savedAt = highWater;
  const pc = () => parts.clock.now().getTime();
  const now = (): number => {
    if (anchor === null) return Math.max(pc(), highWater);
    return anchor.server + (parts.monotonic() - anchor.mono);
  };
  return {
    contact(serverTime) {
      const server = Date.parse(serverTime);
      anchor = { server, mono: parts.monotonic(), skew: pc() - server };
      if (Math.abs(server - savedAt) < savedEvery) return;
      savedAt = server;
      parts.save(serverTime);
    },
    now: () => new Date(now()),
    verdict() {
      if (anchor === null) return pc() < highWater - clockTolerance ? 'wrong' : 'unknown';
      if (Math.abs(anchor.skew) > clockTolerance) return 'wrong';
      // A clock ahead of us since the contact may only mean that the PC slept; one behind us was set back.
      return pc() < now() - clockTolerance ? 'wrong' : 'right';
    },
  };
}
