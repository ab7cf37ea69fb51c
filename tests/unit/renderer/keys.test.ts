// Keys that work on every screen, and what the palette finds.
import { describe, expect, test } from 'vitest';
import { screens } from '../../../renderer/store/route.ts';
import { fitting, keysOf, type Press, screenKeys, shortcutOf } from '../../../renderer/views/commands/keys.ts';

const press = (change: Partial<Press>): Press => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  typing: false,
  ...change,
});

describe('shortcuts', () => {
  test('Ctrl K and Command K open the commands, also while typing', () => {
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { ctrlKey: true, typing: true }]) {
      expect(shortcutOf(press({ key: 'k', code: 'KeyK', ...held }))).toEqual({ kind: 'commands' });
    }
    expect(shortcutOf(press({ key: 'K', code: 'KeyK', ctrlKey: true }))).toEqual({ kind: 'commands' });
  });
  test('a question mark lists the keys, but is only a letter where text is typed', () => {
    expect(shortcutOf(press({ key: '?', code: 'Slash' }))).toEqual({ kind: 'shortcuts' });
    expect(shortcutOf(press({ key: '?', code: 'Slash', typing: true }))).toBeNull();
  });
  test('Alt and the number of a screen go there, on the upper row and on the number pad', () => {
    screens.forEach((screen, at) => {
      expect(shortcutOf(press({ key: '¡', code: `Digit${at + 1}`, altKey: true }))).toEqual({ kind: 'screen', screen });
      expect(shortcutOf(press({ code: `Numpad${at + 1}`, altKey: true }))).toEqual({ kind: 'screen', screen });
      expect(screenKeys(screen)).toEqual(['Alt', String(at + 1)]);
    });
    expect(shortcutOf(press({ code: 'Digit9', altKey: true }))).toBeNull();
  });
  test('no letter, digit or Enter alone does anything, nor do the browser’s own keys', () => {
    for (const key of ['k', 't', 'r', '1', 'Enter', 'Escape', 'F5', ' ']) {
      expect(shortcutOf(press({ key, code: `Key${key.toUpperCase()}` }))).toBeNull();
    }
    expect(shortcutOf(press({ key: 't', code: 'KeyT', ctrlKey: true }))).toBeNull();
    expect(shortcutOf(press({ key: 'r', code: 'KeyR', ctrlKey: true, altKey: true }))).toBeNull();
  });
  test('no two commands have the same keys', () => {
    const all = [...Object.values(keysOf), ...screens.map(screenKeys)].map((keys) => keys.join(' '));
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('the palette', () => {
  const all = ['Top up credits', 'Go to Ledger', 'Go to Usage', 'लेजर पर जाएं'].map((name) => ({ name }));
  test('finds every command that holds all the words, in whatever case and order', () => {
    expect(fitting(all, ' LEDGER go ')).toEqual([{ name: 'Go to Ledger' }]);
    expect(fitting(all, 'लेजर')).toEqual([{ name: 'लेजर पर जाएं' }]);
    expect(fitting(all, '')).toEqual(all);
    expect(fitting(all, 'xyz')).toEqual([]);
  });
});
