// What came back from the server, sorted by what may follow from it. The one rule that money hangs on: only our own
// server's envelope is an answer. Whatever else arrives (a captive portal's page, a proxy's error, half a body) is
// "none": the request may have been done or not.
import { z } from 'zod';
import { errorBody } from '../../shared/contract/errors.ts';
import { protocolVersion } from '../../shared/contract/protocol.ts';
import type { FetchAnswer } from '../ports.ts';

export type NoAnswer = 'unreachable' | 'timeout' | 'not_our_server' | 'not_understood';

/**
 * unauthorised: the token is not accepted. refused: for good, for this request. later: the server asks to come again.
 * retryAfterMs: its Retry-After, or null.
 */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'unauthorised'; readonly code: string }
  | { readonly kind: 'refused'; readonly code: string; readonly details: Readonly<Record<string, unknown>> }
  | { readonly kind: 'later'; readonly code: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'none'; readonly reason: NoAnswer };

export type Failure = Exclude<Answer<never>, { kind: 'ok' }>;

/** The parts of an HTTP answer that are looked at; text: the whole body. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly retryAfter: string | null;
  readonly text: string;
}

export function readAnswer<T>(raw: RawAnswer, shape: z.ZodType<T>): Answer<T> {
  const success = raw.status >= 200 && raw.status < 300;
  if (raw.status === 204) return parsed(shape, undefined);
  const body = json(raw);
  if (body === undefined) return { kind: 'none', reason: 'not_our_server' };
  return success ? parsed(shape, body) : refusal(raw, body);
}

/** No file that the server makes for a counter is larger; what is longer is not ours. */
const largestFile = 20_000_000;

/** A file of the type that was asked for, whole; anything else is read as an answer in JSON, which may be a refusal. */
export async function readFile(
  answer: Pick<FetchAnswer, 'status' | 'headers' | 'arrayBuffer'>,
  type: string,
  raw: () => Promise<RawAnswer>,
): Promise<Answer<Uint8Array>> {
  const given = answer.headers.get('content-type') ?? '';
  if (answer.status !== 200 || !given.startsWith(type)) return readAnswer(await raw(), z.never());
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const said = answer.headers.get('content-length');
  const whole = bytes.length > 0 && bytes.length <= largestFile && (said === null || Number(said) === bytes.length);
  return whole ? { kind: 'ok', value: bytes } : { kind: 'none', reason: 'not_understood' };
}

function parsed<T>(shape: z.ZodType<T>, body: unknown): Answer<T> {
  const read = shape.safeParse(body);
  return read.success ? { kind: 'ok', value: read.data } : { kind: 'none', reason: 'not_understood' };
}

function refusal(raw: RawAnswer, body: unknown): Failure {
  const read = errorBody.safeParse(body);
  if (!read.success || raw.status < 400) return { kind: 'none', reason: 'not_our_server' };
  const { code, retryable, details } = read.data.error;
  if (raw.status === 401) return { kind: 'unauthorised', code };
  if (raw.status === 429 || raw.status >= 500 || retryable) {
    const named = code === 'protocol_unsupported' ? whoIsOld(details) : code;
    return { kind: 'later', code: named, retryAfterMs: retryAfterMs(raw.retryAfter) };
  }
  return { kind: 'refused', code, details: details ?? {} };
}

const range = z.object({ oldest: z.int(), newest: z.int() });

/** Which of the two is to be updated, where the server says what it understands. */
function whoIsOld(details: unknown): 'app_too_old' | 'server_too_old' | 'protocol_unsupported' {
  const read = range.safeParse(details);
  if (read.success && protocolVersion < read.data.oldest) return 'app_too_old';
  return read.success && protocolVersion > read.data.newest ? 'server_too_old' : 'protocol_unsupported';
}

function json(raw: RawAnswer): unknown {
  if (!/^application\/json\b/i.test(raw.contentType ?? '')) return undefined;
  try {
    return JSON.parse(raw.text);
  } catch {
    return undefined;
  }
}

/** Seconds only: the other form is a date, and a date needs a clock that both sides agree on. */
export function retryAfterMs(value: string | null): number | null {
  return value !== null && /^\d{1,6}$/.test(value.trim()) ? Number(value) * 1000 : null;
}
