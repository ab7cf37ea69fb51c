// How the page looks: the theme on its root element, kept beside the page so that the next start begins with it. The same is
// done before the first paint by public/early.js, which must stay a plain script of its own for that.
import type { ThemeChoice } from '../shared/contract/settings.ts';

/** A copy of two settings, for the first paint and the first words only; what is true, the counter says. */
export interface Look {
  readonly theme: ThemeChoice;
  readonly language: string | null;
}

export const lookKey = 'pharmapulse.look';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

const themes: readonly string[] = ['system', 'light', 'dark', 'contrast'] satisfies ThemeChoice[];
const isTheme = (value: unknown): value is ThemeChoice => themes.includes(String(value));

/** Null where nothing is kept yet, or the browser keeps nothing for this page. */
export function keptLook(store: Store): Look | null {
  try {
    const kept: unknown = JSON.parse(store.getItem(lookKey) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('theme' in kept) || !isTheme(kept.theme)) return null;
    const language = 'language' in kept && typeof kept.language === 'string' ? kept.language : null;
    return { theme: kept.theme, language };
  } catch {
    return null;
  }
}

/** False where the browser keeps nothing: the next start then begins with the system's look for a moment. */
export function keepLook(store: Store, look: Look): boolean {
  try {
    store.setItem(lookKey, JSON.stringify(look));
    return true;
  } catch {
    return false;
  }
}

/** moreContrast: the operating system asks for more of it; the system's theme then means high contrast. */
export function showTheme(root: Pick<HTMLElement, 'dataset'>, theme: ThemeChoice, moreContrast: boolean): void {
  const shown = theme === 'system' && moreContrast ? 'contrast' : theme;
  if (shown === 'system') delete root.dataset.theme;
  else root.dataset.theme = shown;
}
