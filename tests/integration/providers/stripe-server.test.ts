// The server with PAYMENT_PROVIDER=stripe, from the purchase to the plan: the same rules as with Razorpay, through the
// same doors.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type PlayedClock, playedClock, type Started, started } from '../server/started.ts';
import { openStripeLike, stripeKey } from './stripe-like.ts';

const SECRET = 'whsec_server';
let clock: PlayedClock;
let like: Awaited<ReturnType<typeof openStripeLike>>;
let server: Started;
beforeAll(async () => {
  clock = playedClock();
  like = await openStripeLike({ now: () => Math.floor(clock.now().getTime() / 1000), page: 100 });
  const settings = {
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: stripeKey,
    STRIPE_WEBHOOK_SECRETS: `whsec_next,${SECRET}`,
    STRIPE_API_URL: like.api.url,
  };
  server = await started(settings, clock);
});
afterAll(async () => {
  await server.dispose();
  await like.api.close();
});

let events = 0;
/** Stripe's word about a session as it is now, delivered to the server. */
async function tell(
  type: string,
  sessionId: string,
  change: { secret?: string; livemode?: boolean } = {},
): Promise<Answer> {
  return tellOf(type, like.book.session(sessionId), change);
}

/** Stripe's word about any object, as it is given here. */
async function tellOf(
  type: string,
  object: unknown,
  { secret = SECRET, livemode = false }: { secret?: string; livemode?: boolean } = {},
): Promise<Answer> {
  const seconds = Math.floor(clock.now().getTime() / 1000);
  const id = `evt_played${events++}`;
  const raw = JSON.stringify({ id, type, created: seconds, livemode, data: { object } });
  const v1 = createHmac('sha256', secret).update(`${seconds}.${raw}`).digest('hex');
  const headers = { 'stripe-signature': `t=${seconds},v1=${v1}`, 'content-type': 'application/json' };
  return server.request('POST', '/api/billing/webhook', { raw, headers });
}

async function bought() {
  const counter = await server.signUp();
  const purchase = await counter.buyPlan();
  const page = async (): Promise<string> => await (await fetch(purchase.checkoutUrl ?? '')).text();
  return { counter, purchase, orderId: purchase.providerOrderId ?? '', page };
}

describe('a plan bought through Stripe', () => {
  test('is paid on Stripe’s page, told by its webhook, and granted once however often it is told', async () => {
    const { counter, purchase, orderId, page } = await bought();
    expect(purchase).toMatchObject({ provider: 'stripe', state: 'awaiting_payment', amountPaise: 1_500_000 });
    expect(await page()).toContain(`href="https://checkout.stripe.example/${orderId}"`);
    like.book.pay(orderId);
    for (let told = 0; told < 3; told += 1) {
      expect(await tell('checkout.session.completed', orderId)).toMatchObject({ status: 200 });
    }
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'paid', paidAt: clock.now().toISOString() });
    expect((await counter.status()).credits.balance).toBe(50_000);
    expect(await page()).not.toContain('checkout.stripe.example');
  });

  test('whose card is refused shows the bank’s reason on Stripe’s word alone, waits on, and is paid after that', async () => {
    const { counter, purchase, orderId, page } = await bought();
    const refused = like.book.refuseCard(orderId);
    expect(await tellOf('payment_intent.payment_failed', refused)).toMatchObject({ status: 200 });
    await server.settle();
    const lastFailure = { code: 'insufficient_funds', description: 'No funds.', at: clock.now().toISOString() };
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'awaiting_payment', lastFailure });
    expect(await page()).toContain('The last attempt failed: No funds.');
    like.book.pay(orderId);
    await tell('checkout.session.completed', orderId);
    await server.settle();
    await tellOf('payment_intent.payment_failed', refused);
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'paid' });
  });

  test('is not told of a refusal that carries a receipt of nobody, nor paid by money that carries its receipt', async () => {
    const { counter, purchase, orderId } = await bought();
    const refused = like.book.refuseCard(orderId);
    await tellOf('payment_intent.payment_failed', { ...refused, metadata: { receipt: 'rcpt_of_another_product' } });
    const taken = { status: 'succeeded', amount_received: 1_500_000, last_payment_error: null };
    await tellOf('payment_intent.succeeded', { ...refused, ...taken });
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'awaiting_payment', lastFailure: null });
    const states = await server.sql(`select distinct state from webhook_inbox where payment_id = $1`, [refused.id]);
    expect(states).toEqual([{ state: 'ignored' }]);
  });

  test('is found paid by the way back alone, where no webhook comes', async () => {
    const { counter, purchase, orderId } = await bought();
    like.book.pay(orderId);
    const back = (purchase.checkoutUrl ?? '').replace('?', '/return?');
    expect((await fetch(back, { redirect: 'manual' })).status).toBe(303);
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'paid' });
  });

  test('can be paid on the second and the third day too, and is the same purchase', async () => {
    const { counter, purchase, orderId, page } = await bought();
    clock.advance(30 * 3_600_000);
    const shown = /checkout\.stripe\.example\/(cs_test_played[0-9]+)/.exec(await page())?.[1] ?? '';
    expect(shown).not.toBe(orderId);
    like.book.pay(shown);
    expect(await tell('checkout.session.completed', shown)).toMatchObject({ status: 200 });
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'paid', providerOrderId: orderId });
  });

  test('is not paid by a word of another mode, nor by one that Stripe did not sign', async () => {
    const { counter, purchase, orderId } = await bought();
    like.book.pay(orderId);
    expect(await tell('checkout.session.completed', orderId, { livemode: true })).toMatchObject({ status: 200 });
    expect(await tell('checkout.session.completed', orderId, { secret: 'guess' })).toMatchObject({ status: 400 });
    const signature = createHmac('sha256', SECRET).update('{}').digest('hex');
    const headers = { 'x-razorpay-signature': signature, 'content-type': 'application/json' };
    expect(await server.request('POST', '/api/billing/webhook', { raw: '{}', headers })).toMatchObject({ status: 400 });
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'awaiting_payment' });
  });
});
