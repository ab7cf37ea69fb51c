// What happened to purchases between two answers, as news for a person: each once, none at the first look.
import type { PurchaseView } from '../../shared/contract/views.ts';

export interface News {
  readonly kind: 'paid' | 'failed' | 'moved';
  readonly purchase: PurchaseView;
}

const told: ReadonlySet<string> = new Set(['needs_confirmation', 'rejected', 'expired', 'refunded', 'under_review']);

export function newsBetween(before: readonly PurchaseView[] | null, after: readonly PurchaseView[]): readonly News[] {
  if (before === null) return [];
  const known = new Map(before.map((purchase) => [purchase.id, purchase]));
  return after.flatMap((purchase): readonly News[] => {
    const was = known.get(purchase.id);
    if (was === undefined) return [];
    if (was.state !== purchase.state) {
      if (purchase.state === 'paid') return [{ kind: 'paid', purchase }];
      return told.has(purchase.state) ? [{ kind: 'moved', purchase }] : [];
    }
    const failed = purchase.lastFailure !== null && purchase.lastFailure.at !== was.lastFailure?.at;
    return failed && purchase.state === 'awaiting_payment' ? [{ kind: 'failed', purchase }] : [];
  });
}
