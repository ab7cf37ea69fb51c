// The adapter with Razorpay's own SDK against the sandbox over HTTP: each proves the other.

import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRazorpayProvider } from '../../../sync-server/providers/razorpay.ts';
import { KEYS, must, openStage, orderRequest, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ prefix: '/sandbox' });
});
afterEach(() => stage.close());

const make = async (receipt: string, amount?: number) =>
  must(await stage.provider.createOrder(orderRequest(receipt, amount)));

describe('an order', () => {
  test('is made once, found by its receipt and looked up by its id', async () => {
    const made = await make('pur_1');
    expect(made).toMatchObject({ receipt: 'pur_1', amountPaise: 1_500_000, currency: 'INR', status: 'created' });
    expect(made.orderId).toMatch(/^order_[A-Za-z0-9]{14}$/);
    expect(must(await stage.provider.findOrder('pur_1'))).toEqual(made);
    expect(must(await stage.provider.fetchOrder(made.orderId))).toEqual({ order: made, payments: [] });
  });

  test('that was never made is certainly not there', async () => {
    await make('pur_1');
    expect(must(await stage.provider.findOrder('pur_2'))).toBeNull();
    expect(await stage.provider.fetchOrder('order_00000000000000')).toMatchObject({ ok: false, kind: 'refused' });
  });

  test('is the same one whether a second try with its receipt is refused or answered with the first', async () => {
    const made = await make('pur_1');
    for (const fault of ['receipt_refused', 'receipt_same_order']) {
      await stage.faults({ reset: true, [fault]: true });
      expect(await make('pur_1'), fault).toEqual(made);
    }
    expect(await stage.provider.createOrder(orderRequest('pur_1', 999_900))).toMatchObject({ ok: false });
  });

  test('with several of one receipt is the oldest, until another of them is paid', async () => {
    const oldest = await make('pur_1');
    const younger = await make('pur_1');
    expect(must(await stage.provider.findOrder('pur_1'))?.orderId).toBe(oldest.orderId);
    await stage.play({ action: 'pay', orderId: younger.orderId });
    expect(must(await stage.provider.findOrder('pur_1'))?.orderId).toBe(younger.orderId);
  });

  test('is refused to a wrong key', async () => {
    const stranger = createRazorpayProvider({
      name: 'sandbox',
      ...KEYS,
      keySecret: 'guess',
      webhookSecrets: [],
      apiUrl: stage.url,
      clock: { now: () => new Date(0) },
    });
    expect(await stranger.createOrder(orderRequest('pur_1'))).toMatchObject({
      kind: 'refused',
      reason: 'HTTP 401: BAD_REQUEST_ERROR: Authentication failed',
    });
    expect(must(await stage.provider.findOrder('pur_1'))).toBeNull();
  });
});

describe('an order whose answer was lost', () => {
  const providerFor = (fault: string) => (fault.startsWith('api_hang') ? stage.hasty : stage.provider);

  for (const fault of ['api_reset_after_commit', 'api_hang_after_commit', 'api_500_after_commit']) {
    test(`is unknown, and then found by its receipt (${fault})`, async () => {
      await stage.faults({ [fault]: 1 });
      expect(await providerFor(fault).createOrder(orderRequest('pur_1'))).toMatchObject({ ok: false, kind: 'unknown' });
      expect(must(await stage.provider.findOrder('pur_1'))).toMatchObject({ receipt: 'pur_1', amountPaise: 1_500_000 });
    });
  }

  for (const fault of ['api_500', 'api_502_html', 'api_hang']) {
    test(`is unknown also where nothing was made, and then certainly not there (${fault})`, async () => {
      await stage.faults({ [fault]: 1 });
      expect(await providerFor(fault).createOrder(orderRequest('pur_1'))).toMatchObject({ ok: false, kind: 'unknown' });
      expect(must(await stage.provider.findOrder('pur_1'))).toBeNull();
    });
  }

  test('is unavailable when there are too many requests, with the time to wait', async () => {
    await stage.faults({ api_429: 1 });
    expect(await stage.provider.createOrder(orderRequest('pur_1'))).toMatchObject({
      kind: 'unavailable',
      retryAfterSeconds: 2,
    });
    expect(must(await stage.provider.findOrder('pur_1'))).toBeNull();
  });
});

describe('a payment', () => {
  test('is reported with its order once it is captured', async () => {
    const { orderId } = await make('pur_1');
    await stage.play({ action: 'fail', orderId, reason: 'insufficient_funds' });
    await stage.play({ action: 'pay', orderId, method: 'card' });
    const report = must(await stage.provider.fetchOrder(orderId));
    expect(report.order.status).toBe('paid');
    expect(report.payments).toMatchObject([
      { status: 'failed', capturedAt: null, failure: { description: 'There is not enough money in the account.' } },
      { status: 'captured', amountPaise: 1_500_000, currency: 'INR', method: 'card', orderId, failure: null },
    ]);
    expect(report.payments[1]?.capturedAt).toEqual(new Date('2026-11-22T06:30:00Z'));
  });

  test('signs its return with the key secret over order and payment', async () => {
    const { orderId } = await make('pur_1');
    const { checkout } = await stage.play({ action: 'pay', orderId });
    const text = `${orderId}|${checkout.razorpay_payment_id}`;
    expect(checkout.razorpay_signature).toBe(createHmac('sha256', KEYS.keySecret).update(text).digest('hex'));
  });

  test('is refused for an order that is paid, and while another one is being processed', async () => {
    const { orderId } = await make('pur_1');
    await stage.play({ action: 'pay', orderId, capture: false });
    expect((await stage.post('/play', { action: 'pay', orderId })).status).toBe(400);
    const other = await make('pur_2');
    await stage.play({ action: 'pay', orderId: other.orderId });
    expect((await stage.post('/play', { action: 'pay', orderId: other.orderId })).status).toBe(400);
    expect((await stage.post('/play', { action: 'fail', orderId: other.orderId })).status).toBe(400);
  });

  test('that failed can still be authorised and captured late', async () => {
    const { orderId } = await make('pur_1');
    const { payment } = await stage.play({ action: 'fail', orderId });
    expect(must(await stage.provider.fetchOrder(orderId)).order.status).toBe('attempted');
    await stage.play({ action: 'authorise_late', paymentId: payment.id });
    const report = must(await stage.provider.fetchOrder(orderId));
    expect(report).toMatchObject({ order: { status: 'paid' }, payments: [{ status: 'captured', failure: null }] });
  });

  test('that comes late on an order paid meanwhile is given back at once', async () => {
    const { orderId } = await make('pur_1');
    const { payment } = await stage.play({ action: 'fail', orderId });
    await stage.play({ action: 'pay', orderId });
    await stage.play({ action: 'authorise_late', paymentId: payment.id });
    const report = must(await stage.provider.fetchOrder(orderId));
    expect(report.payments.map(({ status, amountRefundedPaise }) => [status, amountRefundedPaise])).toEqual([
      ['refunded', 1_500_000],
      ['captured', 0],
    ]);
  });

  test('can be short, in another currency or on another order, and is reported so', async () => {
    const short = await make('pur_1');
    await stage.faults({ wrong_amount: 1 });
    await stage.play({ action: 'pay', orderId: short.orderId });
    const dollars = await make('pur_2');
    await stage.faults({ wrong_currency: 1 });
    await stage.play({ action: 'pay', orderId: dollars.orderId });
    const foreign = await make('pur_3');
    await stage.faults({ foreign_order: 1 });
    const played = await stage.play({ action: 'pay', orderId: foreign.orderId });
    const paymentsOf = async (id: string) => must(await stage.provider.fetchOrder(id)).payments;
    expect(await paymentsOf(short.orderId)).toMatchObject([{ status: 'captured', amountPaise: 1_499_900 }]);
    expect(await paymentsOf(dollars.orderId)).toMatchObject([{ status: 'captured', currency: 'USD' }]);
    expect(await paymentsOf(foreign.orderId)).toEqual([]);
    expect(played.payment.order_id).not.toBe(foreign.orderId);
  });

  test('is read whatever form its notes and its captured flag have', async () => {
    for (const fault of ['captured_text', 'notes_list', 'notes_null']) {
      const { orderId } = await make(`pur_${fault}`);
      await stage.faults({ reset: true, [fault]: 1 });
      await stage.play({ action: 'pay', orderId });
      expect(must(await stage.provider.fetchOrder(orderId)).payments, fault).toMatchObject([{ status: 'captured' }]);
    }
  });
});

describe('a refund', () => {
  const ask = (paymentId: string, amountPaise: number, idempotencyKey: string) =>
    stage.provider.refundPayment({ paymentId, amountPaise, idempotencyKey });

  test('is made once for its key, also when the first answer was lost', async () => {
    const { orderId } = await make('pur_1');
    const { payment } = await stage.play({ action: 'pay', orderId });
    await stage.faults({ api_reset_after_commit: 1 });
    expect(await ask(payment.id, 500_000, 'refund_key_0001')).toMatchObject({ ok: false, kind: 'unknown' });
    const first = must(await ask(payment.id, 500_000, 'refund_key_0001'));
    expect(must(await ask(payment.id, 500_000, 'refund_key_0001'))).toEqual(first);
    const [reported] = must(await stage.provider.fetchOrder(orderId)).payments;
    expect(reported).toMatchObject({ status: 'captured', amountRefundedPaise: 500_000 });
  });

  test('asked for again with the same key and body is answered with the first, and with another body is refused', async () => {
    const { orderId } = await make('pur_1');
    const { payment } = await stage.play({ action: 'pay', orderId });
    const raw = async (amount: number) => {
      const answer = await fetch(`${stage.url}/v1/payments/${payment.id}/refund`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${btoa(`${KEYS.keyId}:${KEYS.keySecret}`)}`,
          'x-refund-idempotency': 'refund_key_0001',
        },
        body: JSON.stringify({ amount }),
      });
      return { status: answer.status, id: ((await answer.json()) as { id?: string }).id };
    };
    const first = await raw(1000);
    expect(first).toEqual({ status: 200, id: expect.stringMatching(/^rfnd_/) });
    expect(await raw(1000)).toEqual(first);
    expect((await raw(2000)).status).toBe(400);
    expect(must(await stage.provider.fetchOrder(orderId)).payments[0]?.amountRefundedPaise).toBe(1000);
  });

  test('of all that is left ends the payment, and leaves its order paid', async () => {
    const { orderId } = await make('pur_1');
    const { payment } = await stage.play({ action: 'pay', orderId });
    must(await ask(payment.id, 500_000, 'refund_key_0001'));
    must(await ask(payment.id, 1_000_000, 'refund_key_0002'));
    expect(must(await stage.provider.fetchOrder(orderId))).toMatchObject({
      order: { status: 'paid' },
      payments: [{ status: 'refunded', amountRefundedPaise: 1_500_000 }],
    });
  });

  test('is refused beyond what is left, before capture, and under a key of another refund', async () => {
    const { orderId } = await make('pur_1');
    const { payment } = await stage.play({ action: 'pay', orderId, capture: false });
    expect(await ask(payment.id, 100, 'refund_key_0001')).toMatchObject({ kind: 'refused' });
    const other = await make('pur_2');
    const paid = (await stage.play({ action: 'pay', orderId: other.orderId })).payment;
    expect(await ask(paid.id, 1_500_001, 'refund_key_0002')).toMatchObject({ kind: 'refused' });
    must(await ask(paid.id, 1000, 'refund_key_0003'));
    expect(await ask(paid.id, 2000, 'refund_key_0003')).not.toMatchObject({ ok: true });
  });
});
