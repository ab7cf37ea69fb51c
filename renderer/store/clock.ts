// Time as the screen needs it, passed in by main.tsx. Ages and countdowns run on the monotonic reading, because the PC's
// own clock may be wrong or set while we watch.
import type { SyncView } from '../../shared/contract/overview-view.ts';

export interface Clock {
  /** What the PC believes, milliseconds since 1970. For display only when the server's time is not known. */
  readonly wall: () => number;
  /** Milliseconds since some moment; never set, never backwards. */
  readonly monotonic: () => number;
}

/** Server time now: that of the last answer plus what has passed since; the PC's own before the first contact. */
export function serverNow(sync: SyncView | null, answeredAt: number | null, clock: Clock): number {
  const age = dataAge(sync, answeredAt, clock);
  if (sync === null || sync.verifiedAt === null || age === null) return clock.wall();
  return Date.parse(sync.verifiedAt) + age * 1000;
}

/** Whole seconds since the data shown was verified, growing while nobody answers; null while nobody knows. */
export function dataAge(sync: SyncView | null, answeredAt: number | null, clock: Clock): number | null {
  if (sync === null || sync.ageSeconds === null || answeredAt === null) return null;
  const since = Math.max(0, clock.monotonic() - answeredAt);
  return sync.ageSeconds + Math.floor(since / 1000);
}
