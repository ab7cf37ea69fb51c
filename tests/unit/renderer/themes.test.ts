// The colours, read from the file that the screens take them from: everything that is written on something can be read on it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keepLook, keptLook, showTheme } from '../../../renderer/look.ts';
import { runEarly } from './run-early.ts';

const renderer = join(import.meta.dirname, '../../../renderer');
const css = readFileSync(join(renderer, 'styles/tokens.css'), 'utf8');

type Colours = Readonly<Record<string, string>>;

/** The colours of a block, for light and for dark pages. */
function colours(selector: string): { light: Colours; dark: Colours } {
  const block = css.slice(css.indexOf(`${selector} {`)).split('\n}', 1)[0] ?? '';
  const pairs = [...block.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)];
  return {
    light: Object.fromEntries(pairs.map(([, name = '', light = '']) => [name, light])),
    dark: Object.fromEntries(pairs.map(([, name = '', , dark = '']) => [name, dark])),
  };
}

/** As WCAG 2.2 has it. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['page', 'surface', 'sunken'];
/** Text on its ground. */
const texts: readonly (readonly [string, string])[] = [
  ...['ink', 'ink-soft', 'accent', 'good', 'warn', 'bad'].flatMap((ink) => grounds.map((on) => [ink, on] as const)),
  ...['ink', 'ink-soft', 'accent'].map((ink) => [ink, 'accent-soft'] as const),
  ['accent-ink', 'accent'],
  ['accent-ink', 'bad'],
  ['accent-ink', 'accent-deep'],
  ...['good', 'warn', 'bad'].flatMap((tone) => [
    [tone, `${tone}-soft`] as const,
    ['ink', `${tone}-soft`] as const,
    ['ink-soft', `${tone}-soft`] as const,
  ]),
];
/** What is no text but must be seen: the edge of a field, the ring of the focus. */
const edges = ['line-strong', 'accent'].flatMap((line) => grounds.map((on) => [line, on] as const));

const usual = colours(':root');
const strong = colours(':root[data-theme="contrast"]');
const themes = {
  light: { colours: usual.light, text: 4.5 },
  dark: { colours: usual.dark, text: 4.5 },
  'high contrast, light': { colours: { ...usual.light, ...strong.light }, text: 7 },
  'high contrast, dark': { colours: { ...usual.dark, ...strong.dark }, text: 7 },
};

describe.each(Object.entries(themes))('in the theme %s', (_name, { colours: theme, text }) => {
  test.each(texts)('%s can be read on %s', (ink, ground) => {
    expect(contrast(theme[ink] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(text);
  });
  test.each(edges)('%s is seen on %s', (line, ground) => {
    expect(contrast(theme[line] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(3);
  });
});

describe('the theme', () => {
  test('high contrast has every colour that the usual one has', () => {
    expect(Object.keys(strong.light)).toEqual(Object.keys(usual.light));
  });
  test('is the same before the first paint as after it', () => {
    for (const more of [false, true]) {
      for (const theme of ['system', 'light', 'dark', 'contrast'] as const) {
        const [early, late] = [{ dataset: {}, lang: 'en' }, { dataset: {} }];
        const kept = JSON.stringify({ theme, language: 'hi' });
        runEarly({ root: early, kept, moreContrast: more });
        showTheme(late as never, theme, more);
        expect(early.dataset, `${theme} ${more}`).toEqual(late.dataset);
        expect(early.lang).toBe('hi');
      }
    }
  });
  test.each(['', '{', 'null', '[]', '{"theme":"pink"}', '{"theme":1}'])('that is kept wrongly is none: %s', (text) => {
    expect(keptLook({ getItem: () => text, setItem: () => undefined })).toBeNull();
    const root = { dataset: {}, lang: 'en' };
    runEarly({ root, kept: text });
    expect(root).toEqual({ dataset: {}, lang: 'en' });
  });
  test('goes without where a browser keeps nothing', () => {
    const shut = {
      getItem: () => {
        throw new Error('SecurityError');
      },
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    expect(keptLook(shut)).toBeNull();
    expect(keepLook(shut, { theme: 'dark', language: null })).toBe(false);
  });
  test('no style sheet but this one has a colour of its own', () => {
    for (const sheet of ['base.css'])
      expect(readFileSync(join(renderer, 'styles', sheet), 'utf8')).not.toMatch(/#[0-9a-f]{3}/i);
  });
});
