// Owns the stripe SDK: the only file that opens it, and the HTTP under it. The SDK repeats a call by itself after a reset
// even when told not to, takes any JSON without an `error` for a success whatever the status, loses the status of an
// answer that is no JSON, and has no room for a path in its base URL. All of that is closed here, in the fetch given to it.

import Stripe from 'stripe';
import { z } from 'zod';
import { Fault, secondsOf } from './fault.ts';

export interface StripeSdkOptions {
  readonly secretKey: string;
  /** Where the API is, without `/v1`: the SDK adds that itself. Stripe's own when absent. */
  readonly apiUrl?: string | undefined;
  readonly timeoutMs: number;
}

const LARGEST_ANSWER_BYTES = 5_000_000;

export function openStripe({ secretKey, apiUrl, timeoutMs }: StripeSdkOptions): Stripe {
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(fetchOf(apiUrl)),
    // The whole call's, from the first byte sent to the last one read.
    timeout: timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** Carries a Fault through the SDK. It has no `code`: by that the SDK would take it for a reset and call again. */
class Carried extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.description);
    this.fault = fault;
  }
}

function fetchOf(apiUrl: string | undefined) {
  // The SDK always calls it with an address as text and with what to send.
  return async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(String(url));
    const target = apiUrl === undefined ? String(url) : `${apiUrl}${pathname}${search}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(target, { ...init, redirect: 'manual' });
      text = await textOf(response);
    } catch (thrown) {
      throw new Carried(faultOfNetwork(thrown, init.signal ?? null));
    }
    const { status, headers } = response;
    if (isTheirs(response, text)) return new Response(text, { status, headers });
    const wait = secondsOf(headers.get('retry-after'));
    throw new Carried(new Fault({ status, description: 'the answer is not Stripe’s', retryAfterSeconds: wait }));
  };
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const anObject = z.record(z.string(), z.unknown());
const anError = z.object({ error: anObject });

function isTheirs({ ok }: Response, text: string): boolean {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // An HTML page or a cut answer: something between us and Stripe spoke.
    return false;
  }
  return ok ? anObject.safeParse(json).success && !anError.safeParse(json).success : anError.safeParse(json).success;
}

const networkError = z.object({ cause: z.object({ code: z.string() }) });

function faultOfNetwork(thrown: unknown, signal: AbortSignal | null): Fault {
  if (signal?.aborted === true) return new Fault({ description: 'no answer in time' });
  const code = networkError.safeParse(thrown).data?.cause.code ?? null;
  return new Fault({ code, description: thrown instanceof Error ? thrown.message : 'the call failed' });
}

/** With these the work may have been done, or is being done just now by another call of the same key. */
const NO_CLEAR_NO: ReadonlySet<number> = new Set([409, 424]);

/** What the SDK threw, as one Fault; anything that is no error of its own says nothing about the outcome. */
export function faultOfStripe(thrown: unknown): Fault {
  if (!(thrown instanceof Stripe.errors.StripeError)) {
    return new Fault({ description: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'the SDK threw' });
  }
  const detail: unknown = thrown.detail;
  if (detail instanceof Carried) return detail.fault;
  const headers = anObject.safeParse(thrown.headers).data ?? {};
  const status = thrown instanceof Stripe.errors.StripeRateLimitError ? 429 : (thrown.statusCode ?? null);
  return new Fault({
    status,
    code: thrown.code ?? thrown.rawType ?? thrown.type,
    description: thrown.message,
    readable: status !== null && !NO_CLEAR_NO.has(status),
    retryAfterSeconds: secondsOf(headers['retry-after']),
    replayed: headers['idempotent-replayed'] === 'true',
  });
}
