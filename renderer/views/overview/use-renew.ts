// The renewal's one action: pay the one that is open, or ask for one.
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import type { Sku } from '../../../shared/plan/catalogue.ts';
import { useCounter, useParts } from '../../app-parts.ts';
import { usePanels } from '../../panels.ts';
import { isWaiting, priceText } from '../../text/purchase-words.ts';

/** The purchase of this kind that is waiting, of whatever counter. */
export function useOpenPurchase(sku: Sku): PurchaseView | null {
  return useCounter(
    (state) => state.purchases.value?.items.find((purchase) => purchase.sku === sku && isWaiting(purchase)) ?? null,
  );
}

export function useRenew(): { readonly word: string; readonly disabled: boolean; readonly run: () => void } {
  const { text, format } = useParts();
  const panels = usePanels();
  const open = useOpenPurchase('renewal.year');
  const price = useCounter((state) => state.overview.value?.prices?.['renewal.year']?.amountPaise ?? null);
  const revoked = useCounter((state) => state.overview.value?.session.state === 'revoked');
  if (open !== null) {
    const run = () => panels.open({ kind: 'purchase', id: open.id, seen: open });
    // Nothing is paid, or asked for a second time, of which this version does not know where it stands.
    if (open.state === 'unknown') return { word: text.purchases.actions.follow, disabled: false, run };
    return { word: text.overview.banner.payOpen(priceText({ text, format }, open)), disabled: false, run };
  }
  const word = text.overview.plan.renew(price === null ? null : format.rupees(price));
  return { word, disabled: revoked || price === null, run: () => panels.open({ kind: 'renewal' }) };
}
