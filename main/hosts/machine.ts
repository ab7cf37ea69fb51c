// The real machine's ports: clock, monotonic time, randomness, ids, timers, network, log. Made here, in a composition
// root, and nowhere else; the core gets them handed in.
import { randomBytes, randomUUID } from 'node:crypto';
import { uptime } from 'node:os';
import type { Clock, Fetch, Ids, Log, Monotonic, Random, Timers } from '../ports.ts';

export interface Machine {
  readonly clock: Clock;
  readonly monotonic: Monotonic;
  readonly random: Random;
  readonly ids: Ids;
  readonly fetch: Fetch;
  readonly timers: Timers;
}

export function thisMachine(): Machine {
  return {
    clock: { now: () => new Date() },
    // Time since the PC booted: unlike the process's own monotonic clock it goes on while the PC sleeps.
    monotonic: () => uptime() * 1000,
    random: Math.random,
    ids: {
      purchase: () => `pur_${randomUUID().replaceAll('-', '')}`,
      key: () => randomBytes(24).toString('base64url'),
    },
    fetch: (url, request) => fetch(url, request),
    timers: {
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return { cancel: () => clearTimeout(timer) };
      },
    },
  };
}

/** One JSON line each, to standard error, so that standard output stays for people. Information only when asked for. */
export function lineLog(verbose: boolean): Log {
  return (level, message, details = {}) => {
    if (level === 'info' && !verbose) return;
    console.error(JSON.stringify({ at: new Date().toISOString(), level, message, ...details }));
  };
}

/** From the operating system's source, for keys. */
export const keyBytes = (count: number): Uint8Array => randomBytes(count);

/** 43 letters, digits, `-` and `_`, for whoever holds it to be let in. */
export const makeToken = () => randomBytes(32).toString('base64url');
