// The sandbox's webhooks over HTTP under a played clock, read by the adapter as the server would read them.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Heard, must, openStage, orderRequest, type Stage } from './stage.ts';

let stage: Stage;
let orderId: string;
beforeEach(async () => {
  stage = await openStage();
  orderId = must(await stage.provider.createOrder(orderRequest('pur_1'))).orderId;
});
afterEach(() => stage.close());

const verified = ({ body, headers }: Heard) => stage.provider.verifyWebhookSignature(body, headers);
const idOf = ({ body, headers }: Heard) => stage.provider.readWebhook(body, headers)?.eventId;
const pay = async () => {
  const played = await stage.play({ action: 'pay', orderId });
  await stage.sandbox.deliverDue();
  return played;
};

describe('a payment', () => {
  test('is told by three events, each with an id of its own, signed, and in order', async () => {
    const { payment, events } = await pay();
    const { heard, names } = stage.listener;
    expect(names()).toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
    expect(heard.every(verified)).toBe(true);
    expect(heard.map(idOf)).toEqual(events.map(({ eventId }) => eventId));
    expect(new Set(heard.map(idOf)).size).toBe(3);
    expect(heard[0]?.headers).toMatchObject({
      'user-agent': 'Razorpay-Webhook/v1',
      'content-type': 'application/json',
      'request-id': events[0]?.eventId,
      'x-razorpay-event-id': events[0]?.eventId,
    });
    const reports = heard.map(({ body }) => stage.provider.handlePaymentSuccess(body));
    expect(reports).toMatchObject([
      { kind: 'payment', payment: { paymentId: payment.id, status: 'authorized', capturedAt: null }, order: null },
      { kind: 'payment', payment: { status: 'captured', capturedAt: new Date('2026-11-22T06:30:00Z') }, order: null },
      {
        kind: 'payment',
        payment: { status: 'captured', orderId },
        order: { orderId, status: 'paid', receipt: 'pur_1' },
      },
    ]);
  });

  test('that failed is told by one event, with the reason of the bank', async () => {
    await stage.play({ action: 'fail', orderId, reason: 'incorrect_otp' });
    await stage.sandbox.deliverDue();
    const [only] = stage.listener.heard;
    expect(stage.listener.names()).toEqual(['payment.failed']);
    expect(stage.provider.handlePaymentSuccess(only?.body ?? Buffer.alloc(0))).toMatchObject({
      kind: 'payment',
      payment: { status: 'failed', failure: { description: 'The one-time password was wrong.' } },
    });
  });

  test('that is captured by the API later is told then', async () => {
    const { payment } = await stage.play({ action: 'pay', orderId, capture: false });
    await stage.sandbox.deliverDue();
    expect(stage.listener.names()).toEqual(['payment.authorized']);
    const answer = await fetch(`${stage.url}/v1/payments/${payment.id}/capture`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('rzp_test_stage:stage_secret')}` },
      body: JSON.stringify({ amount: 1_500_000, currency: 'INR' }),
    });
    expect(answer.status).toBe(200);
    await stage.sandbox.deliverDue();
    expect(stage.listener.names().slice(1)).toEqual(['payment.captured', 'order.paid']);
  });

  test('given back is told by refund.created and refund.processed, with the refund as it is', async () => {
    const { payment } = await pay();
    must(
      await stage.provider.refundPayment({ paymentId: payment.id, amountPaise: 100, idempotencyKey: 'refund_0001' }),
    );
    await stage.sandbox.deliverDue();
    expect(stage.listener.names().slice(3)).toEqual(['refund.created', 'refund.processed']);
    const last = stage.listener.heard.at(-1);
    expect(stage.provider.handlePaymentSuccess(last?.body ?? Buffer.alloc(0))).toMatchObject({
      kind: 'refund',
      refund: { paymentId: payment.id, amountPaise: 100, status: 'processed' },
    });
  });
});

describe('an event that was not taken', () => {
  const LADDER = [0.23, 6, 19, 40, 82, 164, 326, 650, 1293, 2576, 5140, 10_267, 20_508, 40_989, 81_953];

  test('comes again with the same bytes and the same id at every step of the ladder, and then no more', async () => {
    await stage.faults({ only_payment_captured: 1 });
    stage.listener.manner.now = 500;
    await pay();
    let at = 0;
    for (const [place, seconds] of LADDER.entries()) {
      stage.pass(seconds - at - 0.01);
      await stage.sandbox.deliverDue();
      expect(stage.listener.heard, `before ${seconds} s`).toHaveLength(place + 1);
      stage.pass(0.01);
      at = seconds;
      await stage.sandbox.deliverDue();
      expect(stage.listener.heard, `at ${seconds} s`).toHaveLength(place + 2);
    }
    const [first] = stage.listener.heard;
    expect(stage.listener.heard.every((heard) => heard.body.equals(first?.body ?? Buffer.alloc(0)))).toBe(true);
    expect(new Set(stage.listener.heard.map(idOf)).size).toBe(1);
    stage.pass(400_000);
    expect(await stage.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 0 });
  });

  test('because of a 400 is tried again like any other, first after 6 s', async () => {
    await stage.faults({ only_payment_captured: 1 });
    stage.listener.manner.now = 400;
    await pay();
    stage.pass(5.9);
    await stage.sandbox.deliverDue();
    expect(stage.listener.heard).toHaveLength(1);
    stage.pass(0.1);
    stage.listener.manner.now = 200;
    expect(await stage.sandbox.deliverDue()).toEqual({ delivered: 1, failed: 0 });
    stage.pass(100_000);
    expect(await stage.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 0 });
  });

  for (const [manner, seconds] of [
    ['reset', 0.23],
    ['silent', 6],
  ] as const) {
    test(`because of a ${manner} connection is tried again after ${seconds} s`, async () => {
      const other = await openStage({ answerWithinMs: 300 });
      const made = must(await other.provider.createOrder(orderRequest('pur_1')));
      await other.faults({ only_order_paid: 1 });
      other.listener.manner.now = manner;
      await other.play({ action: 'pay', orderId: made.orderId });
      expect(await other.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 1 });
      other.listener.manner.now = 200;
      other.pass(seconds - 0.01);
      expect(await other.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 0 });
      other.pass(0.01);
      expect(await other.sandbox.deliverDue()).toEqual({ delivered: 1, failed: 0 });
      await other.close();
    });
  }
});

describe('a webhook switch', () => {
  const heardAfter = async (switches: Record<string, boolean | number>) => {
    await stage.faults(switches);
    await pay();
    return stage.listener.heard;
  };

  test('duplicate: every event comes a second time, a quarter of a second later, with the same id', async () => {
    const heard = await heardAfter({ webhook_duplicate: 1 });
    expect(heard).toHaveLength(3);
    stage.pass(0.23);
    await stage.sandbox.deliverDue();
    expect(heard.slice(3).map(idOf)).toEqual(heard.slice(0, 3).map(idOf));
  });

  test('concurrent: five copies of an event are under way at the same moment', async () => {
    // Nobody is answered before all five are there: sent one after the other, they would wait for ever.
    stage.listener.manner.now = { status: 200, onceThereAre: 5 };
    const heard = await heardAfter({ webhook_concurrent: 1, only_order_paid: 1 });
    expect(heard).toHaveLength(5);
    expect(new Set(heard.map(idOf)).size).toBe(1);
    expect(await stage.sandbox.deliverDue()).toEqual({ delivered: 0, failed: 0 });
  });

  test('reorder: the events come last first', async () => {
    await heardAfter({ webhook_reorder: 1 });
    expect(stage.listener.names()).toEqual(['order.paid', 'payment.captured', 'payment.authorized']);
  });

  test('drop: nothing comes, and a named event can still be sent', async () => {
    await stage.faults({ webhook_drop: 1 });
    const { events } = await pay();
    stage.pass(100_000);
    await stage.sandbox.deliverDue();
    expect(stage.listener.heard).toHaveLength(0);
    await stage.post('/webhooks/deliver', { eventIds: [events[2]?.eventId] });
    expect(stage.listener.names()).toEqual(['order.paid']);
  });

  test('hold: the events wait for the command, and come in the order that it names', async () => {
    await stage.faults({ webhook_hold: 1 });
    const { events } = await pay();
    stage.pass(100_000);
    await stage.sandbox.deliverDue();
    expect(stage.listener.heard).toHaveLength(0);
    const [authorized, captured, paid] = events.map(({ eventId }) => eventId);
    await stage.post('/webhooks/deliver', { eventIds: [paid, authorized] });
    expect(stage.listener.names()).toEqual(['order.paid', 'payment.authorized']);
    await stage.post('/webhooks/deliver', {});
    expect(stage.listener.heard.map(idOf)).toEqual([paid, authorized, captured]);
  });

  test('delay: the events come so many seconds later', async () => {
    const heard = await heardAfter({ webhook_delay_seconds: 30 });
    stage.pass(29.9);
    await stage.sandbox.deliverDue();
    expect(heard).toHaveLength(0);
    stage.pass(0.1);
    await stage.sandbox.deliverDue();
    expect(heard).toHaveLength(3);
  });

  test('tampered: the body is readable and tells another amount, and its signature does not hold', async () => {
    const [first] = await heardAfter({ webhook_tampered: 1 });
    if (first === undefined) throw new Error('nothing came');
    expect(verified(first)).toBe(false);
    expect(stage.provider.handlePaymentSuccess(first.body)).toMatchObject({ payment: { amountPaise: 100 } });
  });

  test('unsigned: there is no signature header, and the event is not accepted', async () => {
    const heard = await heardAfter({ webhook_unsigned: 1 });
    expect(heard[0]?.headers).not.toHaveProperty('x-razorpay-signature');
    expect(heard.some(verified)).toBe(false);
  });

  test('no event id: the event is signed, and known by the digest of its body', async () => {
    const heard = await heardAfter({ webhook_no_event_id: 1 });
    expect(heard.every(verified)).toBe(true);
    expect(heard.map(idOf)).toEqual(Array(3).fill(expect.stringMatching(/^sha256:[0-9a-f]{64}$/)));
  });

  test('only one kind: nothing else is sent of the payment', async () => {
    await heardAfter({ only_payment_captured: 1 });
    expect(stage.listener.names()).toEqual(['payment.captured']);
  });

  test('late authorisation: the failure is told first, and then the money', async () => {
    await stage.faults({ late_authorisation: 1 });
    await stage.play({ action: 'fail', orderId });
    await stage.sandbox.deliverDue();
    expect(stage.listener.names()).toEqual(['payment.failed', 'payment.authorized', 'payment.captured', 'order.paid']);
  });

  test('that is counted is used up by as many payments, and one that is on stays on', async () => {
    await stage.faults({ webhook_drop: 1, captured_text: true });
    await pay();
    const answer = (await (await fetch(`${stage.url}/faults`)).json()) as { faults: Record<string, unknown> };
    expect(answer.faults).toMatchObject({ webhook_drop: false, captured_text: true });
    expect((await stage.post('/faults', { no_such_switch: true })).status).toBe(400);
  });
});

test('a started sandbox delivers by itself, without a command', async () => {
  stage.sandbox.start();
  await stage.play({ action: 'pay', orderId });
  await expect
    .poll(() => stage.listener.names(), { timeout: 15_000 })
    .toEqual(['payment.authorized', 'payment.captured', 'order.paid']);
});
