// Whether a top-up looks like one that was asked for less than a minute ago, here or on another counter.
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import type { CounterState } from './state.ts';

const withinMs = 60_000;
const gone: ReadonlySet<string> = new Set(['cancelled', 'rejected', 'expired', 'refunded']);

export interface SameTopUpQuestion {
  readonly packs: number;
  readonly purchases: readonly PurchaseView[];
  readonly lastTopUp: CounterState['lastTopUp'];
  readonly serverNow: number;
  readonly monotonicNow: number;
}

export function isSecondTopUp(question: SameTopUpQuestion): boolean {
  const { packs, purchases, lastTopUp, serverNow, monotonicNow } = question;
  const same = purchases.filter((purchase) => purchase.sku === 'topup.50k' && purchase.quantity === packs);
  const recent = same.filter((purchase) => Math.abs(serverNow - Date.parse(purchase.createdAt)) < withinMs);
  if (recent.some((purchase) => !gone.has(purchase.state))) return true;
  // What this screen asked for counts even if clocks disagree, unless all that is known of it is that it came to nothing.
  const asked = lastTopUp !== null && lastTopUp.packs === packs && monotonicNow - lastTopUp.at < withinMs;
  return asked && recent.length === 0;
}
