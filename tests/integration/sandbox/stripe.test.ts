// Stripe's Checkout with Stripe's own SDK over HTTP, and its hosted page.

import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStripeStage, type StripeStage } from './stripe-stage.ts';

let stage: StripeStage;
beforeEach(async () => {
  stage = await openStripeStage();
});
afterEach(() => stage.close());

describe('a checkout session', () => {
  test('is open until it is paid; then intent and charge are there, and four signed events tell of it', async () => {
    const made = await stage.session('pur_1');
    expect(made).toMatchObject({
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 1_500_000,
      currency: 'inr',
      payment_intent: null,
      livemode: false,
    });
    await stage.act({ action: 'pay', sessionId: made.id });
    const events = await stage.news();
    expect(events.map(({ type }) => type)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(4);
    expect(events.at(-1)?.data.object).toMatchObject({
      id: made.id,
      status: 'complete',
      payment_status: 'paid',
      client_reference_id: 'pur_1',
    });
    const found = await stage.stripe.checkout.sessions.retrieve(made.id, {
      expand: ['payment_intent.latest_charge', 'line_items'],
    });
    expect(found).toMatchObject({
      status: 'complete',
      payment_intent: {
        status: 'succeeded',
        amount_received: 1_500_000,
        metadata: { purchaseId: 'pur_1' },
        latest_charge: { status: 'succeeded', captured: true, amount: 1_500_000 },
      },
      line_items: { data: [{ amount_total: 1_500_000, description: 'PharmaPulse One' }] },
    });
  });

  test('asked for again under its key is the same one, and another body under that key is refused', async () => {
    const first = await stage.session('pur_1');
    const again = await stage.session('pur_1');
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    await expect(stage.session('pur_2', {}, 'pur_1')).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect((await stage.stripe.checkout.sessions.list()).data).toHaveLength(1);
  });

  test('made while its answer was lost is found again under its key, by the SDK itself or by whoever asks again', async () => {
    // One reset: the SDK asks again by itself, under the same key.
    await stage.faults({ api_reset_after_commit: 1 });
    expect((await stage.session('reset')).lastResponse.headers['idempotent-replayed']).toBe('true');
    await stage.faults({ api_500_after_commit: 1 });
    await expect(stage.session('broken')).rejects.toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect((await stage.session('broken')).lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await stage.stripe.checkout.sessions.list()).data).toHaveLength(2);
  });

  test('whose card is refused stays open and can be paid after that, by the same intent', async () => {
    const { id } = await stage.session('pur_1');
    await stage.act({ action: 'fail', sessionId: id });
    expect(await stage.typesOf()).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    const failed = await stage.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    expect(failed).toMatchObject({ status: 'open', payment_intent: { last_payment_error: { code: 'card_declined' } } });
    await stage.act({ action: 'pay', sessionId: id });
    expect(await stage.typesOf()).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    const { data } = await stage.stripe.charges.list({
      payment_intent: (failed.payment_intent as Stripe.PaymentIntent).id,
    });
    expect(data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });

  for (const [outcome, status] of [
    ['succeeded', 'paid'],
    ['failed', 'unpaid'],
  ] as const) {
    test(`left to a slow bank is complete and unpaid, and is told when the bank ${outcome}`, async () => {
      const { id } = await stage.session('pur_1');
      await stage.act({ action: 'pay_later', sessionId: id });
      expect(await stage.typesOf()).toEqual([
        'payment_intent.created',
        'payment_intent.processing',
        'checkout.session.completed',
      ]);
      expect(await stage.stripe.checkout.sessions.retrieve(id)).toMatchObject({
        status: 'complete',
        payment_status: 'unpaid',
      });
      await stage.act({ action: 'settle', sessionId: id, outcome });
      expect((await stage.typesOf()).at(-1)).toBe(`checkout.session.async_payment_${outcome}`);
      expect((await stage.stripe.checkout.sessions.retrieve(id)).payment_status).toBe(status);
      expect((await stage.post('/stripe/play', { action: 'settle', sessionId: id, outcome })).status).toBe(
        outcome === 'succeeded' ? 400 : 200,
      );
    });
  }

  test('expires by the clock a day later, or when asked, and takes no money after that', async () => {
    const [first, second] = [await stage.session('pur_1'), await stage.session('pur_2')];
    expect((await stage.stripe.checkout.sessions.expire(second.id)).status).toBe('expired');
    expect(await stage.typesOf()).toEqual(['checkout.session.expired']);
    stage.pass(86_399);
    expect(await stage.typesOf()).toEqual([]);
    stage.pass(1);
    expect(await stage.typesOf()).toEqual(['checkout.session.expired']);
    expect((await stage.stripe.checkout.sessions.retrieve(first.id)).status).toBe('expired');
    expect((await stage.post('/stripe/play', { action: 'pay', sessionId: first.id })).status).toBe(400);
  });
});

describe('the hosted page', () => {
  const press = async (made: { url: string | null }, fields: Record<string, string>) => {
    const url = stage.url + new URL(made.url ?? '').pathname;
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
    return { status: answer.status, location: answer.headers.get('location') };
  };
  const shown = async (made: { url: string | null }) => {
    const answer = await fetch(stage.url + new URL(made.url ?? '').pathname);
    return { text: await answer.text(), policy: answer.headers.get('content-security-policy') };
  };

  test('pays and goes back to the seller with the session’s id, and its policy lets it', async () => {
    const made = await stage.session('pur_1');
    const page = await shown(made);
    expect(page.text).toContain('₹15,000.00');
    expect(page.policy).toContain("form-action 'self' http://shop.example;");
    const paid = await press(made, { do: 'pay', how: 'card' });
    expect(paid).toEqual({ status: 303, location: `http://shop.example/back?session=${made.id}` });
    expect((await shown(made)).text).toContain('Paid with test money');
    expect((await press(made, { do: 'pay', how: 'card' })).location).toBe(paid.location);
  });

  test('asks to confirm, takes no for an answer, and can be left', async () => {
    const made = await stage.session('pur_1');
    await press(made, { do: 'pay', how: 'challenge' });
    expect((await shown(made)).text).toContain('Your bank asks you to confirm');
    await press(made, { do: 'deny' });
    expect((await shown(made)).text).toContain('insufficient funds');
    expect((await press(made, { do: 'close' })).location).toBe('http://shop.example/cancelled');
    await press(made, { do: 'pay', how: 'challenge' });
    expect((await press(made, { do: 'confirm' })).location).toContain(made.id);
    expect((await stage.stripe.checkout.sessions.retrieve(made.id)).payment_status).toBe('paid');
  });
});
