// Owns the states and union territories that a business can be registered in, as GST numbers them.
// Source: facts/gst.md §2.2. The PIN ranges overlap and have holes, so they may warn a user and never refuse one.

interface StateFacts {
  readonly code: string;
  readonly name: string;
  /** The second half of an intra-state tax is UTGST here: no legislature of its own. Delhi, Puducherry, J&K have one. */
  readonly utgst: boolean;
  /** First three digits of the PINs in use, both ends included; empty where the range is not known. */
  readonly pins: readonly (readonly [number, number])[];
}

/** The 37 that are offered, in the order of their codes. 25, 28 are retired; 96 and 99 are no state of a pharmacy. */
export const states = [
  { code: '01', name: 'Jammu and Kashmir', utgst: false, pins: [[180, 194]] },
  { code: '02', name: 'Himachal Pradesh', utgst: false, pins: [[171, 177]] },
  { code: '03', name: 'Punjab', utgst: false, pins: [[140, 160]] },
  { code: '04', name: 'Chandigarh', utgst: true, pins: [[160, 160]] },
  { code: '05', name: 'Uttarakhand', utgst: false, pins: [[244, 263]] },
  { code: '06', name: 'Haryana', utgst: false, pins: [[121, 136]] },
  { code: '07', name: 'Delhi', utgst: false, pins: [[110, 110]] },
  { code: '08', name: 'Rajasthan', utgst: false, pins: [[301, 345]] },
  { code: '09', name: 'Uttar Pradesh', utgst: false, pins: [[201, 285]] },
  { code: '10', name: 'Bihar', utgst: false, pins: [[800, 855]] },
  { code: '11', name: 'Sikkim', utgst: false, pins: [[737, 737]] },
  { code: '12', name: 'Arunachal Pradesh', utgst: false, pins: [[790, 792]] },
  { code: '13', name: 'Nagaland', utgst: false, pins: [[797, 798]] },
  { code: '14', name: 'Manipur', utgst: false, pins: [[795, 795]] },
  { code: '15', name: 'Mizoram', utgst: false, pins: [[796, 796]] },
  { code: '16', name: 'Tripura', utgst: false, pins: [[799, 799]] },
  { code: '17', name: 'Meghalaya', utgst: false, pins: [[793, 794]] },
  { code: '18', name: 'Assam', utgst: false, pins: [[781, 788]] },
  { code: '19', name: 'West Bengal', utgst: false, pins: [[700, 743]] },
  { code: '20', name: 'Jharkhand', utgst: false, pins: [[813, 835]] },
  { code: '21', name: 'Odisha', utgst: false, pins: [[751, 770]] },
  { code: '22', name: 'Chhattisgarh', utgst: false, pins: [[490, 497]] },
  { code: '23', name: 'Madhya Pradesh', utgst: false, pins: [[450, 488]] },
  { code: '24', name: 'Gujarat', utgst: false, pins: [[360, 396]] },
  {
    code: '26',
    name: 'Dadra and Nagar Haveli and Daman and Diu',
    utgst: true,
    pins: [
      [362, 362],
      [396, 396],
    ],
  },
  { code: '27', name: 'Maharashtra', utgst: false, pins: [[400, 445]] },
  { code: '29', name: 'Karnataka', utgst: false, pins: [[560, 591]] },
  { code: '30', name: 'Goa', utgst: false, pins: [[403, 403]] },
  { code: '31', name: 'Lakshadweep', utgst: true, pins: [[682, 682]] },
  { code: '32', name: 'Kerala', utgst: false, pins: [[670, 695]] },
  { code: '33', name: 'Tamil Nadu', utgst: false, pins: [[600, 643]] },
  {
    code: '34',
    name: 'Puducherry',
    utgst: false,
    pins: [
      [533, 533],
      [605, 605],
      [607, 607],
      [609, 609],
      [673, 673],
    ],
  },
  { code: '35', name: 'Andaman and Nicobar Islands', utgst: true, pins: [[744, 744]] },
  { code: '36', name: 'Telangana', utgst: false, pins: [] },
  { code: '37', name: 'Andhra Pradesh', utgst: false, pins: [[500, 535]] },
  { code: '38', name: 'Ladakh', utgst: true, pins: [] },
  { code: '97', name: 'Other Territory', utgst: true, pins: [] },
] as const satisfies readonly StateFacts[];

/** Two digits, one of the 37 that are offered. */
export type StateCode = (typeof states)[number]['code'];

/** The codes alone, in order; for drop-downs and for schemas. */
export const stateCodes: readonly StateCode[] = states.map((state) => state.code);

const factsByCode: ReadonlyMap<string, StateFacts> = new Map(states.map((state) => [state.code, state]));

/** True for one of the 37 offered codes: two digits, so `9` is not Uttar Pradesh. */
export function isStateCode(text: string): text is StateCode {
  return factsByCode.has(text);
}

function factsOf(code: StateCode): StateFacts {
  const facts = factsByCode.get(code);
  if (facts === undefined) throw new RangeError(`no state has the code ${code}`);
  return facts;
}

/** The name as printed. Throws RangeError on a code that is none, which only a wrong cast can bring. */
export function stateName(code: StateCode): string {
  return factsOf(code).name;
}

/** True where the second head of an intra-state tax is UTGST and not SGST (facts/gst.md §2.1). */
export function chargesUtgst(code: StateCode): boolean {
  return factsOf(code).utgst;
}

/**
 * Whether a six-digit PIN lies where the state's PINs do: true, false, or null where that is not known (36, 38, 97).
 * For a warning only; the ranges overlap. A text that is no PIN at all matches no state: false.
 */
export function pinMatchesState(pin: string, code: StateCode): boolean | null {
  const { pins } = factsOf(code);
  if (!isPin(pin)) return false;
  if (pins.length === 0) return null;
  const first = Number(pin.slice(0, 3));
  return pins.some(([low, high]) => first >= low && first <= high);
}

/** Six digits, the first not 0, without the space that people write in the middle. */
export function isPin(text: string): boolean {
  return /^[1-9][0-9]{5}$/.test(text);
}
