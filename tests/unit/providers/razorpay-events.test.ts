// What Razorpay's events say about refunds, disputes, subscriptions and payment links.

import { describe, expect, test } from 'vitest';
import { readWebhook, reportOf } from '../../../sync-server/providers/razorpay-webhook.ts';

type Entity = Record<string, unknown>;

const payment: Entity = {
  id: 'pay_A1b2C3d4E5f6G7',
  amount: 1_500_000,
  currency: 'INR',
  status: 'captured',
  order_id: 'order_H1i2J3k4L5m6N7',
  method: 'upi',
  amount_refunded: 500_000,
  captured: true,
  notes: [],
  created_at: 1_790_000_000,
};
const refund: Entity = {
  id: 'rfnd_A1b2C3d4E5f6G7',
  payment_id: payment.id,
  amount: 500_000,
  currency: 'INR',
  notes: [],
  receipt: null,
  status: 'pending',
  created_at: 1_790_000_500,
};
const dispute: Entity = {
  id: 'disp_A1b2C3d4E5f6G7',
  payment_id: payment.id,
  amount: 1_500_000,
  currency: 'INR',
  amount_deducted: 0,
  reason_code: 'goods_or_services_not_received_or_partially_received',
  status: 'open',
};
const subscription: Entity = {
  id: 'sub_A1b2C3d4E5f6G7',
  status: 'active',
  notes: { receipt: 'man_1' },
  short_url: 'https://rzp.io/i/abc',
  created_at: 1_789_999_000,
};

function bodyOf(event: string, entities: Readonly<Record<string, Entity>>): Buffer {
  const payload = Object.fromEntries(Object.entries(entities).map(([name, entity]) => [name, { entity }]));
  return Buffer.from(JSON.stringify({ entity: 'event', event, payload, created_at: 1_790_000_900 }));
}
const report = (event: string, entities: Readonly<Record<string, Entity>>) => reportOf(bodyOf(event, entities));

describe('an event about a refund', () => {
  test('tells the refund, and the payment with the absolute sum that went back', () => {
    expect(report('refund.processed', { refund: { ...refund, status: 'processed' }, payment })).toEqual({
      kind: 'refund',
      refund: { refundId: refund.id, paymentId: payment.id, amountPaise: 500_000, status: 'processed' },
      payment: {
        paymentId: payment.id,
        orderId: payment.order_id,
        status: 'captured',
        amountPaise: 1_500_000,
        amountRefundedPaise: 500_000,
        currency: 'INR',
        method: 'upi',
        // When the money came, never when it went.
        capturedAt: new Date(1_790_000_000_000),
        failure: null,
      },
    });
  });

  test('is as far as the further of its name and its entity, and never back from what is over', () => {
    const status = (event: string, told: string) => {
      const said = report(event, { refund: { ...refund, status: told } });
      return said.kind === 'refund' ? said.refund.status : said.kind;
    };
    expect(status('refund.created', 'processed')).toBe('processed');
    expect(status('refund.created', 'pending')).toBe('pending');
    expect(status('refund.speed_changed', 'pending')).toBe('pending');
    expect(status('refund.processed', 'pending')).toBe('processed');
    expect(status('refund.failed', 'pending')).toBe('failed');
    expect(status('refund.failed', 'failed')).toBe('failed');
  });

  test('has no payment where it carries none, an unreadable one or another one: it is to be looked up', () => {
    for (const beside of [
      {},
      { payment: { ...payment, amount: 'much' } },
      { payment: { ...payment, id: 'pay_other' } },
    ]) {
      expect(report('refund.created', { refund, ...beside })).toMatchObject({ kind: 'refund', payment: null });
    }
  });

  test('is not believed without a payment, or with an amount that is not whole paise', () => {
    for (const wrong of [
      { payment_id: null },
      { payment_id: '../x' },
      { amount: '5' },
      { amount: 0.5 },
      { status: 'x' },
    ]) {
      expect(report('refund.created', { refund: { ...refund, ...wrong }, payment }).kind).toBe('ignored');
    }
  });
});

describe('an event about a dispute', () => {
  test('tells what is asked back, of which payment, and how far it is', () => {
    expect(report('payment.dispute.created', { dispute, payment })).toMatchObject({
      kind: 'dispute',
      dispute: {
        disputeId: dispute.id,
        paymentId: payment.id,
        amountPaise: 1_500_000,
        currency: 'INR',
        status: 'open',
        reason: dispute.reason_code,
      },
      payment: { paymentId: payment.id, capturedAt: new Date(1_790_000_000_000) },
    });
  });

  test.each([
    ['created', 'open', 'open'],
    ['under_review', 'under_review', 'open'],
    ['action_required', 'open', 'open'],
    ['won', 'won', 'won'],
    ['lost', 'lost', 'lost'],
    ['closed', 'closed', 'closed'],
    // The entity is ahead of a late event, and the event ahead of a stale entity.
    ['created', 'lost', 'lost'],
    ['lost', 'under_review', 'lost'],
  ])('payment.dispute.%s with status %s is %s', (event, told, is) => {
    const said = report(`payment.dispute.${event}`, { dispute: { ...dispute, status: told }, payment });
    expect(said).toMatchObject({ kind: 'dispute', dispute: { status: is } });
  });

  test('of a status that nobody documented is kept and changes nothing', () => {
    const said = report('payment.dispute.created', { dispute: { ...dispute, status: 'frozen' }, payment });
    expect(said.kind).toBe('ignored');
  });
});

describe('an event about a subscription', () => {
  test('tells the mandate by its id and our receipt, and the payment that a charge brought', () => {
    const paid = { ...payment, captured: '1', invoice_id: 'inv_1' };
    expect(report('subscription.charged', { subscription, payment: paid })).toMatchObject({
      kind: 'mandate',
      mandate: { mandateId: subscription.id, receipt: 'man_1', status: 'active', authorisationUrl: null },
      payment: { paymentId: payment.id, status: 'captured', capturedAt: new Date(1_790_000_900_000) },
    });
  });

  test('has no payment where none came with it', () => {
    expect(report('subscription.activated', { subscription })).toMatchObject({ kind: 'mandate', payment: null });
  });

  test.each([
    ['authenticated', 'authenticated'],
    ['activated', 'active'],
    ['pending', 'pending'],
    ['halted', 'halted'],
    ['paused', 'paused'],
    ['resumed', 'active'],
    ['updated', 'active'],
    ['cancelled', 'cancelled'],
    ['completed', 'completed'],
    ['expired', 'expired'],
  ])('subscription.%s takes its status from the entity: %s', (event, status) => {
    const said = report(`subscription.${event}`, { subscription: { ...subscription, status } });
    expect(said).toMatchObject({ kind: 'mandate', mandate: { status } });
  });

  test('has no receipt where its notes are a list, null, absent, or have none as text', () => {
    for (const notes of [[], null, undefined, {}, { receipt: 7 }, { receipt: '' }, 'receipt']) {
      const said = report('subscription.activated', { subscription: { ...subscription, notes } });
      expect(said, JSON.stringify(notes)).toMatchObject({ kind: 'mandate', mandate: { receipt: null } });
    }
  });

  test('shows where to agree only while that is still to be done', () => {
    const url = (status: string) => {
      const said = report('subscription.updated', { subscription: { ...subscription, status } });
      return said.kind === 'mandate' ? said.mandate.authorisationUrl : said.kind;
    };
    expect(url('created')).toBe('https://rzp.io/i/abc');
    for (const over of ['authenticated', 'active', 'halted', 'cancelled', 'expired']) expect(url(over)).toBeNull();
  });
});

describe('an event about a payment link', () => {
  const link = { id: 'plink_A1b2C3d4E5f6G7', order_id: payment.order_id, notes: null, status: 'paid' };
  const order = { id: 'H1i2J3k4L5m6N7', amount: 1_500_000, currency: 'INR', status: 'paid', receipt: 'pur_1' };

  test('names the link, and the order by the payment, since the order is told without its prefix', () => {
    expect(report('payment_link.paid', { payment_link: link, order, payment })).toMatchObject({
      kind: 'payment',
      linkId: link.id,
      payment: { orderId: payment.order_id },
      order: { orderId: payment.order_id, status: 'paid' },
    });
  });

  test('that expired or was cancelled changes nothing', () => {
    for (const event of ['payment_link.expired', 'payment_link.cancelled']) {
      expect(report(event, { payment_link: link })).toMatchObject({ kind: 'ignored' });
    }
  });
});

describe('money without an order', () => {
  test('of a QR code names no order, and the event of the code changes nothing', () => {
    const paid = { ...payment, order_id: null };
    expect(report('payment.captured', { payment: paid })).toMatchObject({
      kind: 'payment',
      payment: { orderId: null },
    });
    const code = { id: 'qr_A1b2C3d4E5f6G7', payments_amount_received: 0 };
    expect(report('qr_code.credited', { payment: paid, qr_code: code }).kind).toBe('ignored');
  });
});

describe('the envelope', () => {
  const envelope = (event: string, entities: Readonly<Record<string, Entity>>) =>
    readWebhook(bodyOf(event, entities), {});

  test('of a refund and of a dispute names the payment also where the payment is not told', () => {
    for (const about of [{ refund }, { dispute }]) {
      expect(envelope('x.y', about)).toMatchObject({ orderId: null, paymentId: payment.id, mandateId: null });
    }
    expect(envelope('refund.created', { refund, payment })).toMatchObject({ orderId: payment.order_id });
  });

  test('of a subscription names the mandate', () => {
    const ids = { mandateId: subscription.id, paymentId: payment.id, orderId: payment.order_id };
    expect(envelope('subscription.charged', { subscription, payment })).toMatchObject(ids);
  });

  test('of a payment link names the link as the order', () => {
    const link = { id: 'plink_A1b2C3d4E5f6G7' };
    expect(envelope('payment_link.paid', { payment_link: link, payment })).toMatchObject({ orderId: link.id });
  });
});
