// Owns the amount in words as Indian invoices print it: lakh and crore, and hundreds of crores instead of arab.
// Source: facts/gst.md §5. A custom, not a field of rule 46, so the figures decide if the two ever differ.
import { requirePaise } from './paise.ts';

const paiseInRupee = 100;

const belowTwenty = (
  'Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen ' +
  'Seventeen Eighteen Nineteen'
).split(' ');
const tens = 'Zero Ten Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety'.split(' ');

const scales = [
  { size: 10_000_000, name: 'Crore' },
  { size: 100_000, name: 'Lakh' },
  { size: 1_000, name: 'Thousand' },
  { size: 100, name: 'Hundred' },
] as const;

/**
 * 1770050 → "Seventeen Thousand Seven Hundred Rupees And Fifty Paise Only"; 100 → "One Rupee Only"; 1 → "Zero Rupees And
 * One Paisa Only". Throws RangeError unless given whole paise from 0 to largestAmount.
 */
export function amountInWords(paise: number): string {
  requirePaise(paise, 'an amount in words');
  const odd = paise % paiseInRupee;
  const rupees = (paise - odd) / paiseInRupee;
  const front = `${numberInWords(rupees)} ${rupees === 1 ? 'Rupee' : 'Rupees'}`;
  if (odd === 0) return `${front} Only`;
  return `${front} And ${numberInWords(odd)} ${odd === 1 ? 'Paisa' : 'Paise'} Only`;
}

/** A whole number from 0; the count of crores is itself spelled out, so it may pass a hundred or a thousand. */
function numberInWords(value: number): string {
  if (value < 20) return word(belowTwenty, value);
  const words: string[] = [];
  let rest = value;
  for (const { size, name } of scales) {
    if (rest < size) continue;
    const below = rest % size;
    words.push(numberInWords((rest - below) / size), name);
    rest = below;
  }
  if (rest >= 20) {
    words.push(word(tens, (rest - (rest % 10)) / 10));
    rest %= 10;
  }
  if (rest > 0) words.push(word(belowTwenty, rest));
  return words.join(' ');
}

function word(list: readonly string[], index: number): string {
  const found = list[index];
  if (found === undefined) throw new RangeError(`no word for ${index}`);
  return found;
}
