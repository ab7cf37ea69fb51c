// A join code, large enough to be read out across the shop, with the time that it still works.
import { useCallback, useEffect, useState } from 'react';
import type { JoinCodeAnswer } from '../../../shared/contract/devices.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useDataTime, useParts, useTick } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { SidePanel } from '../../components/dialogs.tsx';
import { Bones, Hidden, Problem } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { JoinFields } from '../activation/join.tsx';
import { groupedCode } from '../form-faults.ts';
import styles from './counters.module.css';

/** No code works longer; a countdown that starts higher comes from a wrong clock. */
const longestSeconds = 600;

interface Shown extends JoinCodeAnswer {
  /** Monotonic reading at the answer, and seconds left then. */
  readonly at: number;
  readonly left: number;
}

export function JoinCodePanel() {
  const { text, counter, clock } = useParts();
  const panels = usePanels();
  const { now } = useDataTime();
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const words = text.counters.code;

  const make = async () => {
    setProblem(null);
    const result = await counter.joinCode();
    if (!result.ok) return setProblem(result.error);
    const left = Math.floor((Date.parse(result.value.expiresAt) - now) / 1000);
    setShown({ ...result.value, at: clock.monotonic(), left: Math.min(longestSeconds, Math.max(0, left)) });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: one code for each opening of the panel.
  useEffect(() => void make(), []);
  // Whoever closes it wants to see who has joined.
  useEffect(() => () => void counter.read('devices'), [counter]);
  const again = useCallback(() => setShown(null), []);
  const remake = () => {
    again();
    void make();
  };
  return (
    <SidePanel
      title={words.title}
      lead={words.lead}
      onClose={panels.close}
      foot={
        <Button wide onClick={panels.close}>
          {words.done}
        </Button>
      }
    >
      {problem === null ? null : <Problem error={problem} onRetry={remake} />}
      {shown === null && problem === null ? <Bones big lines={1} /> : null}
      {shown === null ? null : <Code shown={shown} onAgain={remake} />}
    </SidePanel>
  );
}

function Code({ shown, onAgain }: { readonly shown: Shown; readonly onAgain: () => void }) {
  useTick(1000);
  const { text, format, clock } = useParts();
  const words = text.counters.code;
  const left = Math.max(0, shown.left - Math.floor((clock.monotonic() - shown.at) / 1000));
  const ended = left === 0;
  return (
    <>
      <section className={classes(styles.code, ended && styles.ended)} aria-label={words.label}>
        <output className={styles.letters}>{groupedCode(shown.code)}</output>
        {ended ? <strong>{words.ended}</strong> : <span role="timer">{words.left(format.countdown(left))}</span>}
        <Hidden>{words.once}</Hidden>
      </section>
      {ended ? (
        <Button kind="primary" wide onClick={onAgain}>
          {words.again}
        </Button>
      ) : (
        <p className={styles.note}>{words.once}</p>
      )}
    </>
  );
}

export function JoinAgainPanel() {
  const { text } = useParts();
  const panels = usePanels();
  return (
    <SidePanel title={text.sync.revoked.action} onClose={panels.close}>
      <JoinFields onJoined={panels.close} />
    </SidePanel>
  );
}
