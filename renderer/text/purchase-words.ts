// A purchase in words: its name, the tone of its state, and what is true or to be done now.
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import type { Messages } from './en.ts';
import { explain } from './explain.ts';
import type { Format } from './format.ts';

export interface Words {
  readonly text: Messages;
  readonly format: Format;
}

export function purchaseName({ text }: Words, purchase: Pick<PurchaseView, 'sku' | 'quantity'>): string {
  const { names } = text.purchases;
  switch (purchase.sku) {
    case null:
      return names.unknown;
    case 'plan.pharmapulse-one':
      return names.plan;
    case 'renewal.year':
      return names.renewal;
    case 'topup.50k':
      return names.topup(purchase.quantity);
  }
}

const tones = {
  queued: 'calm',
  awaiting_payment: 'warn',
  paid: 'good',
  needs_confirmation: 'warn',
  rejected: 'bad',
  cancelled: 'calm',
  expired: 'calm',
  refunded: 'calm',
  under_review: 'warn',
  unknown: 'calm',
} as const satisfies Record<PurchaseView['state'], string>;

export function stateTone(state: PurchaseView['state']): (typeof tones)[keyof typeof tones] {
  return tones[state];
}

/**
 * Still waiting for something: to be sent, to be paid, or for a decision; or one of this counter of which this version does not know
 * where it stands.
 */
export function isWaiting({ state, mine }: PurchaseView): boolean {
  const isOpen = state === 'queued' || state === 'awaiting_payment' || state === 'needs_confirmation';
  return isOpen || (state === 'unknown' && mine);
}

/** The price in rupees; a dash where this version cannot read it. */
export function priceText({ format }: Words, purchase: Pick<PurchaseView, 'amountPaise' | 'newAmountPaise'>): string {
  const paise = purchase.newAmountPaise ?? purchase.amountPaise;
  return paise === null ? '–' : format.rupees(paise);
}

/** One or two sentences: what is true, and what to do. */
export function purchaseStep(words: Words, purchase: PurchaseView, offline: boolean): string {
  const { text, format } = words;
  const { steps, unknownCounter } = text.purchases;
  switch (purchase.state) {
    case 'queued':
      if (purchase.sentAt !== null) return steps.sentNoAnswer;
      return offline ? steps.queuedOffline : steps.queuedOnline;
    case 'awaiting_payment':
      return awaitingStep(words, purchase);
    case 'paid':
      return [
        steps.paidOn(format.date(purchase.paidAt ?? purchase.createdAt)),
        purchase.refundedPaise > 0 ? steps.refunded(format.rupees(purchase.refundedPaise)) : '',
      ]
        .join(' ')
        .trim();
    case 'needs_confirmation': {
      const now = purchase.newAmountPaise;
      return now === null
        ? text.errors.price_changed.sentence
        : steps.newPrice(format.rupees(now), priceText(words, { ...purchase, newAmountPaise: null }));
    }
    case 'rejected': {
      if (purchase.followsId !== null) {
        const counter = purchase.followsDevice ?? unknownCounter;
        return purchase.followsState === 'paid' ? steps.followsPaid(counter) : steps.follows(counter);
      }
      const { sentence, nextStep } = explain(text, purchase.reason ?? '');
      return `${sentence} ${nextStep}`;
    }
    case 'cancelled':
      return steps.cancelled;
    case 'expired':
      return steps.expired;
    case 'refunded':
      return steps.refunded(
        purchase.refundedPaise > 0 ? format.rupees(purchase.refundedPaise) : priceText(words, purchase),
      );
    case 'under_review':
      return steps.underReview;
    case 'unknown':
      return steps.unknown;
  }
}

function awaitingStep({ text, format }: Words, purchase: PurchaseView): string {
  const { steps } = text.purchases;
  if (purchase.lastFailure !== null)
    return `${failureSentence(text, purchase.lastFailure.description)} ${steps.failedAgain}`;
  if (purchase.checkoutUrl === null) return steps.preparing;
  return purchase.expiresAt === null ? text.purchases.panel.waiting : steps.pay(format.dateTime(purchase.expiresAt));
}

/** The bank's own words, as part of a sentence. */
export function failureSentence(text: Messages, reason: string): string {
  return text.purchases.steps.failed(reason.trim());
}
