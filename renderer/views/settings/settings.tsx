// What the user can choose for this counter, and what support asks for. Each choice counts at once and is kept by the counter.
import { useCounter, useParts } from '../../app-parts.ts';
import { Bones, Card, Problem } from '../../components/surface.tsx';
import { useSettings } from '../use-settings.ts';
import type { ChoiceProps } from './choice.ts';
import { About, Pharmacy } from './facts.tsx';
import { Look } from './look.tsx';
import { Notices, StartWithPc } from './notices.tsx';
import styles from './settings.module.css';
import { Support } from './support.tsx';

export function SettingsScreen() {
  const { text, counter } = useParts();
  const error = useCounter((state) => state.settings.error);
  const { shown, save, saved, problem } = useSettings();
  const wrong = problem ?? error;
  return (
    <>
      {wrong === null ? null : <Problem error={wrong} onRetry={() => void counter.read('settings')} />}
      <div className={styles.cards}>
        {shown === null ? <Loading /> : <Choices settings={shown} save={save} />}
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
