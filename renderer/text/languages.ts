// Which languages there are: one folder each, with a `language.ts` that gives its whole table of messages, and a `font.css` where
// its script needs letters that a PC may not have. A language is found
// by its file, fetched only when it is chosen, and named in its own words; nothing else knows its name.

/// <reference types="vite/client" />
import type { Messages } from './en.ts';

/** What the `language.ts` of a folder offers; the folder's name is the language's tag. */
export interface LanguageModule {
  readonly text: Messages;
}

export interface Language {
  /** BCP 47, as the folder is called: `hi`. */
  readonly tag: string;
  /** In its own words: `हिन्दी`. */
  readonly name: string;
  readonly load: () => Promise<Messages>;
}

/** What there always is, and what is shown to somebody whose language there is not. */
export const usualLanguage = 'en';

type Fonts = Readonly<Record<string, () => Promise<unknown>>>;
type Found = Readonly<Record<string, () => Promise<LanguageModule>>>;

/**
 * found: path of each `language.ts` → how to fetch it. fonts: of each `font.css`, for a script that a PC may have no letters of;
 * words without it can still be read, so it may fail. By name, the usual one first.
 */
export function languagesOf(found: Found, fonts: Fonts = {}): readonly Language[] {
  const made = Object.entries(found).map(([path, fetchModule]): Language => {
    const tag = path.split('/').at(-2) ?? '';
    const fetchFont = fonts[path.replace(/language\.ts$/, 'font.css')];
    const load = async () => {
      const [{ text }] = await Promise.all([fetchModule(), fetchFont?.().catch(() => null)]);
      return text;
    };
    return {
      tag,
      // Asked for by the settings alone; the names of languages are a large table, which the first sight would wait for.
      get name() {
        return nameOf(tag);
      },
      load,
    };
  });
  const first = (one: Language) => (one.tag === usualLanguage ? 0 : 1);
  return made.sort((a, b) => first(a) - first(b) || a.tag.localeCompare(b.tag));
}

function nameOf(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  return name.slice(0, 1).toLocaleUpperCase(tag) + name.slice(1);
}

export const languages = languagesOf(
  import.meta.glob<LanguageModule>('./*/language.ts'),
  import.meta.glob('./*/font.css'),
);

/**
 * The user's own choice, else the first language of the system, else English. A tag with more in it (`hi-IN`) means the
 * language that it begins with. Only the first language of the system counts: whoever has English first reads English.
 */
export function chooseLanguage(
  all: readonly Language[],
  wanted: string | null,
  system: readonly string[],
): Language | undefined {
  const find = (tag: string | null | undefined) => {
    const base = tag?.toLowerCase().split('-')[0];
    return all.find((one) => one.tag.toLowerCase() === tag?.toLowerCase()) ?? all.find((one) => one.tag === base);
  };
  return find(wanted) ?? find(system[0]) ?? find(usualLanguage);
}
