// A refusal on its way to the renderer: thrown by a use case, turned into a Result at the bridge.
import type { ErrorCode } from '../shared/contract/errors.ts';
import type { CounterErrorCode, Refusal } from '../shared/contract/result.ts';

export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(
    code: ErrorCode | CounterErrorCode | (string & {}),
    retryable: boolean,
    details?: Record<string, unknown>,
  ) {
    super(code);
    this.name = 'Refused';
    this.refusal = details === undefined ? { code, retryable } : { code, retryable, details };
  }
}
