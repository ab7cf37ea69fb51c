// Cancelling a purchase, after a question.
import { useState } from 'react';
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import type { Refusal } from '../../../shared/contract/result.ts';
import { useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { Question } from '../../components/dialogs.tsx';
import { Problem } from '../../components/surface.tsx';
import { priceText, purchaseName } from '../../text/purchase-words.ts';

interface CancelButtonProps {
  readonly purchase: PurchaseView;
  readonly small?: boolean;
  readonly wide?: boolean;
}

export function CancelButton({ purchase, small = false, wide = false }: CancelButtonProps) {
  const parts = useParts();
  const { text, counter } = parts;
  const { actions, cancel } = text.purchases;
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Refusal | null>(null);
  const name = purchaseName(parts, purchase);

  const run = async () => {
    setBusy(true);
    setProblem(null);
    const result = await counter.cancel(purchase.id);
    setBusy(false);
    if (result.ok) setOpen(false);
    else setProblem(result.error);
  };
  return (
    <>
      <Button
        kind="danger"
        small={small}
        wide={wide}
        aria-label={actions.of(actions.cancel, name)}
        onClick={() => setOpen(true)}
      >
        {actions.cancel}
      </Button>
      <Question
        open={open}
        title={cancel.title}
        body={cancel.body(name, priceText(parts, { ...purchase, newAmountPaise: null }))}
        yes={busy ? cancel.working : cancel.yes}
        no={cancel.keep}
        busy={busy}
        removes
        problem={problem === null ? null : <Problem error={problem} />}
        onYes={() => void run()}
        onNo={() => setOpen(false)}
      />
    </>
  );
}
