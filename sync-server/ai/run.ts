// One piece of guarded work while it runs: its credits are settled exactly once, by whoever is first: taken, or given back.
import type { FastifyBaseLogger } from 'fastify';
import type { Parts } from '../parts.ts';
import type { KeyUse } from '../store/idempotency.ts';
import type { Caller } from '../store/orgs.ts';
import { type KeptAnswer, type Reservation, returnAll, type Taken, take, type Usage } from './charge.ts';

export interface Run {
  readonly holdId: string;
  /** Credits that are reserved; more is never taken. */
  readonly reserved: number;
  /** Aborted when the caller leaves, the time is over or the server stops. */
  readonly signal: AbortSignal;
  /** Says what was used. Without it all that was reserved is taken. */
  use(usage: Usage): void;
  /**
   * Takes what was used and keeps the key's answer. Null, and nothing taken, if all was given back before. The guard does
   * it when an answer that is no stream goes out; a handler that streams does it itself, before its last word.
   */
  take(answer: KeptAnswer): Promise<Taken | null>;
  /** Gives all back, unless it was taken. Never rejects: what cannot be given back now comes back when the hold expires. */
  release(): Promise<void>;
  /** From here on the handler settles: what a stream has used is not given back because its reader left. */
  streams(): void;
  /** Breaks the work off, and gives all back if none of it has gone out. */
  stop(why: string): void;
  /** Settled, one way or the other. */
  readonly ended: Promise<void>;
}

export interface RunOptions {
  readonly caller: Caller;
  readonly use: KeyUse;
  readonly reservation: Reservation;
  readonly seconds: number;
  readonly log: FastifyBaseLogger;
}

export function createRun(parts: Parts, { caller, use, reservation, seconds, log }: RunOptions): Run {
  const control = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let usage: Usage = { credits: reservation.amount };
  let settling: Promise<Taken | null> | null = null;
  let streaming = false;

  const settle = (work: () => Promise<Taken | null>): Promise<Taken | null> => {
    settling ??= work().finally(() => {
      clearTimeout(timer);
      end();
    });
    return settling;
  };
  const release = async (): Promise<void> => {
    if (settling !== null) return;
    await settle(async () => {
      try {
        await returnAll(parts, caller.orgId, reservation);
      } catch (error) {
        log.warn({ err: error, holdId: reservation.holdId }, 'credits stay held until the hold expires');
      }
      return null;
    });
  };
  const stop = (why: string): void => {
    if (settling !== null) return;
    control.abort(new Error(why));
    if (!streaming) void release();
  };
  const timer = setTimeout(() => stop('the time is over'), seconds * 1000);

  return {
    holdId: reservation.holdId,
    reserved: reservation.amount,
    signal: control.signal,
    use: (said) => {
      usage = said;
    },
    take: (answer) => settle(() => take(parts, caller, use, reservation, usage, answer)),
    release,
    streams: () => {
      streaming = true;
    },
    stop,
    ended,
  };
}
