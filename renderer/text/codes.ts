// Every refusal code that a screen may have to explain: the server's, the counter's, and two of the screen's own.
import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { CounterErrorCode } from '../../shared/contract/result.ts';

/** counter_away: the counter program did not answer. bad_answer: what it answered does not fit the contract. */
export const screenErrorCodes = ['counter_away', 'bad_answer'] as const;
export type ScreenErrorCode = (typeof screenErrorCodes)[number];

export type KnownCode = ErrorCode | CounterErrorCode | ScreenErrorCode;

/** What happened, in one sentence, and the one thing to do next. */
export interface Explanation {
  readonly sentence: string;
  readonly nextStep: string;
}
export type Explanations = Readonly<Record<KnownCode, Explanation>>;
