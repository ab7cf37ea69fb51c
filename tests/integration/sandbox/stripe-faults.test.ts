// Stripe's bad days with Stripe's own SDK: money that goes back, events that are late or spoilt, an API that fails.

import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, stripeAt } from './stage.ts';
import { openStripeStage, type StripeStage } from './stripe-stage.ts';

let stage: StripeStage;
beforeEach(async () => {
  stage = await openStripeStage();
});
afterEach(() => stage.close());

describe('money that goes back', () => {
  test('goes in parts up to what was paid, once for each key, and is listed', async () => {
    const { paymentIntent } = await stage.act({ action: 'pay', sessionId: (await stage.session('pur_1')).id });
    await stage.news();
    const ask = (amount: number, key: string) =>
      stage.stripe.refunds.create({ payment_intent: paymentIntent.id, amount }, { idempotencyKey: key });
    const first = await ask(500_000, 'r1');
    expect((await ask(500_000, 'r1')).id).toBe(first.id);
    expect(await stage.typesOf()).toEqual(['refund.created', 'charge.refunded']);
    await expect(ask(1_000_001, 'too much')).rejects.toMatchObject({ param: 'amount', statusCode: 400 });
    await ask(1_000_000, 'r2');
    const { data } = await stage.stripe.refunds.list({ payment_intent: paymentIntent.id });
    expect(data.map(({ amount, status }) => [amount, status])).toEqual([
      [1_000_000, 'succeeded'],
      [500_000, 'succeeded'],
    ]);
    const intent = await stage.stripe.paymentIntents.retrieve(paymentIntent.id, { expand: ['latest_charge.refunds'] });
    expect(intent.latest_charge).toMatchObject({
      refunded: true,
      amount_refunded: 1_500_000,
      refunds: { data: [{}, {}] },
    });
    await expect(ask(1, 'r3')).rejects.toMatchObject({ code: 'charge_already_refunded', statusCode: 400 });
  });

  test('that waits for the bank is told when it arrives or fails', async () => {
    const { paymentIntent } = await stage.act({ action: 'pay', sessionId: (await stage.session('pur_1')).id });
    await stage.faults({ refund_pending: 2 });
    const [a, b] = [
      await stage.act({ action: 'refund', paymentIntentId: paymentIntent.id, amount: 100 }),
      await stage.act({ action: 'refund', paymentIntentId: paymentIntent.id, amount: 100 }),
    ];
    await stage.news();
    await stage.act({ action: 'finish_refund', refundId: a.refund.id, status: 'succeeded' });
    await stage.act({ action: 'finish_refund', refundId: b.refund.id, status: 'failed' });
    expect(await stage.typesOf()).toEqual([
      'refund.updated',
      'charge.refund.updated',
      'refund.failed',
      'charge.refund.updated',
    ]);
    const charge = await stage.stripe.charges.retrieve(String(paymentIntent.latest_charge));
    expect(charge.amount_refunded).toBe(100);
  });

  for (const end of ['won', 'lost'] as const) {
    test(`in a dispute is told when it is opened and when it is ${end}`, async () => {
      const { paymentIntent } = await stage.act({ action: 'pay', sessionId: (await stage.session('pur_1')).id });
      await stage.news();
      const { dispute } = await stage.act({ action: 'dispute', paymentIntentId: paymentIntent.id });
      expect(await stage.typesOf()).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
      await stage.act({ action: 'decide_dispute', disputeId: dispute.id, status: end });
      expect(await stage.typesOf()).toEqual([
        'charge.dispute.closed',
        ...(end === 'won' ? ['charge.dispute.funds_reinstated'] : []),
      ]);
      const { data } = await stage.stripe.disputes.list({ payment_intent: paymentIntent.id });
      expect(data).toMatchObject([{ id: dispute.id, status: end, amount: 1_500_000 }]);
    });
  }
});

describe('an event', () => {
  const pay = async () => stage.act({ action: 'pay', sessionId: (await stage.session('pur_1')).id });

  test('that was not taken comes again over three days, each time signed anew', async () => {
    await stage.faults({ only_order_paid: 1 });
    stage.listener.manner.now = 500;
    await pay();
    await stage.news();
    let tries = 1;
    for (let hour = 0; hour < 80; hour += 1) {
      stage.pass(3600);
      tries += (await stage.news()).length;
    }
    stage.pass(1_000_000);
    tries += (await stage.news()).length;
    expect(tries).toBe(12);
    const headers = stage.listener.heard.map(({ headers }) => headers['stripe-signature']);
    expect(new Set(headers).size).toBe(12);
    const undelivered = await stage.stripe.events.list({ delivery_success: false });
    expect(undelivered.data.map(({ type }) => type)).toEqual(['checkout.session.completed']);
  });

  test('can be stale, unsigned, tampered with, of the old secret, or doubled', async () => {
    for (const fault of ['webhook_stale', 'webhook_unsigned', 'webhook_tampered', 'webhook_old_secret']) {
      await stage.faults({ reset: true, [fault]: 1, only_order_paid: 1 });
      await stage.act({ action: 'pay', sessionId: (await stage.session(fault)).id });
      await expect(stage.news(), fault).rejects.toThrow();
    }
    await stage.faults({ reset: true, webhook_duplicate: 1, only_order_paid: 1 });
    await stage.act({ action: 'pay', sessionId: (await stage.session('twice')).id });
    stage.pass(0.23);
    const [first, second] = await stage.news();
    expect(first?.id).toBe(second?.id);
  });

  test('can tell of a wrong amount, a wrong currency, somebody else’s purchase, or a refund before its payment', async () => {
    await stage.faults({ wrong_amount: 1 });
    expect((await stage.act({ action: 'pay', sessionId: (await stage.session('a')).id })).paymentIntent.amount).toBe(
      1_499_900,
    );
    await stage.faults({ wrong_currency: 1 });
    expect((await stage.act({ action: 'pay', sessionId: (await stage.session('b')).id })).paymentIntent.currency).toBe(
      'usd',
    );
    await stage.faults({ foreign_order: 1 });
    const ours = await stage.session('c');
    const theirs = await stage.act({ action: 'pay', sessionId: ours.id });
    expect(theirs.session).toMatchObject({ client_reference_id: null, metadata: {}, status: 'complete' });
    expect((await stage.stripe.checkout.sessions.retrieve(ours.id)).status).toBe('open');
    await stage.news();
    await stage.faults({ refund_before_captured: 1 });
    await stage.act({ action: 'pay', sessionId: (await stage.session('d')).id });
    expect(await stage.typesOf()).toEqual([
      'payment_intent.created',
      'refund.created',
      'charge.refunded',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
  });
});

describe('the API', () => {
  test('refuses a wrong key, an id that is not there and an address that it does not know, each as Stripe does', async () => {
    const stranger = stripeAt(stage.url, 'sk_test_guess');
    await expect(stranger.events.list()).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    await expect(stage.stripe.paymentIntents.retrieve('pi_none')).rejects.toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
    });
    await expect(stage.stripe.coupons.list()).rejects.toMatchObject({ statusCode: 404 });
    await expect(stage.session('pur_1', { expires_at: 1 })).rejects.toMatchObject({
      param: 'expires_at',
      statusCode: 400,
    });
  });

  test('has its bad days: too many requests, a server error, no answer at all', async () => {
    await stage.faults({ api_429: 1 });
    await expect(stage.session('a')).rejects.toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    await stage.faults({ api_500: 1 });
    await expect(stage.session('b')).rejects.toBeInstanceOf(Stripe.errors.StripeAPIError);
    await stage.faults({ api_reset: 2 });
    await expect(stage.session('c')).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect((await stage.stripe.checkout.sessions.list()).data).toEqual([]);
  });

  test('lists in pages, newest first, and lacks what is young under the lag', async () => {
    const ids = [(await stage.session('a')).id, (await stage.session('b')).id, (await stage.session('c')).id];
    const first = await stage.stripe.checkout.sessions.list({ limit: 2 });
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([[ids[2], ids[1]], true]);
    const rest = await stage.stripe.checkout.sessions.list({ limit: 2, starting_after: ids[1] ?? '' });
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([[ids[0]], false]);
    await stage.faults({ order_list_lag_seconds: 60 });
    expect((await stage.stripe.checkout.sessions.list()).data).toEqual([]);
    stage.pass(60);
    expect((await stage.stripe.checkout.sessions.list()).data).toHaveLength(3);
  });

  test('is at the root of a server that has the rest of the sandbox under a prefix', async () => {
    const mounted = await openStage({ prefix: '/sandbox' });
    const made = await stripeAt(new URL(mounted.url).origin).products.create({ name: 'Credits' });
    expect((await mounted.stripe.products.retrieve(made.id)).name).toBe('Credits');
    await expect(mounted.razorpay.orders.all({})).resolves.toMatchObject({ count: 0 });
    await mounted.close();
  });
});
