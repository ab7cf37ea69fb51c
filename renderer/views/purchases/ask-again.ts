// Asking for the same thing once more: the one that expired stays as it is, and the new one is a purchase with its own number.
import type { PurchaseView } from '../../../shared/contract/purchase-view.ts';
import { useCounter } from '../../app-parts.ts';
import { type Panel, panelOfSku } from '../../panels.ts';

/** The panel in which it is asked for; null where there is nothing to ask for any more, as for a plan that was bought since. */
export function useAskAgain({ state, sku, quantity }: PurchaseView): Panel | null {
  const owned = useCounter((counter) => counter.overview.value?.plan?.owned ?? false);
  if (state !== 'expired' || sku === null) return null;
  if (sku === 'topup.50k') return owned ? { ...panelOfSku[sku], packs: quantity } : null;
  return owned === (sku === 'renewal.year') ? panelOfSku[sku] : null;
}
