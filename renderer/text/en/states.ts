// English: the states and union territories, as they stand on tax documents.
import { type StateCode, states } from '../../../shared/gst/states.ts';

// The list has every code once; that makes it whole, which the compiler cannot follow through fromEntries.
export const stateNames = Object.fromEntries(states.map(({ code, name }) => [code, name])) as Readonly<
  Record<StateCode, string>
>;
