// Payment links with Razorpay's own SDK, and their hosted page.

import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEYS, openStage, type Stage } from './stage.ts';

const { validatePaymentVerification } = createRequire(import.meta.url)('razorpay/dist/utils/razorpay-utils') as {
  validatePaymentVerification(told: object, signature: string, secret: string): boolean;
};

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ prefix: '/sandbox' });
});
afterEach(() => stage.close());

const NOW = Date.UTC(2026, 10, 22, 6, 30) / 1000;
const make = async (reference_id: string, more: object = {}) =>
  (await stage.razorpay.paymentLink.create({
    amount: 250_000,
    currency: 'INR',
    reference_id,
    description: 'Credits',
    customer: {},
    callback_url: 'http://shop.example/back',
    callback_method: 'get',
    ...more,
  })) as unknown as { id: string; order_id: string; short_url: string; status: string };
const pageOf = (link: { short_url: string }) => stage.url + new URL(link.short_url).pathname.replace(/^\/sandbox/, '');

describe('a payment link', () => {
  test('is found by its reference, which is taken once', async () => {
    const made = await make('pur_1');
    const found = await stage.razorpay.paymentLink.all({ reference_id: 'pur_1' } as object);
    expect(found.payment_links).toMatchObject([{ id: made.id, status: 'created', amount_paid: 0, notes: null }]);
    expect((await stage.razorpay.paymentLink.all({ reference_id: 'pur_2' } as object)).payment_links).toEqual([]);
    await expect(make('pur_1')).rejects.toMatchObject({ statusCode: 400 });
  });

  test('is paid on its page, which sends the browser back with a signature that holds', async () => {
    const made = await make('pur_1');
    const shown = await (await fetch(pageOf(made))).text();
    expect(shown).toContain('₹2,500.00');
    const { body } = await stage.post(new URL(made.short_url).pathname, { action: 'pay', method: 'card' });
    const back = new URL(String(body.go_to));
    expect(back.origin + back.pathname).toBe('http://shop.example/back');
    const told = Object.fromEntries(back.searchParams);
    expect(told).toMatchObject({
      razorpay_payment_link_id: made.id,
      razorpay_payment_link_reference_id: 'pur_1',
      razorpay_payment_link_status: 'paid',
    });
    const signed = {
      payment_link_id: told.razorpay_payment_link_id,
      payment_link_reference_id: told.razorpay_payment_link_reference_id,
      payment_link_status: told.razorpay_payment_link_status,
      payment_id: told.razorpay_payment_id,
    };
    expect(validatePaymentVerification(signed, told.razorpay_signature ?? '', KEYS.keySecret)).toBe(true);
    await stage.sandbox.deliverDue();
    expect(stage.listener.names()).toEqual([
      'payment.authorized',
      'payment.captured',
      'order.paid',
      'payment_link.paid',
    ]);
    const last = JSON.parse(stage.listener.heard.at(-1)?.body.toString() ?? '') as { payload: object };
    expect(last.payload).toMatchObject({
      payment_link: { entity: { id: made.id, status: 'paid', amount_paid: 250_000, order_id: made.order_id } },
      payment: { entity: { order_id: made.order_id } },
      order: { entity: { id: made.order_id, receipt: 'pur_1', status: 'paid' } },
    });
    const fetched = await stage.razorpay.paymentLink.fetch(made.id);
    expect(fetched).toMatchObject({ status: 'paid', payments: [{ payment_id: told.razorpay_payment_id }] });
  });

  for (const [end, how] of [
    ['cancelled', 'API'],
    ['expired', 'clock'],
  ] as const) {
    test(`${end} by the ${how} takes no money any more, and says so`, async () => {
      const made = await make('pur_1', { expire_by: NOW + 3600 });
      if (how === 'API') await stage.razorpay.paymentLink.cancel(made.id);
      else stage.pass(3600);
      await stage.sandbox.deliverDue();
      expect(stage.listener.names()).toEqual([`payment_link.${end}`]);
      expect((await stage.razorpay.paymentLink.fetch(made.id)).status).toBe(end);
      expect(await (await fetch(pageOf(made))).text()).toContain(`This link is ${end}`);
      expect((await stage.post('/play', { action: 'pay', orderId: made.order_id })).status).toBe(400);
      await expect(stage.razorpay.paymentLink.cancel(made.id)).rejects.toMatchObject({ statusCode: 400 });
    });
  }

  test('paid in part says so, and is paid by the rest', async () => {
    const made = await make('pur_1');
    await stage.faults({ partial_payment: 1 });
    await stage.play({ action: 'pay', orderId: made.order_id });
    expect(await stage.razorpay.paymentLink.fetch(made.id)).toMatchObject({
      status: 'partially_paid',
      amount_paid: 125_000,
    });
    await stage.play({ action: 'pay', orderId: made.order_id });
    expect(await stage.razorpay.paymentLink.fetch(made.id)).toMatchObject({ status: 'paid', amount_paid: 250_000 });
    await stage.sandbox.deliverDue();
    expect(stage.listener.names().filter((name) => name.startsWith('payment_link'))).toEqual([
      'payment_link.partially_paid',
      'payment_link.paid',
    ]);
  });
});
