// From a refusal to what a person reads. A code that is on no list gets the plain sentence, never the raw code alone.
import type { Refusal } from '../../shared/contract/result.ts';
import type { Explanation, KnownCode } from './codes.ts';
import type { Messages } from './en.ts';

export function explain(text: Messages, code: string): Explanation {
  return isKnown(text, code) ? text.errors[code] : text.unknownError;
}

function isKnown(text: Messages, code: string): code is KnownCode {
  return Object.hasOwn(text.errors, code);
}

/** Faults of `invalid_request` by the last word of their path: `/body/gstin` and `gstin` are the same field. */
export function faultsOf(refusal: Refusal): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const faults: unknown = refusal.details?.faults;
  if (refusal.code !== 'invalid_request' || !Array.isArray(faults)) return found;
  for (const fault of faults as unknown[]) {
    if (typeof fault !== 'object' || fault === null || !('path' in fault)) continue;
    const field = String(fault.path).split(/[./]/).at(-1) ?? '';
    const reason = 'reason' in fault ? String(fault.reason) : '';
    if (field !== '' && !found.has(field)) found.set(field, reason);
  }
  return found;
}
