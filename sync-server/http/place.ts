// Where a buyer is: the state of the address, and the GSTIN that must be of it. The place of supply follows from these two, so
// neither is ever guessed.
import { checkGstin } from '../../shared/gst/gstin.ts';
import { isStateCode, type StateCode } from '../../shared/gst/states.ts';
import { accept, type Verdict } from '../verdict.ts';
import { invalid } from './answers.ts';

/** The state, and the GSTIN as normalised (null without one); refused when it is wrong or of another state. */
export function checkPlace(given: {
  readonly stateCode: string;
  readonly gstin?: string | null | undefined;
}): Verdict<{ readonly stateCode: StateCode; readonly gstin: string | null }> {
  const { stateCode } = given;
  if (!isStateCode(stateCode)) return invalid('stateCode', 'is not the code of a state or union territory');
  if (given.gstin === undefined || given.gstin === null || given.gstin === '')
    return accept({ stateCode, gstin: null });
  const gstin = checkGstin(given.gstin);
  if (!gstin.ok) return invalid('gstin', `is not a valid GSTIN (${gstin.reason})`);
  if (gstin.stateCode !== stateCode) return invalid('gstin', 'is of another state than stateCode');
  return accept({ stateCode, gstin: gstin.gstin });
}
