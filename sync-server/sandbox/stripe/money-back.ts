// Owns the money that goes back at Stripe: refunds, whole and in parts, and disputes with their end.

import type { Told } from './announce.ts';
import type { Form } from './form.ts';
import type { Money, MoneyParts } from './money.ts';
import type { Charge, Dispute, PaymentIntent, Refund } from './objects.ts';
import { StripeRefusal } from './refusal.ts';

export interface RefundRequest {
  readonly paymentIntent?: string | undefined;
  readonly charge?: string | undefined;
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
  readonly metadata?: Form | undefined;
}

export const disputeEnds = ['under_review', 'won', 'lost', 'closed'] as const;

export type MoneyBack = ReturnType<typeof createMoneyBack>;

export function createMoneyBack(parts: MoneyParts & { readonly money: Money }) {
  const { books, announce, money } = parts;
  const refunds = createRefunds(parts);
  const chargeOf = (intentId: string): Charge => chargeOfIntent(parts, books.get('payment_intent', intentId));

  return {
    ...refunds,
    /** Of an inquiry or a chargeback: the money is taken at once and comes back if it is won. */
    dispute(intentId: string, asked: { amount?: number | undefined; reason?: string | undefined }): Dispute {
      const charge = chargeOf(intentId);
      const amount = asked.amount ?? charge.amount;
      if (amount < 1 || amount > charge.amount) throw new StripeRefusal('The amount is not within the charge.');
      const dispute: Dispute & Record<string, unknown> = {
        id: books.newId('du_'),
        object: 'dispute',
        amount,
        balance_transactions: [],
        charge: charge.id,
        created: books.now(),
        currency: charge.currency,
        evidence_details: {
          due_by: books.now() + 7 * 86_400,
          has_evidence: false,
          past_due: false,
          submission_count: 0,
        },
        is_charge_refundable: false,
        livemode: false,
        metadata: {},
        payment_intent: intentId,
        reason: asked.reason ?? 'product_not_received',
        status: 'needs_response',
      };
      books.put('dispute', dispute);
      books.put('charge', { ...charge, disputed: true });
      const told = ['created', 'funds_withdrawn'].map((step) => ({ type: `charge.dispute.${step}`, object: dispute }));
      announce(money.aboutOf(intentId), told, intentId);
      return dispute;
    },
    decide(id: string, end: (typeof disputeEnds)[number]): Dispute {
      const before = books.get('dispute', id);
      if (before.status !== 'needs_response' && before.status !== 'under_review') {
        throw new StripeRefusal(`The dispute is ${before.status} already.`);
      }
      const status = end === 'closed' ? 'warning_closed' : end;
      const dispute = books.put('dispute', { ...before, status });
      const told: Told[] = [
        { type: `charge.dispute.${end === 'under_review' ? 'updated' : 'closed'}`, object: dispute },
      ];
      if (end === 'won' || end === 'closed') told.push({ type: 'charge.dispute.funds_reinstated', object: dispute });
      announce(money.aboutOf(dispute.payment_intent), told, dispute.payment_intent);
      return dispute;
    },
  };
}

function chargeOfIntent({ books }: MoneyParts, intent: PaymentIntent): Charge {
  if (intent.status !== 'succeeded' || intent.latest_charge === null) {
    throw new StripeRefusal(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  }
  return books.get('charge', intent.latest_charge);
}

function createRefunds(parts: MoneyParts & { readonly money: Money }) {
  const { books, faults, announce, money } = parts;

  function add(charge: Charge, amount: number): Charge {
    const amount_refunded = charge.amount_refunded + amount;
    return books.put('charge', { ...charge, amount_refunded, refunded: amount_refunded === charge.amount });
  }

  function end(before: Refund, status: 'succeeded' | 'failed'): { refund: Refund; told: Told[] } {
    if (before.status !== 'pending') throw new StripeRefusal('Only a pending refund can be finished.');
    const why = status === 'failed' ? { failure_reason: 'lost_or_stolen_card' } : {};
    const refund = books.put('refund', { ...before, status, ...why });
    // What failed is the seller's again.
    if (status === 'failed') add(books.get('charge', refund.charge), -refund.amount);
    const first = { type: status === 'failed' ? 'refund.failed' : 'refund.updated', object: refund };
    return { refund, told: [first, { type: 'charge.refund.updated', object: refund }] };
  }

  function make(charge: Charge, asked: RefundRequest): { refund: Refund; told: Told[] } {
    const amount = refundable(charge, asked.amount);
    const fails = faults.take('refund_fails');
    const pending = fails || faults.take('refund_pending');
    const refund = books.put('refund', {
      id: books.newId('re_'),
      object: 'refund',
      amount,
      charge: charge.id,
      created: books.now(),
      currency: charge.currency,
      livemode: false,
      metadata: asked.metadata ?? {},
      payment_intent: charge.payment_intent,
      reason: asked.reason ?? null,
      status: pending ? 'pending' : 'succeeded',
    });
    const after = add(charge, amount);
    const told = [
      { type: 'refund.created', object: refund },
      { type: 'charge.refunded', object: after },
    ];
    return fails ? { refund, told: [...told, ...end(refund, 'failed').told] } : { refund, told };
  }

  return {
    /** For a caller that announces it in its turn. */
    giveBack: (intent: PaymentIntent): Told[] => make(chargeOfIntent(parts, intent), {}).told,
    refund(asked: RefundRequest): Refund {
      const { paymentIntent, charge: chargeId } = asked;
      if (paymentIntent === undefined && chargeId === undefined) {
        throw new StripeRefusal(
          'One of the following params should be provided for this request: payment_intent or charge.',
        );
      }
      const charge =
        paymentIntent === undefined
          ? books.get('charge', chargeId ?? '')
          : chargeOfIntent(parts, books.get('payment_intent', paymentIntent));
      const { refund, told } = make(charge, asked);
      announce(money.aboutOf(refund.payment_intent), told, refund.payment_intent);
      return refund;
    },
    finishRefund(id: string, status: 'succeeded' | 'failed'): Refund {
      const { refund, told } = end(books.get('refund', id), status);
      announce(money.aboutOf(refund.payment_intent), told, refund.payment_intent);
      return refund;
    },
  };
}

function refundable(charge: Charge, asked: number | undefined): number {
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.status !== 'succeeded') throw new StripeRefusal(`Charge ${charge.id} has not been captured.`);
  if (left === 0) {
    throw new StripeRefusal(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = asked ?? left;
  if (amount < 1) throw new StripeRefusal('This value must be greater than or equal to 1.', { param: 'amount' });
  if (amount > left) {
    throw new StripeRefusal(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    });
  }
  return amount;
}
