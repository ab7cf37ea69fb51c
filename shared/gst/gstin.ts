// Owns the GSTIN: how one is cleaned, checked and read. A number that passes is well formed; whether it was ever issued,
// and to whom, only the tax portal knows, so screens say "format valid", never "verified". Source: facts/gst.md §3.
import { isStateCode, type StateCode } from './states.ts';

/**
 * Why a GSTIN is refused: `length` not 15 characters; `form` the pattern of a normal taxpayer is broken; `state` no such
 * state; `state_retired` 25 or 28, whose holders have had new numbers for years; `pan_serial` the PAN inside has the
 * serial 0000, which is never given out; `check_character` the last character does not follow from the first fourteen.
 */
export type GstinFault = 'length' | 'form' | 'state' | 'state_retired' | 'pan_serial' | 'check_character';

/** The cleaned number and its state, or the first fault found. */
export type GstinCheck =
  | { readonly ok: true; readonly gstin: string; readonly stateCode: StateCode }
  | { readonly ok: false; readonly reason: GstinFault };

/** 2 digits of state, PAN (5 letters, 4 digits, 1 letter), entity 1-9 or A-Z, the letter Z, check character. */
export const gstinPattern = /^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const retiredStates: readonly string[] = ['25', '28'];

/** Without spaces and hyphens, in capitals. Only a-z is raised: toUpperCase alone would let a dotless ı pass as I. */
export function normaliseGstin(text: string): string {
  return text.replace(/[\s-]/g, '').replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/**
 * The 15th character for the first fourteen, by Luhn modulo 36: every second value is doubled, digits of the result in
 * base 36 are added, and the check brings the sum to a multiple of 36. Finds every single wrong character.
 * Throws RangeError unless given fourteen characters of 0-9, A-Z.
 */
export function gstinCheckCharacter(firstFourteen: string): string {
  if (!/^[0-9A-Z]{14}$/.test(firstFourteen)) throw new RangeError('a check character needs fourteen of 0-9, A-Z');
  let sum = 0;
  for (let i = 0; i < firstFourteen.length; i += 1) {
    const product = alphabet.indexOf(firstFourteen.charAt(i)) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return alphabet.charAt((36 - (sum % 36)) % 36);
}

/**
 * Checks a GSTIN as a person typed it. Taken: the form of a normal taxpayer, which every pharmacy is. The other forms
 * (tax collectors, deductors, government, embassies) are refused as `form`: they cannot be buyers here.
 */
export function checkGstin(text: string): GstinCheck {
  const gstin = normaliseGstin(text);
  if (gstin.length !== 15) return { ok: false, reason: 'length' };
  if (!gstinPattern.test(gstin)) return { ok: false, reason: 'form' };
  const stateCode = gstin.slice(0, 2);
  if (retiredStates.includes(stateCode)) return { ok: false, reason: 'state_retired' };
  if (!isStateCode(stateCode)) return { ok: false, reason: 'state' };
  if (gstin.slice(7, 11) === '0000') return { ok: false, reason: 'pan_serial' };
  if (gstinCheckCharacter(gstin.slice(0, 14)) !== gstin.charAt(14)) return { ok: false, reason: 'check_character' };
  return { ok: true, gstin, stateCode };
}

/** The state that issued the number, or null if the number does not pass the check. */
export function gstinStateCode(text: string): StateCode | null {
  const check = checkGstin(text);
  return check.ok ? check.stateCode : null;
}
