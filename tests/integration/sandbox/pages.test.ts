import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { must, openStage, orderRequest, type Stage } from './stage.ts';

let stage: Stage;
let orderId: string;
beforeEach(async () => {
  stage = await openStage({ prefix: '/sandbox' });
  orderId = must(await stage.provider.createOrder(orderRequest('pur_<b>1</b>'))).orderId;
});
afterEach(() => stage.close());

async function open(path: string) {
  const answer = await fetch(stage.url + path, { redirect: 'manual' });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

describe('the pages of the sandbox', () => {
  test('all say that it is test money', async () => {
    for (const path of ['/', `/checkout/${orderId}`, '/checkout/order_none']) {
      expect((await open(path)).text, path).toContain('Test money');
    }
  });

  test('run and load nothing from elsewhere, and have no script in them', async () => {
    for (const path of ['/', `/checkout/${orderId}`]) {
      const { headers, text } = await open(path);
      expect(headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
      expect(text).not.toMatch(/<script(?![^>]*\bsrc=)/);
      expect(text).not.toMatch(/\s(on\w+|style)=/);
      for (const [, address] of text.matchAll(/(?:src|href)="([^"]+)"/g)) expect(address).toMatch(/^\/sandbox\//);
    }
  });

  test('find each of their files under the prefix where the sandbox is mounted', async () => {
    for (const path of ['/', `/checkout/${orderId}`]) {
      const { text } = await open(path);
      const files = [...text.matchAll(/(?:src|href)="\/sandbox(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? '');
      expect(files.length).toBeGreaterThan(2);
      for (const file of files) expect((await open(file)).status, file).toBe(200);
    }
    expect((await open('/v1/checkout.js')).headers.get('content-type')).toContain('javascript');
  });

  test('show the amount in rupees with Indian grouping', async () => {
    const big = must(await stage.provider.createOrder(orderRequest('pur_2', 125_000_000)));
    expect((await open(`/checkout/${big.orderId}`)).text).toContain('₹12,50,000.00');
  });

  test('show what came from outside as text, never as HTML', async () => {
    const page = await open(`/checkout/${orderId}?name=%3Cimg%20src%3Dx%3E&description=%22%3E%3Cb%3E`);
    expect(page.text).toContain('&lt;img src=x&gt;');
    expect(page.text).not.toContain('<img');
    expect(page.text).not.toContain('<b>1</b>');
    expect((await open('/')).text).not.toContain('<b>1</b>');
  });
});

describe('the checkout page', () => {
  test('posts only to the seller’s callback, and is framed only by the page that opened it', async () => {
    const policyOf = async (query: string) =>
      (await open(`/checkout/${orderId}?${query}`)).headers.get('content-security-policy') ?? '';
    const alone = await policyOf('');
    expect(alone).toContain("form-action 'self';");
    expect(alone).toContain("frame-ancestors 'none'");
    const asked = await policyOf('callback_url=http://shop.example:81/back&parent=https://pos.example');
    expect(asked).toContain("form-action 'self' http://shop.example:81;");
    expect(asked).toContain('frame-ancestors https://pos.example');
  });

  test('takes no address that is not a web address', async () => {
    const { text } = await open(`/checkout/${orderId}?callback_url=javascript:alert(1)&cancel_url=data:text/html,x`);
    expect(text).not.toContain('javascript:alert');
    expect(text).toContain('data-callback=""');
    expect(text).toContain('data-cancel=""');
  });

  test('pays and fails its own order, and does nothing else', async () => {
    const failed = await stage.post(`/checkout/${orderId}`, { action: 'fail', reason: 'incorrect_otp' });
    expect(failed.body).toMatchObject({ error: { reason: 'incorrect_otp', metadata: { order_id: orderId } } });
    const lowered = await stage.post(`/checkout/${orderId}`, { action: 'pay', orderId: 'order_x', amount: 100 });
    expect(lowered.body).toMatchObject({ razorpay_order_id: orderId });
    const { payments } = must(await stage.provider.fetchOrder(orderId));
    expect(payments.map(({ status, amountPaise }) => [status, amountPaise])).toEqual([
      ['failed', 1_500_000],
      ['captured', 1_500_000],
    ]);
    const paymentId = payments[0]?.paymentId;
    const late = await stage.post(`/checkout/${orderId}`, { action: 'authorise_late', paymentId });
    expect(late.status).toBe(400);
  });

  test('of a paid order has nothing to pay with', async () => {
    await stage.play({ action: 'pay', orderId });
    const { text } = await open(`/checkout/${orderId}`);
    expect(text).toContain('This order is paid');
    expect(text).not.toContain('<form');
  });
});

describe('the operator page', () => {
  const press = (fields: Record<string, string>) =>
    fetch(`${stage.url}/operator`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

  test('lists orders, payments and webhooks with their state', async () => {
    await stage.faults({ webhook_hold: 1 });
    const { payment, events } = await stage.play({ action: 'pay', orderId });
    const { text } = await open('/');
    for (const shown of [orderId, payment.id, events[2]?.eventId ?? '', 'order.paid', 'held']) {
      expect(text).toContain(shown);
    }
    expect((await open('/operator/lists')).text).toContain(payment.id);
  });

  test('sets a switch, pays and delivers by its buttons, and comes back to itself', async () => {
    const answer = await press({ do: 'fault', name: 'webhook_hold', value: 'on' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sandbox/#webhook_hold']);
    expect((await press({ do: 'pay', orderId })).status).toBe(303);
    expect(stage.listener.heard).toHaveLength(0);
    await press({ do: 'deliver' });
    expect(stage.listener.heard).toHaveLength(3);
    await press({ do: 'reset' });
    const { faults } = (await (await fetch(`${stage.url}/faults`)).json()) as { faults: Record<string, unknown> };
    expect(Object.values(faults).every((value) => value === false)).toBe(true);
  });
});
