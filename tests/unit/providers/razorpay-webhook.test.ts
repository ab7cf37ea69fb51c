import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWebhook, reportOf, verifyWebhookSignature } from '../../../sync-server/providers/razorpay-webhook.ts';
import { signatureOf } from '../../../sync-server/providers/signature.ts';

const payment = {
  id: 'pay_A1b2C3d4E5f6G7',
  entity: 'payment',
  amount: 1_500_000,
  currency: 'INR',
  status: 'captured',
  order_id: 'order_H1i2J3k4L5m6N7',
  method: 'upi',
  amount_refunded: 0,
  captured: true,
  notes: [],
  created_at: 1_790_000_000,
};
const order = {
  id: 'order_H1i2J3k4L5m6N7',
  amount: 1_500_000,
  currency: 'INR',
  receipt: 'pur_1',
  status: 'paid',
  notes: [],
  created_at: 1_789_999_900,
};

interface Told {
  event?: string;
  payment?: Record<string, unknown>;
  order?: Record<string, unknown>;
  createdAt?: number;
}
function event({ event: name = 'payment.captured', payment: change, order: ofOrder, createdAt = 1_790_000_060 }: Told) {
  const payload: Record<string, unknown> = { payment: { entity: { ...payment, ...change } } };
  if (ofOrder !== undefined) payload.order = { entity: { ...order, ...ofOrder } };
  return Buffer.from(JSON.stringify({ entity: 'event', event: name, payload, created_at: createdAt }));
}
function reported(told: Told) {
  const report = reportOf(event(told));
  if (report.kind !== 'payment') throw new Error(JSON.stringify(report));
  return report;
}

describe('an event about a payment', () => {
  test('tells the payment in paise, with its order, method and status', () => {
    expect(reported({}).payment).toEqual({
      paymentId: 'pay_A1b2C3d4E5f6G7',
      orderId: 'order_H1i2J3k4L5m6N7',
      status: 'captured',
      amountPaise: 1_500_000,
      amountRefundedPaise: 0,
      currency: 'INR',
      method: 'upi',
      capturedAt: new Date('2026-09-21T14:14:20Z'),
      failure: null,
    });
  });

  test('is dated by the time of the event, and for a payment link by the time of the payment', () => {
    expect(reported({ createdAt: 1_790_000_060 }).payment.capturedAt?.getTime()).toBe(1_790_000_060_000);
    const link = { event: 'payment_link.paid', createdAt: 1_780_000_000, order: {} };
    expect(reported(link).payment.capturedAt?.getTime()).toBe(1_790_000_000_000);
  });

  test('has no capture time while the money is only authorised', () => {
    const told = { event: 'payment.authorized', payment: { status: 'authorized', captured: false } };
    expect(reported(told).payment).toMatchObject({ status: 'authorized', capturedAt: null });
  });

  test('is read with captured as true, "1" or absent, and with notes as a list, null or an object', () => {
    for (const captured of [true, '1', 1, 'true', undefined, null]) {
      for (const notes of [[], null, { purchase: 'pur_1' }, undefined]) {
        expect(reported({ payment: { captured, notes } }).payment.status).toBe('captured');
      }
    }
  });

  test('tells the reason of the bank when it failed', () => {
    const failed = {
      status: 'failed',
      captured: false,
      error_code: 'BAD_REQUEST_ERROR',
      error_description: 'No funds',
    };
    expect(reported({ event: 'payment.failed', payment: failed }).payment.failure).toEqual({
      code: 'BAD_REQUEST_ERROR',
      description: 'No funds',
    });
  });

  test('takes the order from the payment, also where the event writes the order id without its prefix', () => {
    const link = reported({ event: 'payment_link.paid', order: { id: 'H1i2J3k4L5m6N7' } });
    expect(link.order).toMatchObject({ orderId: 'order_H1i2J3k4L5m6N7', status: 'paid' });
  });

  test('does not pass on an order that is not the order of the payment', () => {
    expect(reported({ event: 'order.paid', order: { id: 'order_ZZZZZZZZZZZZZZ' } }).order).toBeNull();
  });

  test('is not believed when its status and its flag contradict each other', () => {
    expect(reportOf(event({ payment: { captured: false } })).kind).toBe('ignored');
  });

  test('is not believed when its amount is not a whole number of paise', () => {
    for (const amount of ['1500000', 15000.5, -1, null, 1e300]) {
      expect(reportOf(event({ payment: { amount } })), `${amount}`).toMatchObject({ kind: 'ignored' });
    }
  });

  test('of another kind is kept and changes nothing, with a reason', () => {
    for (const name of ['qr_code.credited', 'settlement.processed', 'payment.downtime.started', 'invoice.paid', 'x']) {
      expect(reportOf(event({ event: name })), name).toEqual({ kind: 'ignored', why: `${name} changes nothing here` });
    }
  });
});

describe('the envelope of a webhook', () => {
  test('has the id of the header, and without one the digest of the body', () => {
    const body = event({});
    const digest = createHash('sha256').update(body).digest('hex');
    const idFor = (value: string | string[] | undefined) =>
      readWebhook(body, { 'x-razorpay-event-id': value })?.eventId;
    expect(idFor('Rp71ZiqdEWusLa')).toBe('Rp71ZiqdEWusLa');
    for (const none of [undefined, '', ['a', 'b'], 'a b', 'x'.repeat(129)])
      expect(idFor(none)).toBe(`sha256:${digest}`);
  });

  test('names the order and the payment even where the payment cannot be read', () => {
    expect(readWebhook(event({ payment: { amount: 'many' } }), {})).toMatchObject({
      event: 'payment.captured',
      orderId: 'order_H1i2J3k4L5m6N7',
      paymentId: 'pay_A1b2C3d4E5f6G7',
    });
  });

  test('is null for what is no event, and never throws', () => {
    for (const text of ['', '{', 'null', '[]', '1', '{}', '{"event":7}', '{"event":""}', '<html>']) {
      expect(readWebhook(Buffer.from(text), {}), text).toBeNull();
      expect(() => reportOf(Buffer.from(text))).toThrow();
    }
    fc.assert(
      fc.property(fc.json(), fc.uint8Array(), (json, bytes) => {
        readWebhook(Buffer.from(json), {});
        readWebhook(Buffer.from(bytes), {});
        readWebhook(Buffer.from(JSON.stringify({ event: 'order.paid', payload: json })), {});
      }),
    );
  });

  test('every event that it reads can be reported on without a throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (entity, stray) => {
        const payload = { payment: { entity }, order: stray };
        const body = Buffer.from(JSON.stringify({ event: 'order.paid', payload, created_at: stray }));
        expect(readWebhook(body, {})).not.toBeNull();
        expect(['payment', 'ignored']).toContain(reportOf(body).kind);
        const about = { refund: { entity }, dispute: { entity }, subscription: { entity }, payment: { entity: stray } };
        for (const name of ['refund.created', 'payment.dispute.lost', 'subscription.charged', 'payment_link.paid']) {
          const other = Buffer.from(JSON.stringify({ event: name, payload: about }));
          expect(readWebhook(other, {})).not.toBeNull();
          reportOf(other);
        }
      }),
    );
  });
});

describe('the signature header of a webhook', () => {
  const body = event({});
  const signature = signatureOf(body, 'current');

  test('is found in any case, and verified against every active secret', () => {
    expect(verifyWebhookSignature(body, { 'x-razorpay-signature': signature }, ['new', 'current'])).toBe(true);
    expect(verifyWebhookSignature(body, { 'X-Razorpay-Signature': signature }, ['current'])).toBe(true);
  });

  test('is refused when absent, when a list, and when there are two of it', () => {
    expect(verifyWebhookSignature(body, {}, ['current'])).toBe(false);
    expect(verifyWebhookSignature(body, { 'x-razorpay-signature': undefined }, ['current'])).toBe(false);
    expect(verifyWebhookSignature(body, { 'x-razorpay-signature': [signature] }, ['current'])).toBe(false);
    const two = { 'x-razorpay-signature': signature, 'X-Razorpay-Signature': signature };
    expect(verifyWebhookSignature(body, two, ['current'])).toBe(false);
  });
});
