// Which of two words about one dispute holds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DisputeWord, laterWord, newsOfDispute } from '../../../sync-server/purchase/dispute.ts';

const at = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000));
const word = (status: DisputeWord['status'], seconds: number | null): DisputeWord => ({ status, toldAt: at(seconds) });

/** What is known after hearing these, in this order, as the store keeps it. */
function heard(words: readonly DisputeWord[]): DisputeWord | null {
  let known: DisputeWord | null = null;
  for (const told of words) {
    const later = laterWord(known?.toldAt ?? null, told.toldAt);
    if (newsOfDispute(known, told) === 'news') known = { status: told.status, toldAt: later };
    else if (known?.status === told.status) known = { status: known.status, toldAt: later };
  }
  return known;
}

describe('of two words about a dispute', () => {
  test.each([
    ['the first is news', null, word('lost', 1), 'news'],
    ['the same again is known', word('lost', 1), word('lost', 2), 'known'],
    ['it was opened is known once it was decided', word('won', 1), word('open', 2), 'known'],
    ['the later one holds', word('won', 1), word('lost', 2), 'news'],
    ['the older one is known', word('won', 2), word('lost', 1), 'known'],
    ['won holds over lost of the same second', word('lost', 1), word('won', 1), 'news'],
    ['lost over won of the same second is unclear', word('won', 1), word('lost', 1), 'unclear'],
    ['lost over won of no known time is unclear', word('won', null), word('lost', 5), 'unclear'],
    ['won over lost of no known time holds', word('lost', null), word('won', null), 'news'],
  ] as const)('%s', (_rule, before, told, is) => {
    expect(newsOfDispute(before, told)).toBe(is);
  });

  test('the last verdict holds at the end, however often and in whatever order they are heard', () => {
    const verdicts = fc.array(fc.constantFrom('lost', 'won', 'closed'), { minLength: 1, maxLength: 6 });
    const heardInAnyOrder = verdicts.chain((statuses) => {
      const history = statuses.map((status, index) => word(status, index + 1));
      const all = fc.shuffledSubarray([...history, ...history, ...history], { minLength: history.length * 3 });
      return fc.tuple(fc.constant(history), all);
    });
    fc.assert(
      fc.property(heardInAnyOrder, ([history, all]) => {
        expect(heard(all)?.status).toBe(history.at(-1)?.status);
      }),
    );
  });
});
