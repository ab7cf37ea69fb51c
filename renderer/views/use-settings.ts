// The settings as the user sees them: what was chosen shows at once, before the counter has kept it, so that keys pressed one
// after the other in a list go on from where they are. What the counter says then stands.
import { useRef, useState } from 'react';
import type { Refusal } from '../../shared/contract/result.ts';
import type { SettingsView, SettingsWish } from '../../shared/contract/settings.ts';
import { useCounter, useParts } from '../app-parts.ts';

export interface Settings {
  /** Null before the counter has said them. */
  readonly shown: SettingsView | null;
  readonly save: (wish: SettingsWish) => void;
  /** Of the last choice. */
  readonly saved: boolean;
  readonly problem: Refusal | null;
}

export function useSettings(): Settings {
  const { counter } = useParts();
  const kept = useCounter((state) => state.settings.value);
  const [chosen, setChosen] = useState<SettingsView | null>(null);
  const [saved, setSaved] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const last = useRef(0);
  const shown = chosen ?? kept;
  const save = async (wish: SettingsWish) => {
    last.current += 1;
    const mine = last.current;
    if (shown !== null) setChosen(merged(shown, wish));
    setSaved(false);
    const result = await counter.saveSettings(wish);
    if (mine !== last.current) return;
    setProblem(result.ok ? null : result.error);
    setSaved(result.ok);
    await counter.read('settings');
    if (mine === last.current) setChosen(null);
  };
  return { shown, save: (wish) => void save(wish), saved, problem };
}

function merged(shown: SettingsView, wish: SettingsWish): SettingsView {
  return {
    ...shown,
    theme: wish.theme ?? shown.theme,
    notices: wish.notices ?? shown.notices,
    startsWithPc: wish.startsWithPc ?? shown.startsWithPc,
    language: wish.language === undefined ? shown.language : wish.language,
  };
}
