// What time it is, without believing the PC: the server's time at the last contact plus monotonic time since. Nothing is ever
// deleted, locked or signed out for what this file thinks.
//
// What it may claim. After a contact of this start the time is known, wherever the PC's clock is set to. Before it one thing
// is certain: it is not earlier than the newest time of earlier starts (the high-water mark). Nothing says how much later it
// is; the PC's clock is a hint, if it is plausible. Where the monotonic clock stands still while the PC sleeps, a clock that
// is suddenly ahead may mean a sleep or a hand on the clock; nobody can tell, so both are held possible until the next
// contact. Decisions are made at the earliest time that is possible (`least`), and are shown as certain only if the latest
// (`most`) agrees.
import type { Clock, Monotonic } from '../ports.ts';

/** A difference larger than this is told to the user. */
export const clockTolerance = 120_000;
/** No counter is switched off for longer than this and then used again: a clock further ahead is wrong. */
export const longestPause = 5 * 365 * 86_400_000;

export type ClockVerdict = 'right' | 'wrong' | 'unknown';

/**
 * The time is within. most: null while nobody knows how much later than least it may be. hint: what it probably is, for what
 * is shown and never for what is decided; null where there is not even that.
 */
export interface TimeWindow {
  readonly least: Date;
  readonly most: Date | null;
  readonly hint: Date | null;
}

export interface TrustedTime {
  /** The server said it is `serverTime` now. Only this makes the time trusted. */
  readonly contact: (serverTime: string) => void;
  /** The best guess, for what must have some time: when something was asked for, when to try again. */
  readonly now: () => Date;
  readonly window: () => TimeWindow;
  readonly verdict: () => ClockVerdict;
  /** The PC may have slept. */
  readonly woke: () => void;
  /** Remembers the time for the next start, every few minutes at most. */
  readonly keep: () => void;
}

interface Anchor {
  readonly server: number;
  readonly mono: number;
  /** The PC's clock at that moment. */
  readonly pc: number;
}

export interface TimeParts {
  readonly clock: Clock;
  readonly monotonic: Monotonic;
  /** The newest trusted time of an earlier start, ISO; null on a new counter. */
  readonly saved: string | null;
  readonly save: (time: string) => void;
}

/** Saving costs a write that waits for the disk; a minute more or less in what is remembered changes nothing. */
const savedEvery = 60_000;
const keptEvery = 600_000;

export function createTrustedTime(parts: TimeParts): TrustedTime {
  const highWater = parts.saved === null ? null : Date.parse(parts.saved);
  const started = parts.monotonic();
  let anchor: Anchor | null = null;
  let savedAt = highWater ?? Number.NEGATIVE_INFINITY;
  const jumps = watchJumps();
  const pc = () => parts.clock.now().getTime();
  const since = (mono: number) => parts.monotonic() - mono;
  const certain = (): number | null => {
    if (anchor !== null) return anchor.server + since(anchor.mono);
    return highWater === null ? null : highWater + since(started);
  };
  /** How far the PC's clock is ahead of where it must be if no time has passed unseen. */
  const ahead = (least: number): number => pc() - (anchor === null ? least : anchor.pc + since(anchor.mono));
  const isPlausible = (by: number) => by >= -clockTolerance && by <= longestPause;
  const save = (time: number, every: number) => {
    if (Math.abs(time - savedAt) < every) return;
    savedAt = time;
    parts.save(new Date(time).toISOString());
  };
  const windowNow = (): TimeWindow => {
    const least = certain();
    if (least === null) return { least: new Date(0), most: null, hint: null };
    if (anchor === null) {
      const by = ahead(least);
      return { least: new Date(least), most: null, hint: isPlausible(by) ? new Date(least + Math.max(0, by)) : null };
    }
    jumps.look(ahead(least), false);
    const unseen = jumps.unseen();
    const most = unseen === null ? null : new Date(least + unseen);
    return { least: new Date(least), most, hint: most };
  };
  return {
    contact(serverTime) {
      const server = Date.parse(serverTime);
      anchor = { server, mono: parts.monotonic(), pc: pc() };
      jumps.forget();
      save(server, savedEvery);
    },
    now() {
      const { least, hint } = windowNow();
      if (anchor !== null) return least;
      return highWater === null ? parts.clock.now() : (hint ?? least);
    },
    window: windowNow,
    verdict() {
      const least = certain();
      if (least === null) return 'unknown';
      const off = pc() - least;
      if (off < -clockTolerance || off > longestPause) return 'wrong';
      if (anchor === null) return 'unknown';
      if (Math.abs(anchor.pc - anchor.server) > clockTolerance) return 'wrong';
      return off > clockTolerance ? 'unknown' : 'right';
    },
    woke() {
      const least = certain();
      if (anchor !== null && least !== null) jumps.look(ahead(least), true);
    },
    keep() {
      const { least } = windowNow();
      if (certain() !== null && least.getTime() > savedAt) save(least.getTime(), keptEvery);
    },
  };
}

/**
 * Steps of the PC's clock since the contact. Each step ahead may be a sleep, and counts until the next contact: a clock that is
 * set back before or after does not undo it. A step back is a hand on the clock; so is one too far ahead.
 */
function watchJumps() {
  let unseen: number | null = 0;
  let lastAhead = 0;
  return {
    /** How much time may have passed unseen; null when nobody knows. */
    unseen: () => unseen,
    /** by: how far the PC's clock is ahead now. woke: the PC may have slept since the last look. */
    look(by: number, woke: boolean) {
      const step = by - lastAhead;
      if (Math.abs(step) <= clockTolerance) return;
      lastAhead = by;
      if (step > 0 && step <= longestPause) unseen = unseen === null ? null : unseen + step;
      else if (woke) unseen = null;
    },
    forget() {
      unseen = 0;
      lastAhead = 0;
    },
  };
}
