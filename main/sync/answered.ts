// For calls where a person waits for the server: the value, or the refusal that they are shown.
import { Refused } from '../refused.ts';
import type { Answer } from './answer.ts';

/** Throws `Refused`: `offline` when there was no answer, otherwise the server's own code. */
export function answered<T>(answer: Answer<T>): T {
  if (answer.kind === 'ok') return answer.value;
  if (answer.kind === 'none') throw new Refused('offline', true, { reason: answer.reason });
  if (answer.kind === 'unauthorised') throw new Refused(answer.code, false);
  if (answer.kind === 'later') throw new Refused(answer.code, true, { retryAfterMs: answer.retryAfterMs });
  throw new Refused(answer.code, false, { ...answer.details });
}
