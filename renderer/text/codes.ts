// Every code that a screen may have to explain: refusals of the server's, the counter's and two of the screen's own, and what
// is the matter with the connection or the data.
import type { ErrorCode } from '../../shared/contract/errors.ts';
import type { CounterErrorCode } from '../../shared/contract/result.ts';

/** counter_away: the counter program did not answer. bad_answer: what it answered does not fit the contract. */
export const screenErrorCodes = ['counter_away', 'bad_answer'] as const;
export type ScreenErrorCode = (typeof screenErrorCodes)[number];

/** What `sync.problem` can be beside a code of the server, as shared/contract/views.ts lists them. */
export const syncProblemCodes = [
  'unreachable',
  'timeout',
  'not_our_server',
  'not_understood',
  'ledger_mismatch',
  'entitlement_refused',
  'token_lost',
  'outbox_salvaged',
  'outbox_unreadable',
] as const;
export type SyncProblemCode = (typeof syncProblemCodes)[number];

export type KnownCode = ErrorCode | CounterErrorCode | ScreenErrorCode | SyncProblemCode;

/** What happened, in one sentence, and the one thing to do next. */
export interface Explanation {
  readonly sentence: string;
  readonly nextStep: string;
}
export type Explanations = Readonly<Record<KnownCode, Explanation>>;
