// Stripe's subscriptions with Stripe's own SDK: begun by a checkout, renewed by the clock, refused, paused, cancelled.

import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let priceId: string;
beforeEach(async () => {
  stage = await openStage();
  const { id } = await stage.stripe.products.create({ name: 'Renewal' });
  const price = { product: id, currency: 'inr', unit_amount: 100_000, recurring: { interval: 'year' as const } };
  priceId = (await stage.stripe.prices.create(price)).id;
});
afterEach(() => stage.close());

const DAY = 86_400;
const NOW = Date.UTC(2026, 10, 22, 6, 30) / 1000;
const RENEWED = [
  'invoice.created',
  'invoice.finalized',
  'payment_intent.created',
  'charge.succeeded',
  'payment_intent.succeeded',
  'invoice.paid',
  'invoice.payment_succeeded',
  'customer.subscription.updated',
];
const begin = async (more: object = {}) => {
  const made = await stage.stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: priceId, quantity: 1 }],
    subscription_data: { metadata: { purchaseId: 'pur_1' }, ...more },
    success_url: 'http://shop.example/back',
  });
  const { body } = await stage.post('/stripe/play', { action: 'pay', sessionId: made.id });
  return body.session as Stripe.Checkout.Session;
};
const step = (subscriptionId: string, what: string) =>
  stage.post('/stripe/play', { action: 'subscription', subscriptionId, step: what });
let read = 0;
beforeEach(() => {
  read = 0;
});
const news = async () => {
  await stage.sandbox.deliverDue();
  const fresh = stage.listener.heard.slice(read);
  read = stage.listener.heard.length;
  return fresh.map(({ body }) => (JSON.parse(body.toString()) as { type: string }).type);
};
const fetchIt = (id: string) => stage.stripe.subscriptions.retrieve(id);

test('a mandate begun by a checkout has its invoice, paid by an intent, and carries the metadata', async () => {
  const done = await begin();
  expect(done).toMatchObject({ status: 'complete', payment_status: 'paid', payment_intent: null });
  expect(await news()).toEqual([
    'payment_intent.created',
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'charge.succeeded',
    'payment_intent.succeeded',
    'invoice.paid',
    'invoice.payment_succeeded',
    'checkout.session.completed',
  ]);
  const id = String(done.subscription);
  const found = await stage.stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
  expect(found).toMatchObject({
    status: 'active',
    metadata: { purchaseId: 'pur_1' },
    latest_invoice: { status: 'paid', amount_paid: 100_000 },
  });
  expect(found.items.data[0]?.current_period_end).toBe(Date.UTC(2027, 10, 22, 6, 30) / 1000);
  const [invoice] = (await stage.stripe.invoices.list({ subscription: id })).data;
  expect(invoice?.parent?.subscription_details).toMatchObject({ subscription: id, metadata: { purchaseId: 'pur_1' } });
  const intent = invoice?.payments?.data[0]?.payment.payment_intent;
  expect(await stage.stripe.paymentIntents.retrieve(String(intent))).toMatchObject({
    status: 'succeeded',
    amount: 100_000,
  });
});

test('a mandate with a later start takes nothing until then, and then once a year, also when the clock jumps', async () => {
  const done = await begin({ trial_end: NOW + 30 * DAY });
  const id = String(done.subscription);
  expect(done.payment_status).toBe('no_payment_required');
  expect((await fetchIt(id)).status).toBe('trialing');
  await news();
  stage.pass(30 * DAY - 1);
  expect(await news()).toEqual([]);
  stage.pass(1);
  expect(await news()).toEqual(RENEWED);
  expect((await fetchIt(id)).status).toBe('active');
  stage.pass(2 * 366 * DAY);
  expect(await news()).toEqual([...RENEWED, ...RENEWED]);
  expect((await stage.stripe.invoices.list({ subscription: id })).data).toHaveLength(4);
});

describe('a renewal that is refused', () => {
  test('is tried again after 3, 5 and 7 days, and then given up', async () => {
    const id = String((await begin()).subscription);
    await news();
    await stage.faults({ charge_fails: true });
    stage.pass(365 * DAY);
    const failed = [
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'customer.subscription.updated',
    ];
    expect(await news()).toEqual([...RENEWED.slice(0, 3), ...failed]);
    for (const days of [3, 5, 7]) {
      expect((await fetchIt(id)).status).toBe('past_due');
      stage.pass(days * DAY);
      expect(await news()).toEqual(failed);
    }
    expect((await fetchIt(id)).status).toBe('unpaid');
    const [invoice] = (await stage.stripe.invoices.list({ subscription: id, status: 'open' })).data;
    expect(invoice).toMatchObject({ attempt_count: 4, next_payment_attempt: null, amount_remaining: 100_000 });
    await stage.faults({ reset: true });
    expect((await stage.stripe.invoices.pay(invoice?.id ?? '')).status).toBe('paid');
    expect((await fetchIt(id)).status).toBe('active');
  });
});

test('a mandate is cancelled at once or at the end of its year, paused and resumed; never charged after the end', async () => {
  const [first, second, third] = [await begin(), await begin(), await begin()].map((done) => String(done.subscription));
  await news();
  expect((await stage.stripe.subscriptions.cancel(first ?? '')).status).toBe('canceled');
  await stage.stripe.subscriptions.update(second ?? '', { cancel_at_period_end: true });
  await step(third ?? '', 'pause');
  expect(await news()).toEqual([
    'customer.subscription.deleted',
    'customer.subscription.updated',
    'customer.subscription.paused',
  ]);
  stage.pass(366 * DAY);
  expect(await news()).toEqual(['customer.subscription.deleted']);
  await step(third ?? '', 'resume');
  expect(await news()).toEqual(['customer.subscription.resumed', ...RENEWED]);
  await expect(stage.stripe.subscriptions.cancel(first ?? '')).rejects.toMatchObject({ code: 'resource_missing' });
});
