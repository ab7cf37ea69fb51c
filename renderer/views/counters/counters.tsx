// The counters of this pharmacy, and the way to add one.
import { useEffect } from 'react';
import type { Device } from '../../../shared/contract/devices.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Bones, Chip, Empty, Problem } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import styles from './counters.module.css';

export function CountersScreen() {
  const { text, counter } = useParts();
  const panels = usePanels();
  const { value, error, asking } = useCounter((state) => state.devices);
  const revoked = useCounter((state) => state.overview.value?.session.state === 'revoked');
  useEffect(() => void counter.read('devices'), [counter]);
  const { add, empty, lead, moreExist, title } = text.counters;
  return (
    <>
      <div className={styles.top}>
        <p>{lead}</p>
        <Button onClick={() => panels.open({ kind: 'profile' })}>{text.invoices.profileAction}</Button>
        <Button kind="primary" disabled={revoked} onClick={() => panels.open({ kind: 'joinCode' })}>
          {add}
        </Button>
      </div>
      {error === null ? null : (
        <Problem error={error} stale={value !== null} onRetry={() => void counter.read('devices')} />
      )}
      <section className={styles.list} aria-label={title} aria-busy={value === null && asking}>
        {value === null && error === null ? <Bones lines={3} /> : null}
        {value === null && error !== null ? <ThisOne /> : null}
        {value?.items.length === 0 ? <Empty title={empty.title} body={empty.body} /> : null}
        {value === null || value.items.length === 0 ? null : (
          <ul>
            {value.items.map((device) => (
              <DeviceRow key={device.id} device={device} />
            ))}
          </ul>
        )}
      </section>
      {value?.nextCursor === null || value === null ? null : <p className={styles.note}>{moreExist}</p>}
    </>
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
          <strong>{name}</strong>
          <Chip tone="good">{text.counters.current}</Chip>
        </div>
      </li>
    </ul>
  );
}

function DeviceRow({ device }: { readonly device: Device }) {
  const { text, format } = useParts();
  const { active, columns, current, never, revoked } = text.counters;
  const gone = device.revokedAt !== null;
  return (
    <li className={classes(styles.row, gone && styles.gone)} aria-label={device.name}>
      <div className={styles.name}>
        <strong>{device.name}</strong>
        <Chip tone={gone ? 'calm' : 'good'}>{gone ? revoked : device.current ? current : active}</Chip>
      </div>
      <div className={styles.fact}>
        <span>{columns.added}</span> {format.date(device.createdAt)}
      </div>
      <div className={styles.fact}>
        <span>{columns.seen}</span> {device.lastSeenAt === null ? never : format.dateTime(device.lastSeenAt)}
      </div>
    </li>
  );
}
