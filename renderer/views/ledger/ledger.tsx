// The ledger: every credit in and out, newest first.
import { useEffect } from 'react';
import type { LedgerEntryView } from '../../../shared/contract/views.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Bones, Empty, Hidden, Problem } from '../../components/surface.tsx';
import { entryName } from '../../text/entry-words.ts';
import styles from './ledger.module.css';

export function LedgerScreen() {
  const { text, counter } = useParts();
  const { value, error, asking } = useCounter((state) => state.ledger);
  useEffect(() => void counter.read('ledger'), [counter]);
  const { empty } = text.ledger;
  return (
    <>
      {error === null ? null : (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('ledger')} />
      )}
      {value === null && error !== null ? null : (
        <section className={styles.wrap} aria-label={text.ledger.title} aria-busy={value === null && asking}>
          {value === null ? <Bones lines={9} /> : null}
          {value?.entries.length === 0 ? <Empty title={empty.title} body={empty.body} /> : null}
          {value === null || value.entries.length === 0 ? null : <Entries entries={value.entries} />}
        </section>
      )}
      <Older />
    </>
  );
}

function Entries({ entries }: { readonly entries: readonly LedgerEntryView[] }) {
  const { text } = useParts();
  const { caption, columns } = text.ledger;
  return (
    <table className={styles.table}>
      <caption>
        <Hidden>{caption}</Hidden>
      </caption>
      <thead>
        <tr>
          <th scope="col">{columns.date}</th>
          <th scope="col">{columns.what}</th>
          <th scope="col" className={styles.right}>
            {columns.credits}
          </th>
          <th scope="col" className={styles.right}>
            {columns.balance}
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRow key={entry.seq} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

function EntryRow({ entry }: { readonly entry: LedgerEntryView }) {
  const parts = useParts();
  const { text, format } = parts;
  const month = entry.kind === 'monthly_grant' ? format.month(entry.reference) : null;
  const reference = month === null ? entry.reference : null;
  return (
    <tr>
      <td className={styles.date}>{format.dateTime(entry.occurredAt)}</td>
      <th scope="row">
        {entryName(parts, entry)}
        <span className={styles.small}>
          {[text.ledger.entry(format.number(entry.seq)), reference].filter((part) => part !== null).join(' · ')}
        </span>
      </th>
      <td className={classes(styles.right, entry.delta > 0 ? styles.in : styles.out)}>{format.signed(entry.delta)}</td>
      <td className={classes(styles.right, styles.balance)}>{format.number(entry.balanceAfter)}</td>
    </tr>
  );
}

function Older() {
  const { text, format, counter } = useParts();
  const { value, asking } = useCounter((state) => state.ledger);
  if (value === null || value.entries.length === 0) return null;
  const { older, loadingOlder, shown, start } = text.ledger;
  const loaded = value.entries.length;
  return (
    <div className={styles.more}>
      {loaded < value.total ? (
        <Button busy={asking} onClick={() => void counter.olderEntries()}>
          {asking ? loadingOlder : older}
        </Button>
      ) : null}
      <output>{loaded < value.total ? shown(format.number(loaded), format.number(value.total)) : start}</output>
    </div>
  );
}
