// Money that goes back, as Razorpay's own SDK and whoever is sent the webhooks see it: refunds and disputes.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let orderId: string;
const makeOrder = async (receipt: string) =>
  (await stage.razorpay.orders.create({ amount: 1_500_000, currency: 'INR', receipt })).id;
beforeEach(async () => {
  stage = await openStage();
  orderId = await makeOrder('pur_1');
});
afterEach(() => stage.close());

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

describe('a refund', () => {
  test('can be asked for in parts by the dashboard, and each part is told with the sum so far', async () => {
    const { payment } = await pay();
    for (const [amount, sum] of [
      [500_000, 500_000],
      [250_000, 750_000],
    ]) {
      await stage.act({ action: 'refund', paymentId: payment.id, amount });
      await stage.sandbox.deliverDue();
      expect(bodyOf('refund.processed').payload).toMatchObject({
        refund: { entity: { amount, status: 'processed' } },
        payment: { entity: { amount_refunded: sum, refund_status: 'partial', status: 'captured' } },
      });
    }
    const { items } = await stage.razorpay.payments.fetchMultipleRefund(payment.id, {});
    expect(items.map(({ amount }) => amount)).toEqual([250_000, 500_000]);
    await stage.act({ action: 'refund', paymentId: payment.id });
    expect(await stage.razorpay.payments.fetch(payment.id)).toMatchObject({
      status: 'refunded',
      amount_refunded: 1_500_000,
    });
    const over = await stage.post('/play', { action: 'refund', paymentId: payment.id, amount: 100 });
    expect(over.status).toBe(400);
  });

  test('under refund_pending waits for the bank, and then is processed', async () => {
    const { payment } = await pay();
    await stage.faults({ refund_pending: 1 });
    const asked = await stage.razorpay.payments.refund(payment.id, { amount: 100_000 });
    await stage.sandbox.deliverDue();
    expect(asked.status).toBe('pending');
    expect(stage.listener.names().slice(3)).toEqual(['refund.created']);
    await stage.act({ action: 'finish_refund', refundId: asked.id, status: 'processed' });
    await stage.sandbox.deliverDue();
    expect(stage.listener.names().slice(4)).toEqual(['refund.processed']);
    expect((await stage.razorpay.refunds.fetch(asked.id)).status).toBe('processed');
  });

  test('under refund_fails is told as failed, and the payment has its money again', async () => {
    const { payment } = await pay();
    await stage.faults({ refund_fails: 1 });
    const asked = await stage.razorpay.payments.refund(payment.id, {});
    await stage.sandbox.deliverDue();
    expect(stage.listener.names().slice(3)).toEqual(['refund.created', 'refund.failed']);
    expect((await stage.razorpay.refunds.fetch(asked.id)).status).toBe('failed');
    expect(await stage.razorpay.payments.fetch(payment.id)).toMatchObject({ status: 'captured', amount_refunded: 0 });
  });
});

describe('a dispute', () => {
  for (const end of ['won', 'lost', 'closed'] as const) {
    test(`is told when it is opened and when it is ${end}, and can be looked up`, async () => {
      const { payment } = await pay();
      const { dispute } = await stage.act({ action: 'dispute', paymentId: payment.id, amount: 400_000 });
      await stage.act({ action: 'decide_dispute', disputeId: dispute.id, status: 'under_review' });
      await stage.act({ action: 'decide_dispute', disputeId: dispute.id, status: end });
      await stage.sandbox.deliverDue();
      expect(stage.listener.names().slice(3)).toEqual([
        'payment.dispute.created',
        'payment.dispute.under_review',
        `payment.dispute.${end}`,
      ]);
      const deducted = end === 'lost' ? 400_000 : 0;
      expect(bodyOf(`payment.dispute.${end}`).payload).toMatchObject({
        payment: { entity: { id: payment.id, status: 'captured' } },
        dispute: { entity: { status: end, amount: 400_000, amount_deducted: deducted, payment_id: payment.id } },
      });
      expect(await stage.razorpay.disputes.fetch(dispute.id)).toMatchObject({ status: end, amount_deducted: deducted });
      const again = await stage.post('/play', { action: 'decide_dispute', disputeId: dispute.id, status: 'won' });
      expect(again.status).toBe(400);
    });
  }

  test('needs a captured payment, and no more money than it has', async () => {
    const { payment } = await stage.play({ action: 'fail', orderId });
    expect((await stage.post('/play', { action: 'dispute', paymentId: payment.id })).status).toBe(400);
    const paid = await pay();
    const more = { action: 'dispute', paymentId: paid.payment.id, amount: 1_500_001 };
    expect((await stage.post('/play', more)).status).toBe(400);
  });
});
