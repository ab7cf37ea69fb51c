// Asking for a purchase from a panel: one intent for as long as the panel is open, however often the button is pressed.
// When it is on disk, the panel of that purchase takes the place of the question.
import { useState } from 'react';
import type { CallInput } from '../../../shared/contract/ipc.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useParts } from '../../app-parts.ts';
import { usePanels } from '../../panels.ts';

type Asked = Omit<CallInput<'purchases.queue'>, 'intent'>;

export interface Queueing {
  readonly busy: boolean;
  readonly problem: Refusal | null;
  readonly queue: (asked: Asked) => void;
}

export function useQueue(): Queueing {
  const { counter, newIntent } = useParts();
  const panels = usePanels();
  const [intent, setIntent] = useState(newIntent);
  const [asked, setAsked] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);

  const queue = async (next: Asked) => {
    // The same press sent again keeps its intent; if the user changed what they want, it is another one.
    const what = JSON.stringify(next);
    const used = asked === null || asked === what ? intent : newIntent();
    setIntent(used);
    setAsked(what);
    setBusy(true);
    setProblem(null);
    const result = await counter.queue({ ...next, intent: used });
    setBusy(false);
    if (result.ok) panels.open({ kind: 'purchase', id: result.value.id, seen: result.value });
    else setProblem(result.error);
  };
  return { busy, problem, queue: (next) => void queue(next) };
}
