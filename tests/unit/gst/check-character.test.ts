// Exactly what the check character of a GSTIN can find, and what it cannot: shown for all values, not for samples.
import { describe, expect, it } from 'vitest';
import { gstinCheckCharacter } from '../../../shared/gst/gstin.ts';

const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const base = 'A1B2C3D4E5F6G7';
const put = (at: number, character: string, into = base) => into.slice(0, at) + character + into.slice(at + 1);
const at14 = Array.from({ length: 14 }, (_, at) => at);

describe('the check character', () => {
  it('finds every single wrong character: at each place, all 36 characters give 36 different ones', () => {
    for (const at of at14) {
      const given = alphabet.map((character) => gstinCheckCharacter(put(at, character)));
      expect(new Set(given).size, `place ${at + 1}`).toBe(36);
    }
  });

  it('is wrong itself in 35 of 36 cases, and those are found too', () => {
    const right = gstinCheckCharacter(base);
    expect(alphabet.filter((character) => character === right)).toHaveLength(1);
  });

  it('finds every swap of two neighbours but that of 0 and Z', () => {
    const missed = new Set<string>();
    for (const at of at14.slice(0, 13)) {
      for (const a of alphabet) {
        for (const b of alphabet.filter((other) => other !== a)) {
          const swapped = gstinCheckCharacter(put(at, b, put(at + 1, a)));
          if (swapped === gstinCheckCharacter(put(at, a, put(at + 1, b)))) missed.add([a, b].sort().join(''));
        }
      }
    }
    expect([...missed]).toEqual(['0Z']);
  });

  it('finds no swap of two characters that stand two apart: they have the same weight', () => {
    for (const at of at14.slice(0, 12)) {
      const swapped = put(at, base.charAt(at + 2), put(at + 2, base.charAt(at)));
      expect(gstinCheckCharacter(swapped)).toBe(gstinCheckCharacter(base));
    }
  });

  it('finds 35 of 36 where two characters are wrong: for each wrong one there is one that makes up for it', () => {
    const right = gstinCheckCharacter(base);
    const first = alphabet.filter((character) => character !== base.charAt(3));
    const unseen = first.flatMap((a) => alphabet.filter((b) => gstinCheckCharacter(put(3, a, put(8, b))) === right));
    expect(unseen).toHaveLength(35);
  });
});
