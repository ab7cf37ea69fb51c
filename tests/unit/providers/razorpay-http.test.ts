// The adapter with the real SDK against a server that answers what each test scripts: what leaves, what comes back, and
// what the adapter makes of it. The sandbox has its own suite; here are the answers that it never gives.

import { describe, expect, test } from 'vitest';
import type { OrderRequest } from '../../../sync-server/providers/port.ts';
import { list, nobodyListens, scripted } from './scripted-api.ts';

const request: OrderRequest = {
  receipt: 'pur_01',
  amountPaise: 1_500_000,
  currency: 'INR',
  description: 'PharmaPulse One',
  returnUrl: 'https://x/pay/pur_01/return?t=1',
  notes: { purchaseId: 'pur_01', orgId: 'org_1', sku: 'plan.pharmapulse-one' },
};
const order = {
  id: 'order_A1b2C3d4E5f6G7',
  amount: 1_500_000,
  currency: 'INR',
  receipt: 'pur_01',
  status: 'created',
  notes: [],
};
const seenBefore = {
  status: 400,
  body: { error: { code: 'BAD_REQUEST_ERROR', description: 'Order receipt should be unique.' } },
};

describe('making an order', () => {
  test('sends what the purchase froze, with no partial payment, under basic authentication', async () => {
    const { provider, seen } = await scripted({ body: order });
    expect(await provider.createOrder(request)).toEqual({
      ok: true,
      value: { orderId: order.id, receipt: 'pur_01', amountPaise: 1_500_000, currency: 'INR', status: 'created' },
    });
    expect(seen).toMatchObject([{ method: 'POST', url: '/v1/orders' }]);
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('rzp_test_key:secret').toString('base64')}`);
    expect(seen[0]?.body).toEqual({
      amount: 1_500_000,
      currency: 'INR',
      receipt: 'pur_01',
      notes: { purchaseId: 'pur_01', orgId: 'org_1', sku: 'plan.pharmapulse-one' },
      partial_payment: false,
    });
  });

  test('calls nobody with a receipt or an amount that cannot be right', async () => {
    const { provider, seen } = await scripted({ body: order });
    for (const change of [{ receipt: '' }, { receipt: 'x'.repeat(41) }, { amountPaise: 99 }, { amountPaise: 100.5 }]) {
      expect(await provider.createOrder({ ...request, ...change })).toMatchObject({ kind: 'refused' });
    }
    expect(seen).toEqual([]);
  });

  test('is unknown when the answer is of another amount, currency or receipt, or cannot be read', async () => {
    for (const wrong of [
      { amount: 1 },
      { currency: 'USD' },
      { receipt: 'pur_02' },
      { id: '../x' },
      { status: 'new' },
    ]) {
      const { provider } = await scripted({ body: { ...order, ...wrong } });
      expect(await provider.createOrder(request), JSON.stringify(wrong)).toMatchObject({ ok: false, kind: 'unknown' });
    }
    const { provider } = await scripted({ body: '<html>welcome</html>', headers: { 'content-type': 'text/html' } });
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('answers the order that is there when the receipt was seen before', async () => {
    const { provider, seen } = await scripted(seenBefore, list(order));
    expect(await provider.createOrder(request)).toMatchObject({ ok: true, value: { orderId: order.id } });
    expect(seen[1]?.url).toBe('/v1/orders?count=100&skip=0&receipt=pur_01');
  });

  test('is unknown when the receipt was seen before and the list does not show it yet', async () => {
    const { provider } = await scripted(seenBefore, list());
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('is refused when the receipt belongs to an order of another amount', async () => {
    const { provider } = await scripted(seenBefore, list({ ...order, amount: 100 }));
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind: 'refused' });
  });

  test('does not follow a redirect', async () => {
    const { provider, seen } = await scripted({ status: 302, headers: { location: '/v1/elsewhere' }, body: '' });
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(seen).toHaveLength(1);
  });

  test('is unknown when the connection is reset and when no answer comes in time', async () => {
    for (const fault of ['reset', 'hang'] as const) {
      const { provider } = await scripted(fault);
      expect(await provider.createOrder(request), fault).toMatchObject({ ok: false, kind: 'unknown' });
    }
  });

  test('is unavailable, not unknown, when nobody listens: then nothing can have been made', async () => {
    const { provider } = await scripted({ body: order });
    await nobodyListens();
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unavailable' });
  });

  test('is not sent at all for a while after several calls without a clear answer', async () => {
    const { provider, seen } = await scripted(
      { status: 502, body: '<html>' },
      { status: 500, body: {} },
      { body: order },
    );
    await provider.createOrder(request);
    await provider.createOrder(request);
    expect(await provider.createOrder(request)).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
    expect(seen).toHaveLength(2);
  });
});

describe('finding an order by its receipt', () => {
  test('is null when the provider has none', async () => {
    const { provider } = await scripted(list());
    expect(await provider.findOrder('pur_01')).toEqual({ ok: true, value: null });
  });

  test('takes the paid one of several, else the oldest, and none of another receipt', async () => {
    const old = { ...order, id: 'order_old00000000001', created_at: 10 };
    const young = { ...order, id: 'order_young000000001', created_at: 20 };
    const foreign = { ...order, id: 'order_foreign0000001', receipt: 'pur_011', created_at: 1 };
    const first = await scripted(list(young, old, foreign));
    expect(await first.provider.findOrder('pur_01')).toMatchObject({ value: { orderId: old.id } });
    const second = await scripted(list({ ...young, status: 'paid' }, old, foreign));
    expect(await second.provider.findOrder('pur_01')).toMatchObject({ value: { orderId: young.id } });
  });

  test('is unknown, not null, when the list was not limited to the receipt and is full', async () => {
    const others = Array.from({ length: 100 }, (_, i) => ({ ...order, id: `order_other${i}`, receipt: `other_${i}` }));
    const { provider } = await scripted(list(...others));
    expect(await provider.findOrder('pur_01')).toMatchObject({ ok: false, kind: 'unknown' });
  });
});

const payment = {
  id: 'pay_A1b2C3d4E5f6G7',
  amount: 1_500_000,
  currency: 'INR',
  status: 'captured',
  order_id: order.id,
  captured: true,
  created_at: 1_790_000_000,
};

describe('looking an order up', () => {
  test('asks nobody with an id that would change the URL', async () => {
    const { provider, seen } = await scripted({ body: order });
    for (const id of ['../payments/pay_1', 'order_1?x=1', 'order_1/..', 'pay_A1b2C3d4E5f6G7', '', 'order_']) {
      expect(await provider.fetchOrder(id), id).toMatchObject({ ok: false, kind: 'refused' });
    }
    expect(seen).toEqual([]);
  });

  test('tells the order with all its payments', async () => {
    const failed = { ...payment, id: 'pay_failed', status: 'failed', captured: false, error_description: 'No' };
    const { provider } = await scripted({ body: { ...order, status: 'paid' } }, list(failed, payment));
    expect(await provider.fetchOrder(order.id)).toMatchObject({
      ok: true,
      value: {
        order: { status: 'paid' },
        payments: [
          { status: 'failed', capturedAt: null, failure: { description: 'No' } },
          { status: 'captured', capturedAt: new Date(1_790_000_000_000), failure: null },
        ],
      },
    });
  });

  test('looks a second time when the order was paid between its two looks', async () => {
    const { provider, seen } = await scripted({ body: order }, list(payment), { body: { ...order, status: 'paid' } });
    expect(await provider.fetchOrder(order.id)).toMatchObject({ ok: true, value: { order: { status: 'paid' } } });
    expect(seen).toHaveLength(3);
  });

  test('is unknown when the answer is about another order', async () => {
    const { provider } = await scripted({ body: { ...order, id: 'order_another' } }, list());
    expect(await provider.fetchOrder(order.id)).toMatchObject({ ok: false, kind: 'unknown' });
  });
});

test('the checkout is the provider’s script with the order, and sends the browser back to us', async () => {
  const { provider } = await scripted({ body: order });
  const ask = {
    orderId: order.id,
    amountPaise: 1_500_000,
    sellerName: 'PharmaPulse',
    description: 'One',
    returnUrl: 'https://x/back',
  };
  const options = {
    key: 'rzp_test_key',
    order_id: order.id,
    amount: 1_500_000,
    currency: 'INR',
    name: 'PharmaPulse',
    description: 'One',
    callback_url: 'https://x/back',
    redirect: true,
  };
  const scriptUrl = 'https://checkout.razorpay.com/v1/checkout.js';
  expect(await provider.checkout(ask)).toEqual({ ok: true, value: { kind: 'script', scriptUrl, options } });
  expect(provider.mode).toBe('test');
});
