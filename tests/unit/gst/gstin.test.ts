import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkGstin,
  type GstinFault,
  gstinCheckCharacter,
  gstinStateCode,
  normaliseGstin,
} from '../../../shared/gst/gstin.ts';
import { generated } from './seed.ts';

const published = [
  '27AAPFU0939F1ZV',
  '29AAGCB7383J1Z4',
  '10AABCU9355J1Z9',
  '09AABCU9355J1ZS',
  '09AAACT2727Q1ZU',
  '24AAQCA8719H1ZC',
  '24AANFA2641L1ZF',
  '05AAACG2115R1ZN',
  '29AABCR1718E1ZL',
  '27AAJCS5738D1Z6',
];
const synthetic = [
  '27ABCPE1234F1ZB',
  '29ABCPE1234F1Z7',
  '09ABCPE1234F1Z9',
  '04ABCPE1234F1ZJ',
  '26ABCPE1234F1ZD',
  '36ABCPE1234F1ZC',
  '33ABCPE1234F1ZI',
  '38ABCPE1234F1Z8',
  '97ABCPE1234F1Z4',
];
const refused: Record<GstinFault, string[]> = {
  check_character: [
    '27AAPFU0939F1ZO',
    '27AAPFU0939F1Z0',
    '09AAACT2727Q1ZA',
    '29AAFCA7488L1Z0',
    '24AANFA2641L1ZK',
    '27AAECS1234M1Z5',
    '03AAJCR2207E1Z2',
    '01AABCE2207R1Z5',
    '16DEFPS8555D1Z7',
    '36AAAAA1234AAZA',
  ],
  length: ['', '27AAPFU0939F1Z', '27AAPFU0939F', '27AAPFU0939F1ZV12', 'AAAPFU0939F1ZV'],
  form: [
    '369296450896540',
    '27AAPFU0939F0ZW',
    '29AABCF8078M1C8',
    'AAAAPFU0939F1ZV',
    '02AMBPG7773M002',
    '36AMBPG7773M002',
    '09AAAPG7885R002',
  ],
  state: ['00AABCE2207R1Z5', '39AAPFU0939F1ZQ', withCheck('96ABCPE1234F1Z'), withCheck('99ABCPE1234F1Z')],
  state_retired: [withCheck('25ABCPE1234F1Z'), withCheck('28ABCPE1234F1Z')],
  pan_serial: ['27AAPFU0000F1ZJ'],
};
const publicTraps = ['24AAGCC7144L6ZE', '24ABCPM8965E1ZE', '27DJMPM8965E1ZE'];

function withCheck(firstFourteen: string): string {
  return firstFourteen + gstinCheckCharacter(firstFourteen);
}

describe('a GSTIN that is well formed', () => {
  it.each([...published, ...synthetic])('%s is taken, and its state is its first two digits', (gstin) => {
    expect(checkGstin(gstin)).toEqual({ ok: true, gstin, stateCode: gstin.slice(0, 2) });
    expect(gstinStateCode(gstin)).toBe(gstin.slice(0, 2));
  });

  it('may be typed with spaces, hyphens and small letters', () => {
    expect(normaliseGstin('  27 aapfu-0939-f1zv ')).toBe('27AAPFU0939F1ZV');
    expect(checkGstin('27 aapfu-0939-f1zv')).toMatchObject({ ok: true, gstin: '27AAPFU0939F1ZV' });
  });

  it('is not made from letters that only look right: a dotless ı is no I', () => {
    expect(checkGstin('33ABCPE1234F1Zı')).toEqual({ ok: false, reason: 'form' });
  });
});

describe('a GSTIN that is not', () => {
  const cases = Object.entries(refused).flatMap(([reason, list]) => list.map((gstin) => ({ gstin, reason })));
  it.each(cases)('"$gstin" is refused for its $reason', ({ gstin, reason }) => {
    expect(checkGstin(gstin)).toEqual({ ok: false, reason });
    expect(gstinStateCode(gstin)).toBeNull();
  });

  it.each(publicTraps)('%s stands in public fixtures and fails its check all the same', (gstin) => {
    expect(checkGstin(gstin).ok).toBe(false);
  });
});

describe('the check character', () => {
  it('is V for the worked example of the handbook', () => {
    expect(gstinCheckCharacter('27AAPFU0939F1Z')).toBe('V');
  });

  it('is asked for fourteen characters of the alphabet only', () => {
    expect(() => gstinCheckCharacter('27AAPFU0939F1')).toThrow(RangeError);
    expect(() => gstinCheckCharacter('27aapfu0939f1z')).toThrow(RangeError);
  });

  it('finds every single wrong character of every sample', () => {
    const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    let tried = 0;
    for (const gstin of [...published, ...synthetic]) {
      for (let at = 0; at < 14; at += 1) {
        for (const other of alphabet.filter((character) => character !== gstin.charAt(at))) {
          const wrong = gstin.slice(0, at) + other + gstin.slice(at + 1, 14);
          expect(gstinCheckCharacter(wrong), wrong).not.toBe(gstin.charAt(14));
          expect(checkGstin(wrong + gstin.charAt(14)).ok, wrong).toBe(false);
          tried += 1;
        }
      }
    }
    expect(tried).toBe(19 * 14 * 35);
  });

  it('finds a single wrong character in any number', () => {
    const character = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    const fourteen = fc.array(character, { minLength: 14, maxLength: 14 }).map((list) => list.join(''));
    fc.assert(
      fc.property(fourteen, fc.nat(13), character, (right, at, other) => {
        fc.pre(right.charAt(at) !== other);
        const wrong = right.slice(0, at) + other + right.slice(at + 1);
        expect(gstinCheckCharacter(wrong)).not.toBe(gstinCheckCharacter(right));
      }),
      generated(2000),
    );
  });
});
