// What Stripe's events say about disputes and mandates.

import { describe, expect, test } from 'vitest';
import { readWebhook, reportOf } from '../../../sync-server/providers/stripe-webhook.ts';

type Entity = Record<string, unknown>;

const bodyOf = (type: string, object: unknown): Buffer =>
  Buffer.from(JSON.stringify({ id: 'evt_1', type, created: 1_790_000_060, livemode: false, data: { object } }));
const report = (type: string, object: unknown) => reportOf(bodyOf(type, object), 'test');

const session: Entity = {
  id: 'cs_test_A1',
  object: 'checkout.session',
  mode: 'payment',
  client_reference_id: 'pur_1',
  amount_total: 1_500_000,
  currency: 'inr',
  status: 'complete',
  payment_status: 'paid',
  payment_intent: 'pi_A1',
  url: null,
  created: 1_790_000_000,
};

describe('an event about a dispute', () => {
  const dispute: Entity = {
    id: 'dp_1',
    object: 'dispute',
    payment_intent: 'pi_A1',
    amount: 1_500_000,
    currency: 'inr',
    status: 'needs_response',
    reason: 'fraudulent',
  };

  test.each([
    ['created', 'needs_response', 'open'],
    ['created', 'warning_needs_response', 'open'],
    ['updated', 'under_review', 'open'],
    ['updated', 'warning_under_review', 'open'],
    ['funds_withdrawn', 'needs_response', 'open'],
    ['closed', 'won', 'won'],
    ['closed', 'lost', 'lost'],
    ['closed', 'warning_closed', 'closed'],
    ['created', 'prevented', 'closed'],
    ['funds_reinstated', 'won', 'won'],
    ['updated', 'appeal_needs_response', 'open'],
  ])('charge.dispute.%s with status %s is %s', (event, told, is) => {
    expect(report(`charge.dispute.${event}`, { ...dispute, status: told })).toMatchObject({
      kind: 'dispute',
      dispute: {
        disputeId: 'dp_1',
        paymentId: 'pi_A1',
        amountPaise: 1_500_000,
        currency: 'INR',
        status: is,
        reason: 'fraudulent',
      },
      payment: null,
    });
  });

  test('of a status that nobody documented is kept and changes nothing', () => {
    expect(report('charge.dispute.updated', { ...dispute, status: 'frozen' }).kind).toBe('ignored');
  });
});

describe('an event about a mandate', () => {
  const subscription: Entity = {
    id: 'sub_1',
    object: 'subscription',
    status: 'active',
    metadata: { receipt: 'man_1' },
  };

  test.each([
    ['incomplete', 'created'],
    ['incomplete_expired', 'expired'],
    ['trialing', 'authenticated'],
    ['active', 'active'],
    ['past_due', 'pending'],
    ['unpaid', 'halted'],
    ['paused', 'paused'],
    ['canceled', 'cancelled'],
  ])('a subscription that is %s is %s', (told, status) => {
    expect(report('customer.subscription.updated', { ...subscription, status: told })).toEqual({
      kind: 'mandate',
      mandate: { mandateId: 'sub_1', receipt: 'man_1', status, authorisationUrl: null },
      payment: null,
    });
    expect(readWebhook(bodyOf('customer.subscription.updated', subscription))).toMatchObject({ mandateId: 'sub_1' });
  });

  test('whose collection is paused is paused, though Stripe calls it active', () => {
    const paused = { ...subscription, pause_collection: { behavior: 'void' } };
    expect(report('customer.subscription.updated', paused)).toMatchObject({ mandate: { status: 'paused' } });
  });

  test('that was agreed to on its session is known by its subscription and our receipt', () => {
    const agreed = {
      ...session,
      mode: 'subscription',
      subscription: 'sub_1',
      payment_intent: null,
      client_reference_id: 'man_1',
    };
    expect(report('checkout.session.completed', agreed)).toMatchObject({
      kind: 'mandate',
      mandate: { mandateId: 'sub_1', receipt: 'man_1', status: 'authenticated' },
    });
    expect(readWebhook(bodyOf('checkout.session.completed', agreed))).toMatchObject({
      mandateId: 'sub_1',
      orderId: null,
    });
  });

  test('that was charged, or could not be, is told by its invoice, and the payment is to be looked up', () => {
    const details = { subscription: 'sub_1', metadata: { receipt: 'man_1' } };
    const invoice = {
      id: 'in_1',
      object: 'invoice',
      parent: { type: 'subscription_details', subscription_details: details },
    };
    const told = { kind: 'mandate', mandate: { mandateId: 'sub_1', receipt: 'man_1' }, payment: null };
    const askNow = true;
    expect(report('invoice.paid', invoice)).toMatchObject({ ...told, askNow, mandate: { status: 'active' } });
    expect(report('invoice.payment_failed', invoice)).toMatchObject({
      ...told,
      askNow,
      mandate: { status: 'pending' },
    });
    const trial = report('invoice.paid', { ...invoice, amount_paid: 0 });
    expect(trial).toMatchObject({ ...told, mandate: { status: 'authenticated' } });
    expect(trial).not.toHaveProperty('askNow');
    expect(readWebhook(bodyOf('invoice.paid', invoice))).toMatchObject({ mandateId: 'sub_1' });
    expect(report('invoice.paid', { id: 'in_2', object: 'invoice', parent: null }).kind).toBe('ignored');
  });
});
