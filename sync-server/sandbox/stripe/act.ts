// Owns what the world outside does at Stripe: the customer at the checkout, the bank, the dashboard. By
// `POST /stripe/play` (`?wait=1` answers after the webhooks were tried) and by the pages:
//
//   {"action":"pay"|"fail", "sessionId", "method"?:"card"|"upi"}     {"action":"challenge"|"pay_later"|"expire", "sessionId"}
//   {"action":"settle", "sessionId", "outcome":"succeeded"|"failed"}   what a slow bank says in the end
//   {"action":"refund", "paymentIntentId", amount?}     {"action":"finish_refund", "refundId", "status":"succeeded"|"failed"}
//   {"action":"dispute", "paymentIntentId", amount?, reason?}
//   {"action":"decide_dispute", "disputeId", "status":"under_review"|"won"|"lost"|"closed"}
//   {"action":"subscription", "subscriptionId", "step":"charge"|"fail_charge"|"halt"|"pause"|"resume"|"cancel"}
//
// Each answers the object that it was about, the others that go with it, and `events`: all of that purchase or mandate.

import { z } from 'zod';
import type { Db } from '../database.ts';
import type { Deliveries } from '../deliveries.ts';
import type { Books } from './books.ts';
import type { Checkout } from './checkout.ts';
import type { Form } from './form.ts';
import type { Money } from './money.ts';
import { disputeEnds, type MoneyBack } from './money-back.ts';
import { read } from './read.ts';
import type { Subscriptions } from './subscriptions.ts';

export const subscriptionSteps = ['charge', 'fail_charge', 'halt', 'pause', 'resume', 'cancel'] as const;
const sessionId = z.string();
const method = z.enum(['card', 'upi']).default('card');
const amount = z.coerce.number().int().min(1).optional();

export const stripeAct = z.discriminatedUnion('action', [
  z.object({ action: z.literal('pay'), sessionId, method }),
  z.object({ action: z.literal('fail'), sessionId, method }),
  z.object({ action: z.literal('challenge'), sessionId }),
  z.object({ action: z.literal('pay_later'), sessionId }),
  z.object({ action: z.literal('expire'), sessionId }),
  z.object({ action: z.literal('settle'), sessionId, outcome: z.enum(['succeeded', 'failed']) }),
  z.object({ action: z.literal('refund'), paymentIntentId: z.string(), amount }),
  z.object({ action: z.literal('finish_refund'), refundId: z.string(), status: z.enum(['succeeded', 'failed']) }),
  z.object({
    action: z.literal('dispute'),
    paymentIntentId: z.string(),
    amount,
    reason: z.string().max(100).optional(),
  }),
  z.object({ action: z.literal('decide_dispute'), disputeId: z.string(), status: z.enum(disputeEnds) }),
  z.object({ action: z.literal('subscription'), subscriptionId: z.string(), step: z.enum(subscriptionSteps) }),
]);
export type StripeAct = z.infer<typeof stripeAct>;

export interface StripeActParts {
  readonly db: Db;
  readonly books: Books;
  readonly checkout: Checkout;
  readonly money: Money;
  readonly back: MoneyBack;
  readonly subscriptions: Subscriptions;
  readonly deliveries: Deliveries;
}

export function createStripeAct(parts: StripeActParts) {
  const { db, deliveries } = parts;
  const run = db.transaction((asked: StripeAct) => act(parts, asked));
  return (given: unknown) => {
    const { about, ...done } = run(read(stripeAct, given as Form));
    return { ...done, events: deliveries.eventsOfOrder(about) };
  };
}

function act(parts: StripeActParts, asked: StripeAct): { about: string } & Record<string, unknown> {
  const { books, money, back, subscriptions } = parts;
  const aboutMoney = (payment_intent: string) => ({
    about: money.aboutOf(payment_intent),
    paymentIntent: books.get('payment_intent', payment_intent),
  });
  switch (asked.action) {
    case 'refund': {
      const refund = back.refund({ paymentIntent: asked.paymentIntentId, amount: asked.amount });
      return { ...aboutMoney(refund.payment_intent), refund };
    }
    case 'finish_refund': {
      const refund = back.finishRefund(asked.refundId, asked.status);
      return { ...aboutMoney(refund.payment_intent), refund };
    }
    case 'dispute': {
      const dispute = back.dispute(asked.paymentIntentId, asked);
      return { ...aboutMoney(dispute.payment_intent), dispute };
    }
    case 'decide_dispute': {
      const dispute = back.decide(asked.disputeId, asked.status);
      return { ...aboutMoney(dispute.payment_intent), dispute };
    }
    case 'subscription': {
      const subscription = step(subscriptions, asked);
      const { latest_invoice: last } = subscription;
      return { about: subscription.id, subscription, invoice: last === null ? null : books.get('invoice', last) };
    }
    default: {
      const session = atTheCheckout(parts.checkout, asked);
      const { payment_intent: id } = session;
      return { about: session.id, session, paymentIntent: id === null ? null : books.get('payment_intent', id) };
    }
  }
}

function step(
  subscriptions: Subscriptions,
  { subscriptionId: id, step }: Extract<StripeAct, { action: 'subscription' }>,
) {
  if (step === 'charge') return subscriptions.renew(id, 'fine');
  return step === 'fail_charge' ? subscriptions.renew(id, 'fails') : subscriptions[step](id);
}

function atTheCheckout(checkout: Checkout, asked: Extract<StripeAct, { sessionId: string }>) {
  switch (asked.action) {
    case 'pay':
      return checkout.pay(asked.sessionId, asked.method);
    case 'fail':
      return checkout.fail(asked.sessionId, asked.method);
    case 'challenge':
      return checkout.challenge(asked.sessionId);
    case 'pay_later':
      return checkout.payLater(asked.sessionId);
    case 'expire':
      return checkout.expire(asked.sessionId);
    case 'settle':
      return checkout.settle(asked.sessionId, asked.outcome);
  }
}
