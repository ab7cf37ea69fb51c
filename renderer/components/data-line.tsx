// The connection and the age of what is shown. It never says that all is synced: it says from when the data is.
import type { SyncView } from '../../shared/contract/overview-view.ts';
import { useCounter, useDataTime, useParts, useTick } from '../app-parts.ts';
import { dataSentence } from '../text/data-sentence.ts';
import type { Format } from '../text/format.ts';
import { Button } from './button.tsx';
import styles from './data-line.module.css';
import { Chip, type Tone } from './surface.tsx';

const tones: Record<SyncView['connection'], Tone> = {
  online: 'good',
  offline: 'warn',
  connecting: 'calm',
  refused: 'bad',
};

/** With its year while nobody knows what day it is. */
function seenAt(format: Format, verifiedAt: string, age: number | null, now: number): string {
  return age === null ? format.dateTime(verifiedAt) : format.timeSeen(verifiedAt, now);
}

export function DataLine() {
  useTick(10_000);
  const { text, format, counter } = useParts();
  const sync = useCounter((state) => state.overview.value?.sync ?? null);
  const link = useCounter((state) => state.link);
  const { age, now } = useDataTime();
  if (sync === null) return <div className={styles.line} />;
  const seen = sync.verifiedAt === null ? null : seenAt(format, sync.verifiedAt, age, now);
  const ago = age === null ? null : (format.ago(age) ?? text.sync.justNow);
  const until = sync.waitUntil == null ? null : format.timeSeen(sync.waitUntil, now);
  const busy = sync.busy;
  return (
    <section className={styles.line} aria-label={text.sync.label}>
      {link === 'up' ? (
        <Chip tone={tones[sync.connection]}>{until === null ? text.sync[sync.connection] : text.sync.asked}</Chip>
      ) : (
        <Chip tone="bad">{text.sync.away}</Chip>
      )}
      <span className={styles.words}>{dataSentence(text, sync.connection, seen, ago, until)}</span>
      <Button kind="quiet" small busy={busy || link !== 'up'} onClick={() => void counter.syncNow()}>
        {busy ? text.shell.refreshing : text.shell.refresh}
      </Button>
    </section>
  );
}
