// The one thing to do next with a purchase, as a button; none where there is nothing to do but wait.
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { Button } from '../../components/button.tsx';
import { usePanels } from '../../panels.ts';
import { purchaseName } from '../../text/purchase-words.ts';
import { useAskAgain } from './ask-again.ts';

export function NextAction({ purchase }: { readonly purchase: PurchaseView }) {
  const parts = useParts();
  const panels = usePanels();
  const { actions } = parts.text.purchases;
  const followed = useCounter((state) => state.purchases.value?.items.find((item) => item.id === purchase.followsId));
  const again = useAskAgain(purchase);
  const name = purchaseName(parts, purchase);
  const button = (word: string, kind: 'primary' | 'plain', run: () => void) => (
    <Button small kind={kind} aria-label={actions.of(word, name)} onClick={run}>
      {word}
    </Button>
  );
  const show = (shown: PurchaseView) => () => panels.open({ kind: 'purchase', id: shown.id, seen: shown });
  switch (purchase.state) {
    case 'awaiting_payment':
      return button(actions.pay, 'primary', show(purchase));
    case 'needs_confirmation':
      return button(actions.review, 'primary', show(purchase));
    case 'expired':
      return again === null
        ? button(actions.details, 'plain', show(purchase))
        : button(actions.again, 'plain', () => panels.open(again));
    case 'rejected':
      return followed === undefined
        ? button(actions.details, 'plain', show(purchase))
        : button(actions.follow, 'plain', show(followed));
    case 'queued':
    case 'paid':
    case 'cancelled':
    case 'refunded':
    case 'under_review':
    case 'unknown':
      return button(actions.details, 'plain', show(purchase));
  }
}
