// The counter program is not there: plain words and what to do.
import type { Refusal } from '../../shared/contract/result.ts';
import { useParts } from '../app-parts.ts';
import { Brand } from '../components/brand.tsx';
import { Problem } from '../components/surface.tsx';
import styles from './shell.module.css';

export function AwayScreen() {
  const { text } = useParts();
  const { away } = text.shell;
  return (
    <main className={styles.away}>
      <Brand />
      <h1>{away.title}</h1>
      <div role="alert">{away.body}</div>
      <p>{away.link}</p>
    </main>
  );
}

export function StartingScreen({ error }: { readonly error: Refusal | null }) {
  const { text, counter } = useParts();
  return (
    <main className={styles.away}>
      <Brand />
      {error === null ? (
        <h1>{text.shell.starting}</h1>
      ) : (
        <>
          <h1>{text.shell.notStarted}</h1>
          <Problem error={error} onRetry={() => void counter.read('overview')} />
        </>
      )}
    </main>
  );
}
