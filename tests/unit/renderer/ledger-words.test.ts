// The ledger in words: who did it, what for, and what a search on the screen's own names finds.
import { describe, expect, test } from 'vitest';
import { en } from '../../../renderer/text/en.ts';
import { actorName, entryDetail, featuresNamed, kindName } from '../../../renderer/text/entry-words.ts';
import { makeFormat } from '../../../renderer/text/format.ts';
import { targetOf } from '../../../renderer/views/ledger/use-grid.ts';
import { entryKind } from '../../../shared/ledger/entry.ts';

const words = { text: en, format: makeFormat(en.locale) };
const names = new Map([
  ['dev_front', 'Front counter'],
  ['dev_9f31c2aa', null],
]);

describe('an entry in words', () => {
  test('names who did it: a counter by its name or the beginning of its id, the server, support', () => {
    expect(actorName(words, names, 'dev_front')).toBe('Front counter');
    expect(actorName(words, names, 'dev_9f31c2aa')).toBe('Counter 9f31c2');
    expect(actorName(words, names, null)).toBe(actorName(words, names, 'system'));
    expect(actorName(words, names, 'operator')).toBe('Support');
    expect(actorName(words, names, 'toString')).toContain('toStri');
  });
  test('every kind has a name, and one of a newer server is shown as it is', () => {
    for (const kind of entryKind.options) expect(Object.hasOwn(en.ledgerList.kinds, kind)).toBe(true);
    expect(kindName(words, 'goodwill')).toContain('goodwill');
    expect(kindName(words, 'constructor')).toContain('constructor');
  });
  test('a month that the name tells is not told a second time', () => {
    const entry = { seq: 1234, kind: 'monthly_grant', feature: null, reference: '2026-11' };
    expect(entryDetail(words, entry)).toBe('No. 1,234');
    expect(entryDetail(words, { ...entry, reference: 'ticket 7' })).toBe('No. 1,234 · ticket 7');
  });
  test('a search finds features by the names that the screen gives them', () => {
    expect(featuresNamed(words, ['ai.assist', 'ai.batch', 'ocr'], 'ASSISTANT')).toEqual(['ai.assist']);
    expect(featuresNamed(words, ['ai.assist', 'ocr'], '  ')).toEqual([]);
  });
});

describe('keys in the ledger', () => {
  const at = { from: 500, perPage: 8, total: 1_000 };
  test('go to older rows downwards, to newer ones upwards, and to both ends', () => {
    expect(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].map((key) => targetOf(key, at))).toEqual([
      499, 501, 492, 508, 1_000, 1,
    ]);
  });
  test('other keys are left to the browser', () => {
    expect(['Tab', 'Enter', ' ', 'a', 'Escape'].map((key) => targetOf(key, at))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
