import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeSpeech } from '../../../renderer/store/speech.ts';
import { en, type Messages } from '../../../renderer/text/en.ts';
import { makeFormat } from '../../../renderer/text/format.ts';
import { text as hi } from '../../../renderer/text/hi/language.ts';
import { chooseLanguage, languages, languagesOf } from '../../../renderer/text/languages.ts';
import { pluralsOf } from '../../../renderer/text/plural.ts';
import { latinWords } from '../../fakes/latin-words.ts';

/** Every message of a table by its path, functions called with words and numbers of no language. */
function messagesOf(table: Messages, n: number): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') found.set(path, value);
    else if (typeof value === 'function') found.set(path, String(value(n, '७', '८', '९')));
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
  };
  walk({ ...table, locale: '', time: {} }, '');
  return found;
}

describe('Hindi', () => {
  test('has every message that English has, and no other', () => {
    expect([...messagesOf(hi, 1).keys()]).toEqual(expect.arrayContaining([...messagesOf(en, 1).keys()]));
    expect(messagesOf(hi, 1).size).toBe(messagesOf(en, 1).size);
  });
  test.each([0, 1, 2, 20])('has no Latin word in any message but names, units and codes (for %d of a thing)', (n) => {
    for (const [path, message] of messagesOf(hi, n)) {
      expect(message.trim() !== '' || path.endsWith('locale'), path).toBe(true);
      expect(latinWords(message), `${path}: ${message}`).toEqual([]);
    }
  });
  test('is not English under another name: nearly every message has Devanagari in it', () => {
    const without = [...messagesOf(hi, 2)].filter(([, message]) => message !== '' && !/[\u0900-\u097F]/.test(message));
    expect(without.map(([path]) => path).sort()).toEqual(
      [
        '.activation.fields.gstin',
        '.invoices.panel.gstin',
        '.invoices.panel.sac',
        '.overview.plan.name',
        '.shell.product',
      ].sort(),
    );
  });
  test('says one sentence and one next step for every code', () => {
    for (const [code, { sentence, nextStep }] of Object.entries({ ...hi.errors, unknown: hi.unknownError })) {
      expect(sentence, code).toMatch(/^[^।]+।$/);
      expect(nextStep, code).toMatch(/।$/);
    }
  });
  test('has no leftover of the way that tables are written: undefined, null, objects', () => {
    for (const [path, message] of messagesOf(hi, 3)) expect(message, path).not.toMatch(/undefined|null|\[object/);
  });
});

describe('numbers and dates in Hindi', () => {
  const format = makeFormat(hi.locale, hi.time);
  test('have Latin digits, as Indian bills have, grouped the Indian way', () => {
    expect(format.number(12_345_678)).toBe('1,23,45,678');
    expect(format.rupees(1_500_000)).toBe('₹15,000');
    expect(format.exactRupees(38_136)).toBe('₹381.36');
    expect(format.signed(-1_200)).toBe('−1,200');
  });
  test('have a time of day in words, in Hindi', () => {
    expect(format.dateTime('2026-11-22T10:35:00.000Z')).toBe('22 नव॰ 2026, शाम 4:05');
    expect(format.dateTime('2026-11-22T03:35:00.000Z')).toContain('सुबह 9:05');
    expect(format.month('2026-11')).toBe('नवंबर 2026');
    expect(format.ago(7_200)).toBe('2 घंटे पहले');
  });
});

describe('plurals', () => {
  test('follow the rules of the language: zero is one in Hindi and many in English', () => {
    const forms = { one: 'एक', other: 'कई' };
    expect([0, 1, 2].map((n) => pluralsOf('hi-IN')(n, forms))).toEqual(['एक', 'एक', 'कई']);
    expect([0, 1, 2].map((n) => pluralsOf('en-IN')(n, forms))).toEqual(['कई', 'एक', 'कई']);
  });
  test('have as many forms as a language needs, and fall back to the one that all have', () => {
    const arabic = pluralsOf('ar');
    const forms = { zero: '0', one: '1', two: '2', few: 'few', many: 'many', other: 'other' };
    expect([0, 1, 2, 3, 11, 100].map((n) => arabic(n, forms))).toEqual(['0', '1', '2', 'few', 'many', 'other']);
    expect(arabic(3, { other: 'other' })).toBe('other');
  });
});

describe('the languages', () => {
  const marathi: Messages = { ...hi, locale: 'mr-IN', shell: { ...hi.shell, starting: 'सुरू होत आहे…' } };
  const more = languagesOf({
    './mr/language.ts': async () => ({ text: marathi }),
    './en/language.ts': async () => ({ text: en }),
    './hi/language.ts': async () => ({ text: hi }),
  });
  test('are found by their folders, English first, each named in its own words', () => {
    expect(languages.map(({ tag, name }) => `${tag} ${name}`)).toEqual(['en English', 'hi हिन्दी']);
    expect(more.map(({ tag, name }) => `${tag} ${name}`)).toEqual(['en English', 'hi हिन्दी', 'mr मराठी']);
  });
  test('are chosen by the user, else by the first language of the system, else English', () => {
    const tag = (wanted: string | null, system: string[]) => chooseLanguage(more, wanted, system)?.tag;
    expect(tag('hi', ['en-IN'])).toBe('hi');
    expect(tag(null, ['hi-IN', 'en-IN'])).toBe('hi');
    expect(tag(null, ['mr-IN'])).toBe('mr');
    expect(tag(null, ['en-US', 'hi-IN'])).toBe('en');
    expect(tag(null, ['ta-IN', 'hi-IN'])).toBe('en');
    expect(tag('ta', ['hi-IN'])).toBe('hi');
    expect(tag(null, [])).toBe('en');
  });
  test('no code names one: only the folder of a language knows its tag', () => {
    for (const file of ['text/languages.ts', 'store/speech.ts', 'main.tsx', 'views/language-field.tsx', 'app.tsx'])
      expect(readFileSync(join(import.meta.dirname, '../../../renderer', file), 'utf8'), file).not.toMatch(
        /['"/]hi['"/]/,
      );
  });

  const root = () => ({ lang: '' });
  test('a third one is spoken like the others, and the page says which', async () => {
    const page = root();
    const speech = makeSpeech(more, ['en-IN'], page);
    await speech.speak(null);
    expect([page.lang, speech.systemName]).toEqual(['en', 'English']);
    await speech.speak('mr');
    expect(page.lang).toBe('mr');
    expect(speech.state.getState().spoken?.text.shell.starting).toBe('सुरू होत आहे…');
  });
  test('one that cannot be fetched leaves the one before, and that is told; the next choice heals it', async () => {
    const broken = languagesOf({
      './en/language.ts': async () => ({ text: en }),
      './hi/language.ts': () => Promise.reject(new Error('404')),
    });
    const speech = makeSpeech(broken, ['en-IN'], root());
    await speech.speak(null);
    await speech.speak('hi');
    expect(speech.state.getState()).toMatchObject({ spoken: { tag: 'en' }, failed: true });
    await speech.speak('en');
    expect(speech.state.getState().failed).toBe(false);
    const first = makeSpeech(broken, ['hi-IN'], root());
    await first.speak(null);
    expect(first.state.getState().spoken?.tag).toBe('en');
  });
  test('the last choice stands, whichever comes first', async () => {
    const slow = Promise.withResolvers<{ text: Messages }>();
    const speech = makeSpeech(
      languagesOf({ './en/language.ts': async () => ({ text: en }), './hi/language.ts': () => slow.promise }),
      [],
      root(),
    );
    const first = speech.speak('hi');
    await speech.speak('en');
    slow.resolve({ text: hi });
    await first;
    expect(speech.state.getState().spoken?.tag).toBe('en');
  });
});
