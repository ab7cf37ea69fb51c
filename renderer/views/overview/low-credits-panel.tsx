// Below how many credits the user of this counter is told that they run low.
import { type FormEvent, useState } from 'react';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { SidePanel } from '../../components/dialogs.tsx';
import { TextField } from '../../components/field.tsx';
import { Problem } from '../../components/surface.tsx';
import { usePanels } from '../../panels.ts';
import { wholeNumber } from '../../text/typed.ts';
import styles from './overview.module.css';

export function LowCreditsPanel() {
  const { text, counter, format } = useParts();
  const panels = usePanels();
  const words = text.overview.credits.limit;
  const below = useCounter((state) => state.overview.value?.credits?.lowBelow ?? 0);
  const [typed, setTyped] = useState(format.number(below));
  const [problem, setProblem] = useState<Refusal | null>(null);
  const wanted = wholeNumber(typed);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (wanted === null) return;
    const result = await counter.setLowCredits(wanted);
    if (result.ok) panels.close();
    else setProblem(result.error);
  };
  return (
    <SidePanel title={words.title} lead={words.lead} onClose={panels.close}>
      <form className={styles.form} noValidate onSubmit={(event) => void save(event)}>
        <TextField
          label={words.label}
          inputMode="numeric"
          data-first=""
          value={typed}
          fault={wanted === null ? words.fault : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        {problem === null ? null : <Problem error={problem} />}
        <Button kind="primary" wide disabled={wanted === null} type="submit">
          {words.save}
        </Button>
      </form>
    </SidePanel>
  );
}
