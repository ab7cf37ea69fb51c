// The purchase machine: what each fact does to a purchase in each state. Pure and total; forward only: a purchase that
// was paid never waits again, and one that was refunded never moves, unless the bank takes back its word on a dispute.
import type { PurchaseState } from '../../shared/contract/billing.ts';

/**
 * What can happen to a purchase.
 * paid_in_full: captured, exact amount, INR, our order. paid_wrong: captured, but not exactly that. paid_as_second: paid
 * in full, but the org has this plan or this service year from another purchase. attempt_failed: one attempt to pay
 * failed; never final. cancel: the user's wish. expire: its time is over. sent_back: the provider refunded all of it.
 * won_back: a dispute that had been lost, and so took all of it back, was won in the end.
 */
export type PurchaseEvent =
  | 'paid_in_full'
  | 'paid_wrong'
  | 'paid_as_second'
  | 'attempt_failed'
  | 'cancel'
  | 'expire'
  | 'sent_back'
  | 'won_back';

/**
 * settle: grant, invoice and audit in this transaction. review: keep the money aside with an alarm for an operator.
 * refund: send the money back. note_failure: show the bank's reason.
 */
export type PurchaseEffect = 'settle' | 'review' | 'refund' | 'note_failure';

export type Move =
  | { readonly to: PurchaseState; readonly effect: PurchaseEffect | null }
  /** The user asked for something that the state does not allow. */
  | 'refused'
  /** Nothing to do: known already, or without meaning here. */
  | 'nothing';

const stay = (state: PurchaseState, effect: PurchaseEffect): Move => ({ to: state, effect });

export const purchaseTable: Readonly<Record<PurchaseState, Readonly<Record<PurchaseEvent, Move>>>> = {
  awaiting_payment: {
    paid_in_full: { to: 'paid', effect: 'settle' },
    paid_wrong: { to: 'under_review', effect: 'review' },
    paid_as_second: { to: 'under_review', effect: 'refund' },
    attempt_failed: stay('awaiting_payment', 'note_failure'),
    cancel: { to: 'cancelled', effect: null },
    expire: { to: 'expired', effect: null },
    sent_back: 'nothing',
    won_back: 'nothing',
  },
  paid: {
    paid_in_full: stay('paid', 'review'),
    paid_wrong: stay('paid', 'review'),
    paid_as_second: stay('paid', 'review'),
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: { to: 'refunded', effect: null },
    won_back: 'nothing',
  },
  under_review: {
    paid_in_full: stay('under_review', 'review'),
    paid_wrong: stay('under_review', 'review'),
    paid_as_second: stay('under_review', 'review'),
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: { to: 'refunded', effect: null },
    won_back: 'nothing',
  },
  cancelled: {
    paid_in_full: { to: 'paid', effect: 'settle' },
    paid_wrong: { to: 'under_review', effect: 'review' },
    paid_as_second: { to: 'under_review', effect: 'refund' },
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'nothing',
    won_back: 'nothing',
  },
  expired: {
    paid_in_full: { to: 'paid', effect: 'settle' },
    paid_wrong: { to: 'under_review', effect: 'review' },
    paid_as_second: { to: 'under_review', effect: 'refund' },
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'nothing',
    won_back: 'nothing',
  },
  refunded: {
    paid_in_full: stay('refunded', 'review'),
    paid_wrong: stay('refunded', 'review'),
    paid_as_second: stay('refunded', 'review'),
    attempt_failed: 'nothing',
    cancel: 'refused',
    expire: 'nothing',
    sent_back: 'nothing',
    won_back: { to: 'paid', effect: null },
  },
};

export function movePurchase(state: PurchaseState, event: PurchaseEvent): Move {
  return purchaseTable[state][event];
}
