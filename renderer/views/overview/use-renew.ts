// The renewal's one action: pay the one that is open, or ask for one.
import type { PurchaseView } from '../../../shared/contract/views.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { usePanels } from '../../panels.ts';
import { isWaiting } from '../../text/purchase-words.ts';

/** The purchase of this kind that is waiting, of whatever counter. */
export function useOpenPurchase(sku: PurchaseView['sku']): PurchaseView | null {
  return useCounter(
    (state) => state.purchases.value?.items.find((purchase) => purchase.sku === sku && isWaiting(purchase)) ?? null,
  );
}

export function useRenew(): { readonly word: string; readonly disabled: boolean; readonly run: () => void } {
  const { text, format } = useParts();
  const panels = usePanels();
  const open = useOpenPurchase('renewal.year');
  const price = useCounter((state) => state.overview.value?.prices?.['renewal.year'].amountPaise ?? null);
  const revoked = useCounter((state) => state.overview.value?.session.state === 'revoked');
  if (open !== null) {
    const run = () => panels.open({ kind: 'purchase', id: open.id, seen: open });
    return { word: text.overview.banner.payOpen(format.rupees(open.amountPaise)), disabled: false, run };
  }
  const word = text.overview.plan.renew(price === null ? null : format.rupees(price));
  return { word, disabled: revoked || price === null, run: () => panels.open({ kind: 'renewal' }) };
}
