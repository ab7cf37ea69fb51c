// Which language the screen speaks now. A language is fetched when it is chosen; until it is here, and when it does not come,
// the one before stays.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Messages } from '../text/en.ts';
import { type Format, makeFormat } from '../text/format.ts';
import { chooseLanguage, type Language, usualLanguage } from '../text/languages.ts';

export interface Spoken {
  /** As the folder of the language is called. */
  readonly tag: string;
  readonly text: Messages;
  readonly format: Format;
}

export interface SpeechState {
  /** Null only before the first language is here. */
  readonly spoken: Spoken | null;
  /** The language that was chosen last could not be fetched. */
  readonly failed: boolean;
}

export interface Speech {
  readonly state: StoreApi<SpeechState>;
  readonly languages: readonly Language[];
  /** The name of the language that "as on this PC" comes to. */
  readonly systemName: string;
  /** wanted: a tag, or null for the system's. Resolves when it is spoken, or something else is. */
  readonly speak: (wanted: string | null) => Promise<void>;
}

/** system: the languages of the operating system, the first one first. root: whose `lang` says what is spoken. */
export function makeSpeech(
  languages: readonly Language[],
  system: readonly string[],
  root: Pick<HTMLElement, 'lang'>,
): Speech {
  const state = createStore<SpeechState>()(() => ({ spoken: null, failed: false }));
  let asked = 0;
  const speak = async (wanted: string | null) => {
    asked += 1;
    const mine = asked;
    const language = chooseLanguage(languages, wanted, system);
    if (language === undefined) throw new Error('there is no language');
    if (language.tag === state.getState().spoken?.tag) return state.setState({ failed: false });
    const text = await language.load().catch(() => null);
    // Chosen again meanwhile: the later choice stands.
    if (mine !== asked) return;
    if (text === null) {
      state.setState({ failed: true });
      if (state.getState().spoken === null && language.tag !== usualLanguage) await speak(usualLanguage);
      return;
    }
    root.lang = language.tag;
    const format = makeFormat(text.locale, text.time);
    state.setState({ spoken: { tag: language.tag, text, format }, failed: false });
  };
  return {
    state,
    languages,
    speak,
    get systemName() {
      return chooseLanguage(languages, null, system)?.name ?? '';
    },
  };
}
