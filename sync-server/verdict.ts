// What a use case comes back with: its value, or a refusal from the error catalogue. A refusal is returned before
// anything is written, so a transaction that returns one has changed nothing.
import type { ErrorCode } from '../shared/contract/errors.ts';

export type Verdict<T> = { readonly ok: true; readonly value: T } | Refused;

export interface Refused {
  readonly ok: false;
  readonly code: ErrorCode;
  /** As http-api.md says for the code. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

export function refuse(code: ErrorCode, details?: Readonly<Record<string, unknown>>): Refused {
  return details === undefined ? { ok: false, code } : { ok: false, code, details };
}

export function accept<T>(value: T): Verdict<T> {
  return { ok: true, value };
}
