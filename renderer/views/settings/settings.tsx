// What the user can choose for this counter, and what support asks for. Each choice counts at once and is kept by the counter.
import { useState } from 'react';
import type { Refusal } from '../../../shared/contract/result.ts';
import type { SettingsWish } from '../../../shared/contract/settings.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Bones, Card, Problem } from '../../components/surface.tsx';
import type { ChoiceProps } from './choice.ts';
import { About, Pharmacy } from './facts.tsx';
import { Look } from './look.tsx';
import { Notices, StartWithPc } from './notices.tsx';
import styles from './settings.module.css';
import { Support } from './support.tsx';

export function SettingsScreen() {
  const { text, counter } = useParts();
  const { value, error } = useCounter((state) => state.settings);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [saved, setSaved] = useState(false);
  const save = async (wish: SettingsWish) => {
    setSaved(false);
    const result = await counter.saveSettings(wish);
    setProblem(result.ok ? null : result.error);
    setSaved(result.ok);
  };
  const shown = problem ?? error;
  return (
    <>
      {shown === null ? null : <Problem error={shown} onRetry={() => void counter.read('settings')} />}
      <div className={styles.cards}>
        {value === null ? <Loading /> : <Choices settings={value} save={(wish) => void save(wish)} />}
        <Pharmacy />
        <About />
        <Support />
      </div>
      <output className={styles.saved}>{saved ? text.settings.saved : null}</output>
    </>
  );
}

function Loading() {
  const { text } = useParts();
  return (
    <Card title={text.settings.look.title}>
      <Bones lines={4} />
    </Card>
  );
}

function Choices(props: ChoiceProps) {
  return (
    <>
      <Look {...props} />
      <Notices {...props} />
      <StartWithPc {...props} />
    </>
  );
}
