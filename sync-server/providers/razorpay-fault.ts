// Owns what a failed call means: it turns whatever the SDK or its HTTP client threw into one Fault, and a Fault into the
// three kinds of "no" that the port knows. The rule that decides money: only what certainly did nothing may be called
// unavailable, only a clear no may be called refused, and all else is unknown and must be looked up.

import { z } from 'zod';
import type { Outcome } from './port.ts';

/** What is left of a failed call once the SDK is out of the way. Holds no header and no key, so it may be logged. */
export class Fault {
  readonly status: number | null;
  /** The network's code (`ECONNREFUSED`) or the provider's (`BAD_REQUEST_ERROR`). */
  readonly code: string | null;
  readonly description: string;
  /** False for an HTML page or other text: then something between us and the provider answered, not the provider. */
  readonly readable: boolean;
  readonly retryAfterSeconds: number | null;

  constructor(told: Partial<Fault> & { readonly description: string }) {
    this.status = told.status ?? null;
    this.code = told.code ?? null;
    this.description = told.description.slice(0, 300);
    this.readable = told.readable ?? false;
    this.retryAfterSeconds = told.retryAfterSeconds ?? null;
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
  return { ok: false, kind: kindOf(fault), reason, ...wait };
}

function kindOf({ status, code, readable }: Fault): Failure['kind'] {
  if (status === null) return code !== null && NEVER_SENT.has(code) ? 'unavailable' : 'unknown';
  if (status === 429) return 'unavailable';
  // 408 is a time-out that a proxy tells about: the request may have gone through behind it.
  if (status >= 400 && status < 500 && status !== 408 && readable) return 'refused';
  return 'unknown';
}

const httpClientError = z.object({
  code: z.string().optional().catch(undefined),
  message: z.string().catch(''),
  response: z
    .object({
      status: z.int(),
      data: z.unknown(),
      headers: z.object({ 'retry-after': z.string().optional() }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const errorBody = z.object({
  error: z.object({ code: z.string().catch(''), description: z.string().catch('') }),
});

/** Reads the HTTP client's own error, before the SDK's normaliser throws its cause away. */
export function faultOfHttpClient(thrown: unknown): Fault {
  const { data: seen } = httpClientError.safeParse(thrown);
  if (seen === undefined) return new Fault({ description: String(thrown) });
  if (seen.response === undefined) return new Fault({ code: seen.code ?? null, description: seen.message });
  const { status, data, headers } = seen.response;
  const told = errorBody.safeParse(data).data?.error;
  const seconds = headers?.['retry-after'];
  return new Fault({
    status,
    code: told?.code ?? null,
    description: told?.description ?? (typeof data === 'string' && data !== '' ? 'the answer is not JSON' : ''),
    readable: typeof data !== 'string' || data === '',
    retryAfterSeconds: seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) : null,
  });
}

const sdkRejection = z.object({ error: z.instanceof(Fault) });

/** The Fault that travelled through the SDK; anything else it throws (its TypeErrors) says nothing about the outcome. */
export function faultOfSdk(thrown: unknown): Fault {
  const carried = sdkRejection.safeParse(thrown);
  if (carried.success) return carried.data.error;
  return new Fault({ description: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'the SDK threw' });
}
