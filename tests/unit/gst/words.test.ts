import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountInWords } from '../../../shared/gst/words.ts';
import { generated } from './seed.ts';

const paiseInRupee = 100;
const small: Record<string, number> = {};
for (const [index, name] of [
  ...'Zero One Two Three Four Five Six Seven Eight Nine Ten'.split(' '),
  ...'Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen'.split(' '),
].entries()) {
  small[name] = index;
}
for (const [index, name] of 'Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety'.split(' ').entries()) {
  small[name] = (index + 2) * 10;
}
const scales: Record<string, number> = { Hundred: 100, Thousand: 1_000, Lakh: 100_000, Crore: 10_000_000 };

/** Reads a spoken number from left to right: a scale word multiplies all smaller that stands before it. */
function spoken(words: string): number {
  const parts: number[] = [];
  for (const word of words.split(' ')) {
    const scale = scales[word];
    const unit = small[word];
    if (unit !== undefined) {
      parts.push(unit);
    } else if (scale !== undefined) {
      let smaller = 0;
      while (parts.length > 0 && (parts.at(-1) ?? 0) < scale) smaller += parts.pop() ?? 0;
      parts.push(smaller * scale);
    } else {
      throw new Error(`not a number word: "${word}"`);
    }
  }
  return parts.reduce((sum, part) => sum + part, 0);
}

/** The paise that a sentence on an invoice stands for; throws unless it is said as the rule says. */
function paiseOf(sentence: string): number {
  const match = /^(.+?) (Rupees?)(?: And (.+) (Paisa|Paise))? Only$/.exec(sentence);
  if (match === null) throw new Error(`not an amount in words: "${sentence}"`);
  const rupees = spoken(match[1] ?? '');
  const odd = match[3] === undefined ? 0 : spoken(match[3]);
  if ((rupees === 1) !== (match[2] === 'Rupee')) throw new Error(`one rupee, many rupees: "${sentence}"`);
  if (match[3] !== undefined && (odd === 1) !== (match[4] === 'Paisa')) throw new Error(`one paisa: "${sentence}"`);
  return rupees * paiseInRupee + odd;
}

describe('an amount in words', () => {
  it.each([
    [0, 'Zero Rupees Only'],
    [1, 'Zero Rupees And One Paisa Only'],
    [99, 'Zero Rupees And Ninety Nine Paise Only'],
    [100, 'One Rupee Only'],
    [150, 'One Rupee And Fifty Paise Only'],
    [201, 'Two Rupees And One Paisa Only'],
    [2_000, 'Twenty Rupees Only'],
    [10_000, 'One Hundred Rupees Only'],
    [10_100, 'One Hundred One Rupees Only'],
    [1_770_000, 'Seventeen Thousand Seven Hundred Rupees Only'],
    [1_770_050, 'Seventeen Thousand Seven Hundred Rupees And Fifty Paise Only'],
    [10_000_000, 'One Lakh Rupees Only'],
    [1_000_000_000, 'One Crore Rupees Only'],
    [
      1_234_567_890,
      'One Crore Twenty Three Lakh Forty Five Thousand Six Hundred Seventy Eight Rupees And Ninety Paise Only',
    ],
    [
      99_999_999_999,
      'Ninety Nine Crore Ninety Nine Lakh Ninety Nine Thousand Nine Hundred Ninety Nine Rupees And Ninety Nine Paise Only',
    ],
    [1_000_000_000_000, 'One Thousand Crore Rupees Only'],
  ])('%i paise is %s', (paise, sentence) => {
    expect(amountInWords(paise)).toBe(sentence);
  });

  it('says one hundred crore, not one arab', () => {
    expect(amountInWords(100_000_000_000)).toBe('One Hundred Crore Rupees Only');
  });

  it('can be read back to the same paise, whatever the amount', () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 1_000_000_000_000 }),
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 0, max: 10_000 }).map((thousandths) => thousandths * 100_000_000),
    );
    fc.assert(
      fc.property(amount, (paise) => {
        expect(paiseOf(amountInWords(paise))).toBe(paise);
      }),
      generated(5000),
    );
  });

  it('can be read back for each of the first ten thousand rupees', () => {
    for (let paise = 0; paise <= 1_000_000; paise += paiseInRupee) expect(paiseOf(amountInWords(paise))).toBe(paise);
  });

  it('is refused for what is no amount of paise', () => {
    for (const bad of [-1, 0.5, Number.NaN, 1e12 + 1]) expect(() => amountInWords(bad)).toThrow(RangeError);
  });
});
