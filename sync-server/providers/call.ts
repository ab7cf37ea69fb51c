// Owns one call to a provider from end to end: circuit, SDK, fault, and the parsing of the answer. A 200 that cannot be
// read is `unknown`: the work was very likely done, and only a look-up can tell. Knows no provider: an adapter gives it
// what turns a thrown thing of its SDK into a Fault.

import type { z } from 'zod';
import type { Circuit } from './circuit.ts';
import { type Failure, type Fault, failureOf, unknown } from './fault.ts';
import type { Outcome } from './port.ts';

/** An Outcome that still carries the fault behind a failure, for callers that must tell one 400 from another. */
export type Answer<T> = { readonly ok: true; readonly value: T } | (Failure & { readonly fault: Fault | null });

export type Call = <T>(schema: z.ZodType<T>, send: () => Promise<unknown>) => Promise<Answer<T>>;

export function createCall(circuit: Circuit, faultOf: (thrown: unknown) => Fault): Call {
  return async (schema, send) => {
    const seconds = circuit.refusesForSeconds();
    if (seconds !== null) {
      const reason = 'the provider gave no clear answer several times in a row; not called';
      return { ok: false, kind: 'unavailable', reason, retryAfterSeconds: seconds, fault: null };
    }
    let answer: unknown;
    try {
      answer = await send();
    } catch (thrown) {
      const fault = faultOf(thrown);
      const failure = failureOf(fault);
      circuit.report(failure.kind === 'refused');
      return { ...failure, fault };
    }
    circuit.report(true);
    const parsed = schema.safeParse(answer);
    return parsed.success ? { ok: true, value: parsed.data } : { ...unreadable(parsed.error), fault: null };
  };
}

function unreadable(error: z.ZodError): Failure {
  const [first] = error.issues;
  const where = first === undefined ? '' : ` at ${first.path.join('.') || 'its root'}: ${first.message}`;
  return unknown(`the answer cannot be read${where}`);
}

/** The port's outcome of an answer: without the fault, which belongs to this adapter. */
export function outcomeOf<T>(answer: Answer<T>): Outcome<T> {
  if (answer.ok) return answer;
  const { fault: _fault, ...failure } = answer;
  return failure;
}
