// What is changed in a panel of its own, and what is only shown: the pharmacy's details, the limit of credits, the server.
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { Card } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import styles from './settings.module.css';

export function Pharmacy() {
  const { text } = useParts();
  const panels = usePanels();
  const words = text.settings.pharmacy;
  const name = useCounter((state) => state.overview.value?.session.orgName ?? null);
  return (
    <Card title={words.title}>
      <div className={styles.line}>
        <p className={styles.lead}>
          {name === null ? null : <strong className={styles.name}>{name}</strong>}
          {words.lead}
        </p>
        <Button onClick={() => panels.open({ kind: 'profile' })}>{words.change}</Button>
      </div>
    </Card>
  );
}

/** A line of the card on notifications. */
export function CreditLimit() {
  const { text, format } = useParts();
  const panels = usePanels();
  const below = useCounter((state) => state.overview.value?.credits?.lowBelow ?? null);
  const { limit } = text.overview.credits;
  const words = text.settings.credits;
  if (below === null) return null;
  return (
    <div className={styles.limit}>
      <p>{below === 0 ? words.never : words.below(format.number(below))}</p>
      <Button
        small
        last
        kind="quiet"
        aria-label={`${limit.change}: ${limit.title}`}
        onClick={() => panels.open({ kind: 'lowCredits' })}
      >
        {limit.change}
      </Button>
    </div>
  );
}

export function About() {
  const { text } = useParts();
  const session = useCounter((state) => state.overview.value?.session ?? null);
  const words = text.settings.server;
  return (
    <Card title={words.title}>
      <Facts>
        <Fact name={words.address}>{session?.serverUrl ?? ''}</Fact>
        <Fact name={words.version}>{session?.appVersion ?? ''}</Fact>
      </Facts>
      <p className={styles.note}>{words.hint}</p>
    </Card>
  );
}
