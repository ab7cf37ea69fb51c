// Each fault switch, as it is seen on the wire: by Razorpay's own SDK, or by whoever is sent the webhook.

import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spareSecret } from '../../../sync-server/sandbox/secrets.ts';
import { type Heard, KEYS, openStage, type Stage } from './stage.ts';

let stage: Stage;
let orderId: string;
const makeOrder = async (receipt: string) =>
  (await stage.razorpay.orders.create({ amount: 1_500_000, currency: 'INR', receipt })).id;
beforeEach(async () => {
  stage = await openStage();
  orderId = await makeOrder('pur_1');
});
afterEach(() => stage.close());

const signedWith = (secret: string, { body, headers }: Heard) =>
  headers['x-razorpay-signature'] === createHmac('sha256', secret).update(body).digest('hex');
const pay = async (more: object = {}) => {
  const played = await stage.play({ action: 'pay', orderId, ...more });
  await stage.sandbox.deliverDue();
  return played;
};
const bodyOf = (event: string) => {
  const heard = stage.listener.heard.findLast(({ body }) => body.includes(`"event":"${event}"`));
  if (heard === undefined) throw new Error(`${event} did not come`);
  return JSON.parse(heard.body.toString()) as {
    payload: Record<string, { entity: Record<string, unknown> }>;
  };
};

describe('a payment', () => {
  test('of a part leaves the order attempted and unpaid, until another pays the rest', async () => {
    await stage.faults({ partial_payment: 1 });
    await pay();
    expect(stage.listener.names()).toEqual(['payment.authorized', 'payment.captured']);
    const half = await stage.razorpay.orders.fetch(orderId);
    expect(half).toMatchObject({ status: 'attempted', amount_paid: 750_000, amount_due: 750_000 });
    await pay();
    expect(stage.listener.names().slice(2)).toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
    const whole = await stage.razorpay.orders.fetch(orderId);
    expect(whole).toMatchObject({ status: 'paid', amount_paid: 1_500_000, amount_due: 0 });
  });

  test('that is given back before its capture is told: the refund comes first, the capture after it', async () => {
    await stage.faults({ refund_before_captured: 1 });
    const { payment } = await pay();
    expect(stage.listener.names()).toEqual([
      'payment.authorized',
      'refund.created',
      'refund.processed',
      'payment.captured',
      'order.paid',
    ]);
    expect(bodyOf('refund.processed').payload.payment?.entity).toMatchObject({
      status: 'refunded',
      amount_refunded: 1_500_000,
    });
    expect(bodyOf('payment.captured').payload.payment?.entity).toMatchObject({
      status: 'captured',
      amount_refunded: 0,
    });
    expect(await stage.razorpay.payments.fetch(payment.id)).toMatchObject({ status: 'refunded' });
  });

  for (const [fault, wanted] of [
    ['captured_text', { captured: '1' }],
    ['notes_list', { notes: [] }],
    ['notes_null', { notes: null }],
    ['wrong_amount', { amount: 1_499_900 }],
    ['wrong_currency', { currency: 'USD' }],
  ] as const) {
    test(`under ${fault} says so in the event and in the API`, async () => {
      await stage.faults({ [fault]: 1 });
      const { payment } = await pay();
      expect(bodyOf('payment.captured').payload.payment?.entity).toMatchObject(wanted);
      expect(await stage.razorpay.payments.fetch(payment.id)).toMatchObject(wanted);
    });
  }
});

describe('the secret of the webhook', () => {
  const { webhookSecret } = KEYS;
  const spare = spareSecret(webhookSecret);

  test('once rotated signs what is new, while a retry of what is older keeps the signature it had', async () => {
    await stage.faults({ only_order_paid: true });
    stage.listener.manner.now = 500;
    await pay();
    await stage.post('/webhooks/rotate', {});
    stage.listener.manner.now = 200;
    stage.pass(0.23);
    await stage.sandbox.deliverDue();
    orderId = await makeOrder('pur_2');
    await pay();
    const { heard } = stage.listener;
    expect(heard.map((one) => signedWith(webhookSecret, one))).toEqual([true, true, false]);
    expect(heard.map((one) => signedWith(spare, one))).toEqual([false, false, true]);
  });

  test('of before can sign a new event by the switch, and a secret of one’s own can be taken', async () => {
    await stage.post('/webhooks/rotate', { secret: 'my own secret' });
    await stage.faults({ webhook_old_secret: 1, only_order_paid: true });
    await pay();
    orderId = await makeOrder('pur_2');
    await pay();
    const { heard } = stage.listener;
    expect(heard.map((one) => signedWith(webhookSecret, one))).toEqual([true, false]);
    expect(heard.map((one) => signedWith('my own secret', one))).toEqual([false, true]);
  });
});

describe('an endpoint that does not take events', () => {
  const endpoint = async () => (await stage.get('/webhooks')).endpoint;
  const states = async () =>
    ((await stage.get('/webhooks')).items as { state: string; attempts: number }[]).map((one) => one.state);

  test('hears the first try, and as its answer counts as too late, hears it again at the next step', async () => {
    await stage.faults({ webhook_timeout: 1, only_order_paid: 1 });
    await pay();
    expect(stage.listener.heard).toHaveLength(1);
    stage.pass(5.99);
    expect(await stage.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 0 });
    stage.pass(0.01);
    expect(await stage.sandbox.deliverDue()).toEqual({ delivered: 1, failed: 0 });
    expect(stage.listener.heard).toHaveLength(2);
  });

  test('is disabled after 24 hours of failing: what is new is not sent, until it is enabled and named', async () => {
    await stage.faults({ webhook_never_heard: 1, only_order_paid: true });
    const { events } = await pay();
    stage.pass(86_399);
    await stage.sandbox.deliverDue();
    expect(await endpoint()).toMatchObject({ disabled: false });
    stage.pass(1);
    await stage.sandbox.deliverDue();
    expect(await endpoint()).toMatchObject({ disabled: true });
    expect(await states()).toEqual(['abandoned']);
    const before = stage.listener.heard.length;
    orderId = await makeOrder('pur_2');
    const second = await pay();
    expect(stage.listener.heard).toHaveLength(before);
    await stage.post('/webhooks/enable', {});
    expect(await stage.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 0 });
    const named = [...second.events].filter(({ eventId }) => eventId !== events[0]?.eventId).map((one) => one.eventId);
    expect((await stage.post('/webhooks/deliver', { eventIds: named })).body).toMatchObject({ delivered: 1 });
  });

  test('is not disabled while anything succeeds in between', async () => {
    await stage.faults({ webhook_never_heard: 1, only_order_paid: true });
    await pay();
    stage.pass(80_000);
    orderId = await makeOrder('pur_2');
    await pay();
    stage.pass(80_000);
    await stage.sandbox.deliverDue();
    expect(await endpoint()).toMatchObject({ disabled: false });
  });

  test('can be taken from try to try by command, without the clock: 15 tries and then the disabling', async () => {
    await stage.faults({ webhook_never_heard: 1, only_order_paid: 1 });
    await pay();
    const skipped: unknown[] = [];
    for (let step = 0; step < 15; step += 1) {
      skipped.push((await stage.post('/webhooks/next', {})).body.skippedMs);
    }
    const waits = [6, 13, 21, 42, 82, 162, 324, 643, 1283, 2564, 5127, 10_241, 20_481, 40_964];
    expect(skipped.slice(0, 14)).toEqual(waits.map((seconds) => seconds * 1000));
    expect(skipped[14]).toBe((86_400 - 81_953) * 1000);
    expect(stage.listener.heard).toHaveLength(15);
    expect(await endpoint()).toMatchObject({ disabled: true });
  });
});

describe('the API', () => {
  test('under list lag does not list what is young, while a look-up by id has it', async () => {
    await stage.faults({ list_lag_seconds: 120, order_list_lag_seconds: 60 });
    const { payment } = await pay();
    await stage.act({ action: 'refund', paymentId: payment.id, amount: 100 });
    const counts = async () => [
      (await stage.razorpay.payments.all({})).count,
      (await stage.razorpay.refunds.all({})).count,
      (await stage.razorpay.orders.all({ receipt: 'pur_1' })).count,
    ];
    expect(await counts()).toEqual([0, 0, 0]);
    expect((await stage.razorpay.orders.fetch(orderId)).status).toBe('paid');
    expect((await stage.razorpay.orders.fetchPayments(orderId)).count).toBe(1);
    stage.pass(60);
    expect(await counts()).toEqual([0, 0, 1]);
    stage.pass(60);
    expect(await counts()).toEqual([1, 1, 1]);
  });

  const raw = () => fetch(`${stage.url}/v1/orders/${orderId}`, { headers: { authorization: basic } });
  const basic = `Basic ${btoa(`${KEYS.keyId}:${KEYS.keySecret}`)}`;

  test('answers 429 with the time to wait, 500 as JSON, 502 as HTML, 504 with nothing, once each', async () => {
    const seen: unknown[] = [];
    for (const fault of ['api_429', 'api_500', 'api_502_html', 'api_504_empty']) {
      await stage.faults({ [fault]: 1 });
      const answer = await raw();
      const type = answer.headers.get('content-type')?.split(';')[0];
      seen.push([answer.status, type, answer.headers.get('retry-after'), (await answer.text()).slice(0, 9)]);
      expect((await raw()).status).toBe(200);
    }
    expect(seen).toEqual([
      [429, 'application/json', '2', '{"error":'],
      [500, 'application/json', null, '{"error":'],
      [502, 'text/html', null, '<html><he'],
      [504, undefined, null, ''],
    ]);
  });

  test('resets the connection before anything is done, or after all of it is', async () => {
    const create = () => stage.razorpay.orders.create({ amount: 100, currency: 'INR', receipt: 'pur_9' });
    const made = async () => (await stage.razorpay.orders.all({ receipt: 'pur_9' })).count;
    await stage.faults({ api_reset: 1 });
    await expect(create()).rejects.toThrow();
    expect(await made()).toBe(0);
    await stage.faults({ api_reset_after_commit: 1 });
    await expect(create()).rejects.toThrow();
    expect(await made()).toBe(1);
  });
});
