// The counters of this pharmacy, and the way to add one.
import { useEffect, useState } from 'react';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Icon } from '../../components/icon.tsx';
import { Bones, Chip, Empty, Problem } from '../../components/surface.tsx';
import table from '../../components/table.module.css';
import { usePanels } from '../../panels.ts';
import { CounterRow } from './counter-row.tsx';
import styles from './counters.module.css';

export function CountersScreen() {
  const { text, counter } = useParts();
  const panels = usePanels();
  const { value, error, asking } = useCounter((state) => state.devices);
  const revoked = useCounter((state) => state.overview.value?.session.state === 'revoked');
  const connection = useCounter((state) => state.overview.value?.sync.connection);
  const [said, setSaid] = useState<string | null>(null);
  // Asked again when the network comes back, since nothing else tells that a list is old.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the connection is what it waits for.
  useEffect(() => void counter.read('devices'), [counter, connection]);
  const { add, empty, lead, title } = text.counters;
  const isOld = value !== null && value.asOf !== null;
  const items = value?.items ?? [];
  const inUse = items.filter(({ revokedAt }) => revokedAt === null);
  return (
    <>
      <div className={styles.top}>
        <p>{lead}</p>
        <Button kind="primary" disabled={revoked || isOld} onClick={() => panels.open({ kind: 'joinCode' })}>
          {add}
        </Button>
      </div>
      {error === null ? null : (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('devices')} />
      )}
      {isOld && error === null ? <AsOf at={value.asOf ?? ''} offline={!revoked} /> : null}
      <section
        className={classes(table.sheet, table.roomy, styles.list)}
        aria-label={title}
        aria-busy={value === null && asking}
      >
        {value === null && error === null ? <Bones lines={3} /> : null}
        {value === null && error !== null ? <ThisOne /> : null}
        {value !== null && items.length === 0 ? <Empty title={empty.title} body={empty.body} /> : null}
        {items.length === 0 ? null : (
          <ul>
            {items.map((device) => (
              <CounterRow key={device.id} device={device} inUse={inUse} able={!revoked && !isOld} onSaid={setSaid} />
            ))}
          </ul>
        )}
      </section>
      <output className={styles.note}>{said}</output>
    </>
  );
}

/** Since when the list is, and what cannot be done with it. */
function AsOf({ at, offline }: { readonly at: string; readonly offline: boolean }) {
  const { text, format } = useParts();
  return (
    <p className={styles.asOf}>
      <Icon name="info" />
      <span>
        {text.counters.asOf(format.dateTime(at))} {offline ? text.counters.needsConnection : null}
      </span>
    </p>
  );
}

/** Without the server, this PC still knows its own name. */
function ThisOne() {
  const { text } = useParts();
  const name = useCounter((state) => state.overview.value?.session.deviceName ?? null);
  if (name === null) return null;
  return (
    <ul>
      <li className={styles.row}>
        <div className={styles.name}>
          <strong>
            <bdi>{name}</bdi>
          </strong>
          <Chip tone="good">{text.counters.current}</Chip>
        </div>
      </li>
    </ul>
  );
}
