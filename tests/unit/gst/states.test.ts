import { describe, expect, it } from 'vitest';
import {
  isIntraState,
  placeOfSupply,
  placeOfSupplyLabel,
  secondHeadLabel,
} from '../../../shared/gst/place-of-supply.ts';
import {
  chargesUtgst,
  isPin,
  isStateCode,
  pinMatchesState,
  type StateCode,
  stateCodes,
  stateName,
  states,
} from '../../../shared/gst/states.ts';

/** Facts §2.2: code, name, and the first three digits of the PINs. */
const handbook = [
  '01 Jammu and Kashmir: 180-194',
  '02 Himachal Pradesh: 171-177',
  '03 Punjab: 140-160',
  '04 Chandigarh: 160',
  '05 Uttarakhand: 244-263',
  '06 Haryana: 121-136',
  '07 Delhi: 110',
  '08 Rajasthan: 301-345',
  '09 Uttar Pradesh: 201-285',
  '10 Bihar: 800-855',
  '11 Sikkim: 737',
  '12 Arunachal Pradesh: 790-792',
  '13 Nagaland: 797-798',
  '14 Manipur: 795',
  '15 Mizoram: 796',
  '16 Tripura: 799',
  '17 Meghalaya: 793-794',
  '18 Assam: 781-788',
  '19 West Bengal: 700-743',
  '20 Jharkhand: 813-835',
  '21 Odisha: 751-770',
  '22 Chhattisgarh: 490-497',
  '23 Madhya Pradesh: 450-488',
  '24 Gujarat: 360-396',
  '26 Dadra and Nagar Haveli and Daman and Diu: 362, 396',
  '27 Maharashtra: 400-445',
  '29 Karnataka: 560-591',
  '30 Goa: 403',
  '31 Lakshadweep: 682',
  '32 Kerala: 670-695',
  '33 Tamil Nadu: 600-643',
  '34 Puducherry: 533, 605, 607, 609, 673',
  '35 Andaman and Nicobar Islands: 744',
  '36 Telangana: ',
  '37 Andhra Pradesh: 500-535',
  '38 Ladakh: ',
  '97 Other Territory: ',
];
const pinsOf = (pins: readonly (readonly [number, number])[]) =>
  pins.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(', ');

describe('the states', () => {
  it('are 37: 01 to 24, 26, 27, 29 to 38 and 97, in order and each once', () => {
    const numbers = stateCodes.map(Number);
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    expect(numbers).toEqual([...range(1, 24), 26, 27, ...range(29, 38), 97]);
    expect(new Set(stateCodes.map(stateName)).size).toBe(37);
  });

  it.each(['00', '25', '28', '39', '96', '98', '99', '9', '', '027', ' 27'])('"%s" is no state', (text) => {
    expect(isStateCode(text)).toBe(false);
  });

  it('have the names that print expects, and the PINs of the handbook', () => {
    expect(states.map(({ code, name, pins }) => `${code} ${name}: ${pinsOf(pins)}`)).toEqual(handbook);
    expect(stateCodes.map(stateName)).toEqual(states.map(({ name }) => name));
    expect(placeOfSupplyLabel('29')).toBe('29-Karnataka');
  });

  it('are asked for by a code that there is', () => {
    expect(() => stateName('25' as StateCode)).toThrow(new RangeError('no state has the code 25'));
  });

  it('call the second head UTGST in the union territories without a legislature, and there only', () => {
    expect(stateCodes.filter(chargesUtgst)).toEqual(['04', '26', '31', '35', '38', '97']);
    expect(secondHeadLabel('04')).toBe('UTGST');
    for (const code of ['01', '07', '34'] as const) expect(secondHeadLabel(code)).toBe('SGST');
  });
});

describe('a PIN', () => {
  it.each([
    ['400018', '27', true],
    ['445999', '27', true],
    ['446000', '27', false],
    ['399999', '27', false],
    ['560001', '29', true],
    ['160017', '03', true],
    ['160017', '04', true],
    ['396210', '26', true],
    ['396210', '24', true],
    ['605001', '34', true],
    ['606001', '34', false],
    ['110001', '29', false],
  ] as const)('%s in state %s: %s', (pin, code, expected) => {
    expect(pinMatchesState(pin, code)).toBe(expected);
  });

  it('of a state whose range is not known is neither right nor wrong', () => {
    for (const code of ['36', '38', '97'] as const) expect(pinMatchesState('500001', code)).toBeNull();
  });

  it('is six digits and does not begin with 0; anything else fits no state', () => {
    expect(isPin('400018')).toBe(true);
    for (const text of ['040018', '40001', '4000188', '1400018', 'x400018', '400 018', 'abcdef', '']) {
      expect(isPin(text)).toBe(false);
      expect(pinMatchesState(text, '36')).toBe(false);
    }
  });
});

describe('the place of supply', () => {
  it('of a registered buyer is the state of the GSTIN, whatever the address says', () => {
    expect(placeOfSupply({ gstin: '29AAGCB7383J1Z4', stateCode: '27' })).toBe('29');
  });

  it('of an unregistered buyer is the state of the address', () => {
    expect(placeOfSupply({ gstin: null, stateCode: '33' })).toBe('33');
  });

  it('is never guessed: no state, an unknown state and a wrong GSTIN are refused', () => {
    for (const stateCode of ['', '25', '99']) {
      expect(() => placeOfSupply({ gstin: null, stateCode })).toThrow(RangeError);
    }
    expect(() => placeOfSupply({ gstin: '29AAGCB7383J1Z5', stateCode: '29' })).toThrow(RangeError);
    expect(() => placeOfSupply({ gstin: '', stateCode: '29' })).toThrow(RangeError);
  });

  it('in the seller’s own state takes CGST and SGST, in any other IGST', () => {
    expect(isIntraState('27', '27')).toBe(true);
    expect(isIntraState('27', '29')).toBe(false);
  });
});
