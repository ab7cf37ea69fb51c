// Which keys do what, wherever the user stands. Letters alone do nothing, so that nobody buys by typing.
import { type Screen, screens } from '../../store/route.ts';

/** A key as it went down. typing: the focus is where text is typed. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly typing: boolean;
}

export type Shortcut =
  | { readonly kind: 'commands' | 'shortcuts' | 'topUp' | 'refresh' }
  | { readonly kind: 'screen'; readonly screen: Screen };

/** As they are written, for the list of them and beside each command. */
export const keysOf = {
  commands: ['Ctrl', 'K'],
  shortcuts: ['?'],
  topUp: ['Alt', 'T'],
  refresh: ['Alt', 'R'],
} as const;

export function screenKeys(screen: Screen): readonly string[] {
  return ['Alt', String(screens.indexOf(screen) + 1)];
}

export function shortcutOf(press: Press): Shortcut | null {
  const { key, code, altKey } = press;
  const held = press.ctrlKey || press.metaKey;
  if (held && !altKey && key.toLowerCase() === 'k') return { kind: 'commands' };
  if (key === '?' && !held && !altKey && !press.typing) return { kind: 'shortcuts' };
  if (!altKey || held) return null;
  // By the place of the key: with Alt held, some keyboards say another letter.
  if (code === 'KeyT') return { kind: 'topUp' };
  if (code === 'KeyR') return { kind: 'refresh' };
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1];
  const screen = digit === undefined ? undefined : screens[Number(digit) - 1];
  return screen === undefined ? null : { kind: 'screen', screen };
}

/** Those whose name holds every word that was typed, in their order. */
export function fitting<T extends { readonly name: string }>(all: readonly T[], typed: string): T[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ name }) => words.every((word) => name.toLocaleLowerCase().includes(word)));
}
