import { describe, expect, test } from 'vitest';
import { screenErrorCodes, syncProblemCodes } from '../../../renderer/text/codes.ts';
import { dataSentence } from '../../../renderer/text/data-sentence.ts';
import { en } from '../../../renderer/text/en.ts';
import { entryName } from '../../../renderer/text/entry-words.ts';
import { explain, faultsOf } from '../../../renderer/text/explain.ts';
import { makeFormat } from '../../../renderer/text/format.ts';
import { text as hi } from '../../../renderer/text/hi/language.ts';
import { isWaiting, purchaseName, purchaseStep, stateTone } from '../../../renderer/text/purchase-words.ts';
import { errorCode } from '../../../shared/contract/errors.ts';
import { purchaseViewState } from '../../../shared/contract/purchase-view.ts';
import { counterErrorCode } from '../../../shared/contract/result.ts';
import { everyState } from '../../fakes/played-scenarios.ts';

const format = makeFormat(en.locale);
const words = { text: en, format };

describe('words for every refusal', () => {
  test('each code of the server, the counter and the screen has a sentence and a next step', () => {
    const codes = [...errorCode.options, ...counterErrorCode.options, ...screenErrorCodes, ...syncProblemCodes];
    expect(Object.keys(en.errors).sort()).toEqual([...codes].sort());
    for (const code of codes) {
      const { sentence, nextStep } = explain(en, code);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(nextStep).toMatch(/^[A-Z].*\.$/);
    }
  });
  test('a code of a newer server, or a name of every object, gets the plain sentence', () => {
    expect(explain(en, 'quota_of_2031')).toEqual(en.unknownError);
    expect(explain(en, 'toString')).toEqual(en.unknownError);
  });
  test('faults are found by the last word of their path, whatever their shape', () => {
    const faults = [{ path: '/body/gstin', reason: 'a' }, { path: 'pin', reason: 'b' }, null, 'x', { reason: 'c' }];
    const found = faultsOf({ code: 'invalid_request', retryable: false, details: { faults } });
    expect([...found]).toEqual([
      ['gstin', 'a'],
      ['pin', 'b'],
    ]);
    expect(faultsOf({ code: 'invalid_request', retryable: false, details: { faults: 'none' } }).size).toBe(0);
  });
});

describe('no text is empty', () => {
  test('every message of the table is words, and every function of it gives words', () => {
    const walk = (value: unknown, path: string): void => {
      if (typeof value === 'string') expect(value.trim(), path).not.toBe('');
      else if (typeof value === 'function') expect(String(value(1, '1', '1', '1')), path).not.toMatch(/undefined|^$/);
      else for (const [key, inner] of Object.entries(value as object)) walk(inner, `${path}.${key}`);
    };
    walk(en, 'en');
  });
  test('Hindi counts days that are left as one or as many', () => {
    const { title } = hi.overview.banner.past_due;
    expect([title(1), title(2)]).toEqual(['रिन्यूअल बाकी है: 1 दिन बचा', 'रिन्यूअल बाकी है: 2 दिन बचे']);
  });

  test('no word promises that all is synced', () => {
    expect(JSON.stringify(en)).not.toMatch(/\bsynced\b/i);
  });
});

describe('purchases in words', () => {
  test('each state has a chip, a tone and a step, online and offline', () => {
    const purchases = everyState();
    expect(new Set(purchases.map((purchase) => purchase.state))).toEqual(new Set(purchaseViewState.options));
    for (const purchase of purchases) {
      expect(en.purchases.states[purchase.state]).not.toBe('');
      expect(stateTone(purchase.state)).not.toBe('');
      expect(purchaseStep(words, purchase, true)).toMatch(/\.$/);
      expect(purchaseStep(words, purchase, false)).toMatch(/\.$/);
    }
  });
  test('what waits is what somebody can still do something about', () => {
    const waiting = new Set(
      everyState()
        .filter(isWaiting)
        .map((purchase) => purchase.state),
    );
    expect(waiting).toEqual(new Set(['queued', 'awaiting_payment', 'needs_confirmation']));
    const strange = everyState().find(({ state }) => state === 'unknown');
    expect(strange !== undefined && [isWaiting(strange), isWaiting({ ...strange, mine: true })]).toEqual([false, true]);
  });
  test('a queued one says online that it is being sent and offline that it will be', () => {
    const queued = everyState().find((purchase) => purchase.state === 'queued');
    if (queued === undefined) throw new Error('the scenario has none');
    expect(purchaseStep(words, queued, true)).toContain('when you are back online');
    expect(purchaseStep(words, queued, false)).toContain('Being sent now');
    expect(purchaseStep(words, { ...queued, sentAt: queued.createdAt }, true)).toContain('Waiting for the server');
    expect(purchaseName(words, { ...queued, quantity: 3 })).toBe('Top-up, 3 packs');
  });
});

describe('ledger entries in words', () => {
  const named = (kind: string, feature: string | null = null, reference: string | null = null) =>
    entryName(words, { kind, feature, reference });
  test('known kinds are named, unknown ones shown as they are', () => {
    expect(named('monthly_grant', null, '2026-11')).toBe('Monthly credits for November 2026');
    expect(named('monthly_grant', null, 'x')).toBe('Monthly credits');
    expect(named('spend', 'ai.assist')).toBe('Used by AI assistant');
    expect(named('spend', 'ocr.next')).toBe('Used by ocr.next');
    expect(named('goodwill')).toBe('Other (goodwill)');
  });
});

describe('the age of the data', () => {
  test('is told from when it is, and offline says so', () => {
    expect(dataSentence(en, 'online', '4:05 pm', '2 minutes ago')).toBe('Data from 4:05 pm, 2 minutes ago');
    expect(dataSentence(en, 'offline', '4:05 pm', '2 hours ago')).toBe(
      'Offline – showing data from 4:05 pm, 2 hours ago',
    );
    expect(dataSentence(en, 'connecting', '4:05 pm', 'just now')).toBe('Data from 4:05 pm, just now');
    expect(dataSentence(en, 'offline', '4:05 pm', '2 hours ago', '6:07 pm')).toBe(
      'Asked to wait until 6:07 pm – showing data from 4:05 pm, 2 hours ago',
    );
    expect(dataSentence(en, 'offline', null, null, '6:07 pm')).toBe(
      'Asked to wait until 6:07 pm – no data from the server yet',
    );
    expect(dataSentence(en, 'offline', null, '')).toBe('Offline – no data from the server yet');
  });
  test('is not told while nobody knows how late it is: only when the data is from', () => {
    expect(dataSentence(en, 'offline', '21 Nov 2026, 4:05 pm', null)).toBe(
      'Offline – showing data from 21 Nov 2026, 4:05 pm',
    );
  });
});
