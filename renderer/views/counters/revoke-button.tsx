// Taking a counter out of the pharmacy, after a question that says what it means; for the one in use it is another question.
import { useState } from 'react';
import type { Device } from '../../../shared/contract/devices.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { Question } from '../../components/dialogs.tsx';
import { Problem } from '../../components/surface.tsx';

interface RevokeButtonProps {
  readonly device: Device;
  readonly able: boolean;
  readonly onDone: () => void;
}

export function RevokeButton({ device, able, onDone }: RevokeButtonProps) {
  const { text, counter } = useParts();
  const { revoke } = text.counters;
  const waiting = useCounter((state) => state.overview.value?.waiting ?? 0);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const { current, name } = device;

  const run = async () => {
    setBusy(true);
    setProblem(null);
    const result = await counter.revokeDevice(device.id);
    setBusy(false);
    if (!result.ok) return setProblem(result.error);
    setOpen(false);
    onDone();
  };
  const yes = current ? revoke.selfYes : revoke.yes;
  return (
    <>
      <Button kind="danger" small last disabled={!able} aria-label={revoke.of(name)} onClick={() => setOpen(true)}>
        {revoke.action}
      </Button>
      <Question
        open={open}
        title={current ? revoke.selfTitle : revoke.title(name)}
        body={current ? revoke.selfBody(waiting) : revoke.body}
        yes={busy ? revoke.working : yes}
        no={revoke.no}
        busy={busy}
        removes
        problem={problem === null ? null : <Problem error={problem} />}
        onYes={() => void run()}
        onNo={() => setOpen(false)}
      />
    </>
  );
}
