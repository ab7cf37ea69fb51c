// Whether somebody is probably paying right now, so that the answer is worth looking for every few seconds.
import { payingFor } from '../sync/cadence.ts';
import { type PurchaseSources, viewPurchases } from './purchase-view.ts';

/** paying: there is an unpaid purchase that was made, or whose pay page was opened (began), a short while ago. */
export function createPayingWatch(sources: PurchaseSources, now: () => Date) {
  let openedAt = Number.NEGATIVE_INFINITY;
  const recent = (at: number) => now().getTime() - at < payingFor;
  return {
    began() {
      openedAt = now().getTime();
    },
    paying: () =>
      viewPurchases(sources).some(
        (view) => view.state === 'awaiting_payment' && (recent(Date.parse(view.createdAt)) || recent(openedAt)),
      ),
  };
}
