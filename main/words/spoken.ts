// The words of the desktop shell: tray, its menu, and why the app cannot start. The screens have their own; a further language
// is one more file beside en.ts and hi.ts, and its name in the list below.
import { CannotStart } from '../cannot-start.ts';
import { en } from './en.ts';
import { hi } from './hi.ts';
import type { ShellWords } from './shell-words.ts';

const tables: Readonly<Record<string, ShellWords>> = { en, hi };

/** In the user's own choice, else the operating system's language, else English; `hi-IN` means `hi`. */
export function shellWords(chosen: string | null, system: string): ShellWords {
  const find = (tag: string | null) => (tag === null ? undefined : tables[tag.toLowerCase().split('-')[0] ?? '']);
  return find(chosen) ?? find(system) ?? en;
}

/** What a dialog says of an app that cannot start. */
export function cannotStartWords(words: ShellWords, error: unknown): { readonly title: string; readonly body: string } {
  const { cannotStart } = words;
  const reason = error instanceof Error ? error.message : String(error);
  const known = error instanceof CannotStart ? cannotStart[error.code](error.place) : cannotStart.unknown(reason);
  return { title: cannotStart.title, body: known };
}
