// How long to wait before the next try. Pure; the randomness comes in.

/** least: no two tries are closer, whatever the dice say. */
export interface Backoff {
  readonly least: number;
  readonly first: number;
  readonly most: number;
}

/** For the server as a whole: 1 s doubling to 30 s, so that a counter is back soon after its network is. */
export const contactBackoff: Backoff = { least: 500, first: 1_000, most: 30_000 };
/** For one purchase that the server cannot take yet. */
export const itemBackoff: Backoff = { least: 1_000, first: 2_000, most: 600_000 };

/** No server may send us away for longer; beyond this an instant is taken for a wrong clock's. */
export const longestWait = 3_600_000;

/** Full jitter: anything up to the doubled bound, so that a thousand counters do not come back at once. */
export function backoffMs(backoff: Backoff, failures: number, jitter: number): number {
  const bound = Math.min(backoff.most, backoff.first * 2 ** Math.min(failures, 20));
  return Math.round(Math.max(backoff.least, jitter * bound));
}

/** The server's own word (`Retry-After`) wins where it asks for more. */
export function waitMs(backoff: Backoff, failures: number, jitter: number, retryAfterMs: number | null): number {
  return Math.max(backoffMs(backoff, failures, jitter), Math.min(retryAfterMs ?? 0, longestWait));
}
