// What Stripe's events say about money.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWebhook, reportOf } from '../../../sync-server/providers/stripe-webhook.ts';

type Entity = Record<string, unknown>;

const bodyOf = (type: string, object: unknown, change: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({ id: 'evt_1', type, created: 1_790_000_060, livemode: false, data: { object }, ...change }),
  );
const report = (type: string, object: unknown) => reportOf(bodyOf(type, object), 'test');

const session: Entity = {
  id: 'cs_test_A1',
  object: 'checkout.session',
  mode: 'payment',
  client_reference_id: 'pur_1',
  amount_total: 1_500_000,
  currency: 'inr',
  status: 'complete',
  payment_status: 'paid',
  payment_intent: 'pi_A1',
  metadata: { receipt: 'pur_1' },
  url: null,
  created: 1_790_000_000,
};
const captured = {
  paymentId: 'pi_A1',
  orderId: 'cs_test_A1',
  status: 'captured',
  amountPaise: 1_500_000,
  amountRefundedPaise: 0,
  currency: 'INR',
  capturedAt: new Date(1_790_000_060_000),
  failure: null,
};

describe('an event about a session', () => {
  test('tells the payment and the order, in paise and rupees, dated by the event', () => {
    for (const type of ['checkout.session.completed', 'checkout.session.async_payment_succeeded']) {
      expect(report(type, session)).toMatchObject({
        kind: 'payment',
        payment: captured,
        order: { orderId: 'cs_test_A1', receipt: 'pur_1', amountPaise: 1_500_000, currency: 'INR', status: 'paid' },
      });
    }
  });

  test('of a later session of a purchase names the first as the order', () => {
    const later = { ...session, id: 'cs_test_B2', metadata: { order: 'cs_test_A1' } };
    expect(report('checkout.session.completed', later)).toMatchObject({
      payment: { orderId: 'cs_test_A1' },
      order: { orderId: 'cs_test_A1' },
    });
    expect(readWebhook(bodyOf('checkout.session.completed', later))).toMatchObject({ orderId: 'cs_test_A1' });
  });

  test('that is complete and not paid yet has taken no money', () => {
    const told = report('checkout.session.completed', { ...session, payment_status: 'unpaid' });
    expect(told).toMatchObject({ payment: { status: 'created', capturedAt: null }, order: { status: 'attempted' } });
  });

  test('that the bank did not pay in the end is a failed attempt', () => {
    const told = report('checkout.session.async_payment_failed', { ...session, payment_status: 'unpaid' });
    expect(told).toMatchObject({ payment: { status: 'failed', failure: { code: 'async_payment_failed' } } });
  });

  test('changes nothing where it expired, was for something else, or does not say what it took', () => {
    expect(report('checkout.session.expired', session).kind).toBe('ignored');
    for (const wrong of [
      { mode: 'setup' },
      { payment_intent: null },
      { payment_intent: '../x' },
      { amount_total: null },
      { amount_total: 1.5 },
      { amount_total: '1500000' },
      { payment_status: 'maybe' },
      { currency: null },
    ]) {
      expect(report('checkout.session.completed', { ...session, ...wrong }).kind, JSON.stringify(wrong)).toBe(
        'ignored',
      );
    }
  });
});

describe('an event about a payment intent', () => {
  const intent: Entity = {
    id: 'pi_A1',
    object: 'payment_intent',
    amount: 1_500_000,
    amount_received: 1_500_000,
    currency: 'inr',
    status: 'succeeded',
    metadata: { order: 'cs_test_A1' },
    latest_charge: 'ch_1',
    created: 1_790_000_000,
  };

  test('is told with the order that it carries', () => {
    expect(report('payment_intent.succeeded', intent)).toMatchObject({
      kind: 'payment',
      payment: captured,
      order: null,
    });
    const last_payment_error = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'No funds.' };
    const refused = { ...intent, status: 'requires_payment_method', amount_received: 0, last_payment_error };
    expect(report('payment_intent.payment_failed', refused)).toMatchObject({
      payment: {
        status: 'failed',
        amountPaise: 1_500_000,
        failure: { code: 'insufficient_funds', description: 'No funds.' },
      },
    });
  });

  test('without one changes nothing: the session’s own event tells the same', () => {
    for (const metadata of [{}, null, { order: 'order_1' }, { order: 7 }]) {
      expect(report('payment_intent.succeeded', { ...intent, metadata })).toMatchObject({ kind: 'ignored' });
    }
    expect(readWebhook(bodyOf('payment_intent.succeeded', intent))).toMatchObject({ paymentId: 'pi_A1' });
  });

  test('that was refused and carries no order but our receipt tells the bank’s reason by the receipt; money never does', () => {
    const last_payment_error = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'No funds.' };
    const metadata = { receipt: 'rcpt_1' };
    const refused = { ...intent, metadata, status: 'requires_payment_method', amount_received: 0, last_payment_error };
    expect(report('payment_intent.payment_failed', refused)).toMatchObject({
      kind: 'payment',
      receipt: 'rcpt_1',
      payment: { status: 'failed', orderId: null, failure: { code: 'insufficient_funds', description: 'No funds.' } },
    });
    expect(report('payment_intent.payment_failed', { ...refused, metadata: {} })).toMatchObject({ kind: 'ignored' });
    for (const type of ['payment_intent.succeeded', 'payment_intent.payment_failed']) {
      expect(report(type, { ...intent, metadata })).toMatchObject({ kind: 'ignored' });
    }
  });

  test('takes the sum that was received, not the one that was asked for', () => {
    const short = { ...intent, amount_received: 1_499_900 };
    expect(report('payment_intent.succeeded', short)).toMatchObject({ payment: { amountPaise: 1_499_900 } });
  });
});

describe('an event about a refund', () => {
  const refund: Entity = {
    id: 're_1',
    object: 'refund',
    payment_intent: 'pi_A1',
    amount: 500_000,
    status: 'succeeded',
  };
  const status = (type: string, told: string | null) => {
    const said = report(type, { ...refund, status: told });
    return said.kind === 'refund' ? said.refund.status : said.kind;
  };

  test('tells the refund, and leaves the payment to be looked up', () => {
    for (const type of ['refund.created', 'refund.updated', 'charge.refund.updated']) {
      expect(report(type, refund)).toEqual({
        kind: 'refund',
        refund: { refundId: 're_1', paymentId: 'pi_A1', amountPaise: 500_000, status: 'processed' },
        payment: null,
      });
    }
  });

  test('is pending, processed or failed in Stripe’s words', () => {
    expect(status('refund.created', 'pending')).toBe('pending');
    expect(status('refund.created', 'requires_action')).toBe('pending');
    expect(status('refund.created', null)).toBe('pending');
    expect(status('refund.updated', 'canceled')).toBe('failed');
    expect(status('refund.failed', 'pending')).toBe('failed');
  });

  test('told by the charge is the newest refund of it, where it tells any', () => {
    const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_A1', amount_refunded: 500_000 };
    expect(
      report('charge.refunded', { ...charge, refunds: { data: [refund, { ...refund, id: 're_0' }] } }),
    ).toMatchObject({
      kind: 'refund',
      refund: { refundId: 're_1' },
    });
    expect(report('charge.refunded', charge).kind).toBe('ignored');
    expect(readWebhook(bodyOf('charge.refunded', charge))).toMatchObject({ paymentId: 'pi_A1' });
  });

  test('is not believed without a payment intent, or with a sum that is not whole', () => {
    for (const wrong of [{ payment_intent: null }, { payment_intent: 'ch_1' }, { amount: 0.5 }, { id: 'rfnd_1' }]) {
      expect(report('refund.created', { ...refund, ...wrong }).kind).toBe('ignored');
    }
  });
});

describe('the mode of an event', () => {
  test('must be the one that this server is set to, and what is not is said', () => {
    for (const [livemode, mode, kind] of [
      [false, 'test', 'payment'],
      [true, 'live', 'payment'],
      [true, 'test', 'ignored'],
      [false, 'live', 'ignored'],
      [undefined, 'live', 'ignored'],
      [undefined, 'test', 'ignored'],
      ['true', 'live', 'ignored'],
    ] as const) {
      const said = reportOf(bodyOf('checkout.session.completed', session, { livemode }), mode);
      expect(said.kind, `${livemode} ${mode}`).toBe(kind);
      if (said.kind === 'ignored') expect(said.why).toContain(`set to ${mode}`);
    }
  });
});

describe('the envelope of an event', () => {
  test('has Stripe’s id, and without one the digest of the body', () => {
    expect(readWebhook(bodyOf('x', {}))?.eventId).toBe('evt_1');
    for (const id of [undefined, '', 7, 'a b', 'x'.repeat(129)]) {
      const body = bodyOf('x', {}, { id });
      expect(readWebhook(body)?.eventId).toBe(`sha256:${createHash('sha256').update(body).digest('hex')}`);
    }
  });

  test('is null for what is no event, and never throws', () => {
    for (const text of ['', '{', 'null', '[]', '1', '{}', '{"type":7}', '{"type":""}', '<html>']) {
      expect(readWebhook(Buffer.from(text)), text).toBeNull();
      expect(() => reportOf(Buffer.from(text), 'test')).toThrow();
    }
  });

  test('is read for every event that can be, and reported on without a throw', () => {
    const types = [
      'checkout.session.completed',
      'refund.created',
      'charge.dispute.closed',
      'invoice.paid',
      'charge.refunded',
    ];
    const more = ['payment_intent.succeeded', 'customer.subscription.deleted', 'x'];
    fc.assert(
      fc.property(fc.constantFrom(...types, ...more), fc.jsonValue(), fc.jsonValue(), (type, object, stray) => {
        for (const told of [object, { ...session, payment_intent: object, metadata: stray, parent: stray }]) {
          const body = bodyOf(type, told, { created: stray });
          expect(readWebhook(body)).not.toBeNull();
          reportOf(body, 'test');
        }
      }),
    );
  });
});
