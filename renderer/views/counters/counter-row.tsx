// One counter: what it is called, since when it is there, and what can be done with it.
import { useEffect, useRef, useState } from 'react';
import type { Device } from '../../../shared/contract/devices.ts';
import { useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Chip } from '../../components/surface.tsx';
import styles from './counters.module.css';
import { RenameForm } from './rename-form.tsx';
import { RevokeButton } from './revoke-button.tsx';

interface CounterRowProps {
  readonly device: Device;
  /** Those that are not removed, this one among them or not. */
  readonly inUse: readonly Device[];
  /** False: the server cannot be asked now. */
  readonly able: boolean;
  /** Tells what was done. */
  readonly onSaid: (sentence: string) => void;
}

export function CounterRow({ device, inUse, able, onSaid }: CounterRowProps) {
  const { text } = useParts();
  const { active, current, rename, revoke, revoked } = text.counters;
  const [naming, setNaming] = useState(false);
  const opener = useFocusAfter(naming);
  const gone = device.revokedAt !== null;
  const isOnly = inUse.length === 1;
  if (naming) {
    const taken = inUse.filter(({ id }) => id !== device.id).map(({ name }) => name);
    const close = (name: string | null) => {
      setNaming(false);
      if (name !== null) onSaid(rename.done(name));
    };
    return (
      <li className={styles.row} aria-label={device.name}>
        <RenameForm device={device} taken={taken} onClose={close} />
      </li>
    );
  }
  return (
    <li className={classes(styles.row, gone && styles.gone)} aria-label={device.name}>
      <div className={styles.name}>
        <strong>
          <bdi>{device.name}</bdi>
        </strong>
        <Chip tone={gone ? 'calm' : 'good'}>{gone ? revoked : device.current ? current : active}</Chip>
      </div>
      <Facts device={device} />
      {gone ? null : (
        <div className={styles.actions}>
          <Button
            ref={opener}
            kind="quiet"
            small
            last={isOnly}
            disabled={!able}
            aria-label={rename.of(device.name)}
            onClick={() => setNaming(true)}
          >
            {rename.action}
          </Button>
          {isOnly ? null : <RevokeButton device={device} able={able} onDone={() => onSaid(revoke.done(device.name))} />}
        </div>
      )}
      {isOnly && !gone ? <p className={styles.only}>{revoke.onlyOne}</p> : null}
    </li>
  );
}

function Facts({ device }: { readonly device: Device }) {
  const { text, format } = useParts();
  const { columns, never } = text.counters;
  return (
    <>
      <div className={styles.fact}>
        <span>{columns.added}</span> {format.date(device.createdAt)}
      </div>
      <div className={styles.fact}>
        <span>{columns.seen}</span> {device.lastSeenAt === null ? never : format.dateTime(device.lastSeenAt)}
      </div>
    </>
  );
}

/** The button that opened the form has the focus again when the form is gone. */
function useFocusAfter(open: boolean) {
  const opener = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !open) opener.current?.focus();
    was.current = open;
  }, [open]);
  return opener;
}
