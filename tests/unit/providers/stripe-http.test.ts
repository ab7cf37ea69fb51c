// Stripe's adapter with the real SDK against scripted answers: what leaves, and what each answer is taken for.

import { describe, expect, test } from 'vitest';
import type { OrderRequest } from '../../../sync-server/providers/port.ts';
import { nobodyListens, scriptedStripe, stripeList } from './scripted-api.ts';

const request: OrderRequest = {
  receipt: 'pur_01',
  amountPaise: 1_500_000,
  currency: 'INR',
  description: 'PharmaPulse One',
  returnUrl: 'https://x/pay/pur_01/return?t=1',
  notes: { purchaseId: 'pur_01', orgId: 'org_1', sku: 'plan.pharmapulse-one' },
};
const session = {
  id: 'cs_test_A1b2C3',
  object: 'checkout.session',
  mode: 'payment',
  client_reference_id: 'pur_01',
  amount_total: 1_500_000,
  currency: 'inr',
  status: 'open',
  payment_status: 'unpaid',
  payment_intent: null,
  metadata: {},
  url: 'https://checkout.stripe.com/c/pay/cs_test_A1b2C3',
  created: 1_790_000_000,
};
const error = (type: string, code?: string) => ({ error: { type, code, message: 'No' } });

describe('making an order', () => {
  test('sends what the purchase froze, with our key, to the path of the address', async () => {
    const { provider, seen } = await scriptedStripe({ body: session });
    expect(await provider.createOrder(request)).toEqual({
      ok: true,
      value: { orderId: session.id, receipt: 'pur_01', amountPaise: 1_500_000, currency: 'INR', status: 'created' },
    });
    expect(seen).toMatchObject([{ method: 'POST', url: '/sandbox/v1/checkout/sessions' }]);
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer sk_test_key', 'idempotency-key': 'order-pur_01' });
    const metadata = (name: string) => ({
      [`${name}[receipt]`]: 'pur_01',
      [`${name}[purchaseId]`]: 'pur_01',
      [`${name}[orgId]`]: 'org_1',
      [`${name}[sku]`]: 'plan.pharmapulse-one',
    });
    expect(seen[0]?.body).toEqual({
      mode: 'payment',
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'inr',
      'line_items[0][price_data][unit_amount]': '1500000',
      'line_items[0][price_data][product_data][name]': 'PharmaPulse One',
      client_reference_id: 'pur_01',
      ...metadata('metadata'),
      ...metadata('payment_intent_data[metadata]'),
      'adaptive_pricing[enabled]': 'false',
      success_url: request.returnUrl,
      cancel_url: request.returnUrl,
    });
  });

  test('sends the same bytes each time, since the same key with others is an error', async () => {
    const { provider, seen } = await scriptedStripe({ body: session });
    await provider.createOrder(request);
    await provider.createOrder({ ...request });
    expect(seen[1]?.body).toEqual(seen[0]?.body);
  });

  test('calls nobody with a receipt, an amount or a way back that cannot be right', async () => {
    const { provider, seen } = await scriptedStripe({ body: session });
    for (const change of [
      { receipt: '' },
      { receipt: 'x'.repeat(41) },
      { amountPaise: 99 },
      { amountPaise: 100.5 },
      { returnUrl: '' },
    ]) {
      expect(await provider.createOrder({ ...request, ...change })).toMatchObject({ kind: 'refused' });
    }
    expect(seen).toEqual([]);
  });

  test('is unknown when the answer is of another sum, currency, receipt or kind, or cannot be read', async () => {
    for (const wrong of [
      { amount_total: 1 },
      { currency: 'usd' },
      { client_reference_id: 'pur_02' },
      { id: '../x' },
      { mode: 'subscription' },
      { status: 'new' },
      { amount_total: null },
    ]) {
      const { provider } = await scriptedStripe({ body: { ...session, ...wrong } });
      expect(await provider.createOrder(request), JSON.stringify(wrong)).toMatchObject({ ok: false, kind: 'unknown' });
    }
  });
});

describe('an answer that is no session', () => {
  test.each([
    [400, error('invalid_request_error', 'parameter_missing'), 'refused'],
    [401, error('invalid_request_error'), 'refused'],
    [402, error('card_error', 'card_declined'), 'refused'],
    [403, error('invalid_request_error'), 'refused'],
    [404, error('invalid_request_error', 'resource_missing'), 'refused'],
    // Another call of the same key is at work.
    [409, error('idempotency_error', 'idempotency_key_in_use'), 'unknown'],
    [424, error('api_error'), 'unknown'],
    [429, error('invalid_request_error', 'lock_timeout'), 'unavailable'],
    [400, error('invalid_request_error', 'rate_limit'), 'unavailable'],
    [500, error('api_error'), 'unknown'],
    [503, error('api_error'), 'unknown'],
    // JSON without an `error` is a success to the SDK, whatever the status.
    [500, session, 'unknown'],
    [400, session, 'unknown'],
    [302, session, 'unknown'],
    [200, error('api_error'), 'unknown'],
    [200, '<html>welcome</html>', 'unknown'],
    [200, '', 'unknown'],
    [200, '[1]', 'unknown'],
    [404, '<html>not here</html>', 'unknown'],
    [502, '<html>502</html>', 'unknown'],
    [429, '<html>slow down</html>', 'unavailable'],
  ])('%i %j is %s', async (status, body, kind) => {
    const { provider, seen } = await scriptedStripe({ status, body, headers: { location: '/v1/elsewhere' } });
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind });
    expect(seen).toHaveLength(1);
  });

  test('says how long to wait, also where the answer is a page', async () => {
    for (const body of [error('invalid_request_error'), '<html>']) {
      const { provider } = await scriptedStripe({ status: 429, body, headers: { 'retry-after': '17' } });
      expect(await provider.createOrder(request)).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 17 });
    }
  });

  test('is not asked for again by the SDK after a reset, and ends when no answer comes in time', async () => {
    const reset = await scriptedStripe('reset');
    expect(await reset.provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(reset.seen).toHaveLength(1);
    const hanging = await scriptedStripe('hang');
    expect(await hanging.provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('is unavailable when nobody listens', async () => {
    const { provider } = await scriptedStripe({ body: session });
    await nobodyListens();
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unavailable' });
  });

  test('that is larger than any of theirs is not read to its end', async () => {
    const { provider } = await scriptedStripe({ body: { ...session, filler: 'x'.repeat(6_000_000) } });
    expect(await provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('opens the circuit when it comes several times in a row', async () => {
    const { provider, seen } = await scriptedStripe({ status: 502, body: '<html>' });
    await provider.createOrder(request);
    await provider.createOrder(request);
    expect(await provider.createOrder(request)).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
    expect(seen).toHaveLength(2);
  });
});

describe('a key that Stripe answers from memory', () => {
  const stuck = { status: 500, body: error('api_error'), headers: { 'idempotent-replayed': 'true' } };

  test('with an old 500 is left for a second key, once the list shows that nothing was made', async () => {
    const { provider, seen } = await scriptedStripe(stuck, stripeList(), { body: session });
    expect(await provider.createOrder(request)).toMatchObject({ ok: true });
    expect(seen.map(({ method, headers }) => [method, headers['idempotency-key']])).toEqual([
      ['POST', 'order-pur_01'],
      ['GET', undefined],
      ['POST', 'order-pur_01-2'],
    ]);
  });

  test('with an old 500 is not left while the list cannot be read, and what is in the list is taken', async () => {
    const blind = await scriptedStripe(stuck, 'reset');
    expect(await blind.provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(blind.seen).toHaveLength(2);
    const made = await scriptedStripe(stuck, stripeList(session));
    expect(await made.provider.createOrder(request)).toMatchObject({ ok: true, value: { orderId: session.id } });
  });

  test('for other words is looked for, and never answered with another sum', async () => {
    const other = { status: 400, body: error('idempotency_error') };
    const found = await scriptedStripe(other, stripeList(session));
    expect(await found.provider.createOrder(request)).toMatchObject({ ok: true, value: { orderId: session.id } });
    const wrong = await scriptedStripe(other, stripeList({ ...session, amount_total: 100 }));
    expect(await wrong.provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
    const none = await scriptedStripe(other, stripeList());
    expect(await none.provider.createOrder(request)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(none.seen).toHaveLength(2);
  });
});

describe('finding an order by its receipt', () => {
  test('reads over sessions of other products, and is unknown where ours cannot be read', async () => {
    const setup = { ...session, id: 'cs_setup', mode: 'setup', amount_total: null, currency: null };
    const strange = { id: 'cs_x', client_reference_id: 'other', status: 'dreaming' };
    const found = await scriptedStripe(stripeList(strange, setup, session));
    expect(await found.provider.findOrder('pur_01')).toMatchObject({ value: { orderId: session.id } });
    const ours = await scriptedStripe(stripeList({ ...strange, client_reference_id: 'pur_01' }));
    expect(await ours.provider.findOrder('pur_01')).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('is unknown, not null, where the list never ends or goes on from nowhere', async () => {
    const endless = { body: { data: [{ id: 'cs_x' }], has_more: true } };
    const long = await scriptedStripe(endless);
    expect(await long.provider.findOrder('pur_01')).toMatchObject({ ok: false, kind: 'unknown' });
    expect(long.seen).toHaveLength(20);
    const empty = await scriptedStripe({ body: { data: [], has_more: true } });
    expect(await empty.provider.findOrder('pur_01')).toMatchObject({ ok: false, kind: 'unknown' });
    expect(empty.seen).toHaveLength(1);
  });
});
