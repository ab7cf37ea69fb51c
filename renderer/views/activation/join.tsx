// Joining a pharmacy with a code from one of its counters. Also used by a counter that was removed and comes back.
import { type FormEvent, useEffect, useState } from 'react';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { TextField } from '../../components/field.tsx';
import { Problem } from '../../components/surface.tsx';
import { type Faults, groupedCode, joinFaults } from '../form-faults.ts';
import styles from './activation.module.css';

export function JoinFields({ onJoined }: { readonly onJoined?: () => void }) {
  const { text, counter } = useParts();
  const { activation } = text;
  const known = useCounter((state) => state.overview.value?.session.deviceName ?? null);
  const [code, setCode] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const deviceName = typed ?? known ?? activation.defaults.deviceName;
  const [faults, setFaults] = useState<Faults<'code' | 'deviceName'>>({});
  const [problem, setProblem] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they were said in the language before.
  useEffect(() => setFaults({}), [text]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = joinFaults({ code, deviceName }, text);
    setFaults(found);
    setProblem(null);
    if (busy || Object.keys(found).length > 0) return;
    setBusy(true);
    const result = await counter.join({ code, deviceName: deviceName.trim() });
    setBusy(false);
    if (result.ok) onJoined?.();
    else if (result.error.code === 'not_found' || result.error.code === 'invalid_request') {
      const { sentence, nextStep } = activation.wrongCode;
      setFaults({ code: `${sentence} ${nextStep}` });
    } else setProblem(result.error);
  };
  return (
    <form className={classes(styles.form, styles.narrow)} noValidate onSubmit={(event) => void submit(event)}>
      <TextField
        code
        label={activation.fields.code}
        hint={activation.hints.code}
        fault={faults.code}
        value={code}
        onChange={(event) => setCode(groupedCode(event.target.value))}
        autoComplete="off"
        spellCheck={false}
        maxLength={12}
      />
      <TextField
        label={activation.fields.deviceName}
        fault={faults.deviceName}
        value={deviceName}
        onChange={(event) => setTyped(event.target.value)}
      />
      {problem === null ? null : <Problem error={problem} />}
      <div className={styles.send}>
        <Button kind="primary" type="submit" busy={busy}>
          {busy ? activation.joining : activation.join}
        </Button>
        <p>{activation.needsServer}</p>
      </div>
    </form>
  );
}
