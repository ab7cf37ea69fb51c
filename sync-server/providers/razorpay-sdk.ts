// Owns the razorpay SDK: the only file that touches it. The SDK has no option for a base URL, a time-out or a refund's
// idempotency header, follows redirects, and loses the cause of every network error. All of that is closed here, on the
// HTTP client that it exposes as `api.rq` (not in its types).

import Razorpay from 'razorpay';
import { z } from 'zod';
import { faultOfHttpClient } from './razorpay-fault.ts';

export interface SdkOptions {
  readonly keyId: string;
  readonly keySecret: string;
  /** Where the API is, without `/v1`: the SDK adds that itself. */
  readonly apiUrl?: string | undefined;
  readonly timeoutMs: number;
}

interface RequestConfig {
  url?: string;
  data?: unknown;
  signal?: AbortSignal;
  headers: { set(name: string, value: string): unknown };
}

interface HttpClient {
  readonly defaults: Record<string, unknown>;
  readonly interceptors: {
    readonly request: { use(onRequest: (config: RequestConfig) => RequestConfig): unknown };
    readonly response: { use(onAnswer: undefined, onFault: (thrown: unknown) => Promise<never>): unknown };
  };
}

const LARGEST_ANSWER_BYTES = 5_000_000;

export function openSdk({ keyId, keySecret, apiUrl, timeoutMs }: SdkOptions): Razorpay {
  const sdk = new Razorpay({ key_id: keyId, key_secret: keySecret });
  const client = httpClientOf(sdk);
  Object.assign(client.defaults, {
    timeout: timeoutMs,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER_BYTES,
    ...(apiUrl === undefined ? {} : { baseURL: apiUrl }),
    // A proxy that the environment names cannot reach our own loopback.
    ...(apiUrl !== undefined && isLoopback(apiUrl) ? { proxy: false } : {}),
  });
  client.interceptors.request.use((config) => {
    // The client's time-out starts anew with each byte; this one is the whole call's, so a dripping answer ends too.
    config.signal = AbortSignal.timeout(timeoutMs);
    const key = refundKey(config);
    if (key !== null) config.headers.set('X-Refund-Idempotency', key);
    return config;
  });
  client.interceptors.response.use(undefined, (thrown) => {
    // The SDK rethrows {statusCode: err.response.status, error: err.response.data.error}: in this shape our Fault passes
    // through it whole, also where there was no answer at all.
    const fault = faultOfHttpClient(thrown);
    return Promise.reject({ response: { status: fault.status ?? 0, data: { error: fault } } });
  });
  return sdk;
}

function httpClientOf(sdk: Razorpay): HttpClient {
  const { rq } = sdk.api as unknown as { rq?: HttpClient };
  if (rq?.defaults === undefined || rq.interceptors === undefined) {
    throw new Error('this version of the razorpay SDK has no api.rq: its time-outs and errors cannot be set right');
  }
  return rq;
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

const refundBody = z.object({ receipt: z.string() });

/** A refund's receipt is its idempotency key: one value in the body, for a person, and in the header, for the API. */
function refundKey({ url, data }: RequestConfig): string | null {
  if (url === undefined || !/\/payments\/[^/]+\/refund$/.test(url)) return null;
  return refundBody.safeParse(data).data?.receipt ?? null;
}
