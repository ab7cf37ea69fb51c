// Owns what the razorpay SDK or its HTTP client threw: it turns that into one Fault, before the cause is lost.

import { z } from 'zod';
import { Fault, secondsOf } from './fault.ts';

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
  return new Fault({
    status,
    code: told?.code ?? null,
    description: told?.description ?? (typeof data === 'string' && data !== '' ? 'the answer is not JSON' : ''),
    readable: typeof data !== 'string' || data === '',
    retryAfterSeconds: secondsOf(headers?.['retry-after']),
  });
}

const sdkRejection = z.object({ error: z.instanceof(Fault) });

/** The Fault that travelled through the SDK; anything else it throws (its TypeErrors) says nothing about the outcome. */
export function faultOfSdk(thrown: unknown): Fault {
  const carried = sdkRejection.safeParse(thrown);
  if (carried.success) return carried.data.error;
  return new Fault({ description: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'the SDK threw' });
}
