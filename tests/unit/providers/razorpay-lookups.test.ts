// Looking up one payment and the refunds of one, through the real SDK against scripted answers.

import { describe, expect, test } from 'vitest';
import { list, scripted } from './scripted-api.ts';

const payment = {
  id: 'pay_A1b2C3d4E5f6G7',
  amount: 1_500_000,
  amount_refunded: 500_000,
  currency: 'INR',
  status: 'captured',
  order_id: null,
  captured: true,
  created_at: 1_790_000_000,
};
const refundOf = (id: string, createdAt: number, change: object = {}) => ({
  id,
  payment_id: payment.id,
  amount: 100,
  status: 'processed',
  created_at: createdAt,
  ...change,
});

describe('looking a payment up', () => {
  test('tells it as it is now', async () => {
    const { provider, seen } = await scripted({ body: payment });
    expect(await provider.fetchPayment(payment.id)).toMatchObject({
      ok: true,
      value: { paymentId: payment.id, orderId: null, amountRefundedPaise: 500_000, status: 'captured' },
    });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET /v1/payments/${payment.id}`]);
  });

  test('asks nobody with an id that would change the URL', async () => {
    const { provider, seen } = await scripted({ body: payment });
    for (const id of ['../orders/order_1', 'pay_1?x=1', 'order_A1b2C3d4E5f6G7', 'pi_1', '', 'pay_']) {
      expect(await provider.fetchPayment(id), id).toMatchObject({ ok: false, kind: 'refused' });
      expect(await provider.listRefunds(id), id).toMatchObject({ ok: false, kind: 'refused' });
    }
    expect(seen).toEqual([]);
  });

  test('is unknown when the answer is about another payment', async () => {
    const { provider } = await scripted({ body: { ...payment, id: 'pay_other' } });
    expect(await provider.fetchPayment(payment.id)).toMatchObject({ ok: false, kind: 'unknown' });
  });
});

describe('listing the refunds of a payment', () => {
  test('tells the oldest first, though the API tells the newest first', async () => {
    const { provider, seen } = await scripted(
      list(refundOf('rfnd_c', 30), refundOf('rfnd_b', 20), refundOf('rfnd_a', 20)),
    );
    const listed = await provider.listRefunds(payment.id);
    expect(listed.ok && listed.value.map(({ refundId }) => refundId)).toEqual(['rfnd_a', 'rfnd_b', 'rfnd_c']);
    expect(seen[0]?.url).toBe(`/v1/payments/${payment.id}/refunds?count=100&skip=0`);
  });

  test('reads every page, and a refund that moved onto the next one only once', async () => {
    const first = Array.from({ length: 100 }, (_, i) => refundOf(`rfnd_${200 - i}`, 200 - i));
    const { provider, seen } = await scripted(
      list(...first),
      list(refundOf('rfnd_101', 101), refundOf('rfnd_100', 100)),
    );
    const listed = await provider.listRefunds(payment.id);
    expect(listed.ok && listed.value).toHaveLength(101);
    expect(seen.map(({ url }) => new URL(url, 'http://x').searchParams.get('skip'))).toEqual(['0', '100']);
  });

  test('gives up as unknown, not with a part, where the pages never end', async () => {
    const full = Array.from({ length: 100 }, (_, i) => refundOf(`rfnd_${i}`, i));
    const { provider, seen } = await scripted(list(...full));
    expect(await provider.listRefunds(payment.id)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(seen.length).toBeLessThanOrEqual(20);
  });

  test('is unknown where a refund of another payment is among them', async () => {
    const { provider } = await scripted(list(refundOf('rfnd_a', 1, { payment_id: 'pay_other' })));
    expect(await provider.listRefunds(payment.id)).toMatchObject({ ok: false, kind: 'unknown' });
  });
});
