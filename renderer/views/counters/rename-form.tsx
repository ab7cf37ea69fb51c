// A counter's name, changed where it stands: Enter saves it, Escape leaves it as it was.
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { counterName, type Device, sameCounterName } from '../../../shared/contract/devices.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { Problem } from '../../components/surface.tsx';
import type { Messages } from '../../text/en.ts';
import { faultsOf } from '../../text/explain.ts';
import styles from './counters.module.css';

interface RenameFormProps {
  readonly device: Device;
  /** What the other counters in use are called. */
  readonly taken: readonly string[];
  /** With the new name, or null where it stays. */
  readonly onClose: (name: string | null) => void;
}

export function RenameForm({ device, taken, onClose }: RenameFormProps) {
  const { text, counter } = useParts();
  const { rename } = text.counters;
  const [typed, setTyped] = useState(device.name);
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);

  const wrong = (found: string) => {
    setFault(found);
    field.current?.focus();
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(null);
    const found = nameFault(typed, taken, text);
    if (busy) return;
    if (found !== null) return wrong(found);
    if (typed.trim() === device.name) return onClose(null);
    setBusy(true);
    const result = await counter.renameDevice(device.id, typed);
    setBusy(false);
    if (result.ok) onClose(result.value.name);
    else if (faultsOf(result.error).has('name')) wrong(rename.taken);
    else setProblem(result.error);
  };
  const change = (next: string) => {
    setTyped(next);
    // A fault goes as soon as it is put right.
    if (fault !== null) setFault(nameFault(next, taken, text));
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || busy) return;
    event.stopPropagation();
    onClose(null);
  };
  return (
    <form className={styles.rename} noValidate onSubmit={(event) => void save(event)} onKeyDown={leave}>
      <TextField
        ref={field}
        label={rename.label(device.name)}
        value={typed}
        dir="auto"
        autoComplete="off"
        fault={fault ?? undefined}
        onChange={(event) => change(event.target.value)}
      />
      <div className={styles.renameActions}>
        <Button kind="primary" type="submit" busy={busy}>
          {busy ? rename.saving : rename.save}
        </Button>
        <Button onClick={() => onClose(null)}>{rename.cancel}</Button>
      </div>
      {problem === null ? null : <Problem error={problem} />}
    </form>
  );
}

function nameFault(typed: string, taken: readonly string[], text: Messages): string | null {
  const { fault, taken: isTaken } = text.counters.rename;
  if (!counterName.safeParse(typed).success) return fault;
  return taken.some((name) => sameCounterName(name, typed)) ? isTaken : null;
}
