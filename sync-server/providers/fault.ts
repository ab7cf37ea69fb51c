// Owns what a failed call means, whichever provider it was made to: a Fault is what is known of it, and becomes one of the
// three kinds of "no" that the port knows. The rule that decides money: only what certainly did nothing may be called
// unavailable, only a clear no may be called refused, and all else is unknown and must be looked up.

import type { Outcome } from './port.ts';

/** What is left of a failed call once an SDK is out of the way. Holds no header and no key, so it may be logged. */
export class Fault {
  readonly status: number | null;
  /** The network's code (`ECONNREFUSED`) or the provider's (`BAD_REQUEST_ERROR`). */
  readonly code: string | null;
  readonly description: string;
  /** False for an HTML page or other text: then something between us and the provider answered, not the provider. */
  readonly readable: boolean;
  readonly retryAfterSeconds: number | null;
  /** The provider repeated the answer that it once gave to the same idempotency key, and did not try anew. */
  readonly replayed: boolean;

  constructor(told: Partial<Fault> & { readonly description: string }) {
    this.status = told.status ?? null;
    this.code = told.code ?? null;
    this.description = told.description.slice(0, 300);
    this.readable = told.readable ?? false;
    this.retryAfterSeconds = told.retryAfterSeconds ?? null;
    this.replayed = told.replayed ?? false;
  }
}

export type Failure = Extract<Outcome<never>, { ok: false }>;

// DNS and connect errors: no byte of the request has left this machine.
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

export function failureOf(fault: Fault): Failure {
  const reason = [fault.status === null ? 'no answer' : `HTTP ${fault.status}`, fault.code, fault.description]
    .filter((part) => part !== null && part !== '')
    .join(': ');
  const wait = fault.retryAfterSeconds === null ? {} : { retryAfterSeconds: fault.retryAfterSeconds };
  const kind = kindOf(fault);
  return {
    ok: false,
    kind,
    reason,
    ...wait,
    ...(kind === 'refused' && fault.status !== null ? { status: fault.status } : {}),
  };
}

function kindOf({ status, code, readable }: Fault): Failure['kind'] {
  if (status === null) return code !== null && NEVER_SENT.has(code) ? 'unavailable' : 'unknown';
  if (status === 429) return 'unavailable';
  // 408 is a time-out that a proxy tells about: the request may have gone through behind it.
  if (status >= 400 && status < 500 && status !== 408 && readable) return 'refused';
  return 'unknown';
}

export function unknown(reason: string): Failure {
  return { ok: false, kind: 'unknown', reason };
}

export function refused(reason: string): Failure {
  return { ok: false, kind: 'refused', reason };
}

/** The seconds of a Retry-After header; null for a date or anything else. */
export function secondsOf(retryAfter: unknown): number | null {
  return typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
}
