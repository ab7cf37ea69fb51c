import { describe, expect, test } from 'vitest';
import { list, scripted } from './scripted-api.ts';

const PAYMENT_ID = 'pay_A1b2C3d4E5f6G7';

describe('giving money back', () => {
  const refund = {
    id: 'rfnd_A1b2C3d4E5f6G7',
    payment_id: PAYMENT_ID,
    amount: 5000,
    receipt: 'refund_key_1',
    status: 'processed',
  };
  const ask = { paymentId: PAYMENT_ID, amountPaise: 5000, idempotencyKey: 'refund_key_1' };
  const no = (status: number, description: string) => ({
    status,
    body: { error: { code: 'BAD_REQUEST_ERROR', description } },
  });

  test('sends the key as header and as receipt', async () => {
    const { provider, seen } = await scripted(list(), { body: refund });
    expect(await provider.refundPayment(ask)).toEqual({
      ok: true,
      value: { refundId: refund.id, paymentId: PAYMENT_ID, amountPaise: 5000, status: 'processed' },
    });
    expect(seen[1]).toMatchObject({
      url: `/v1/payments/${PAYMENT_ID}/refund`,
      headers: { 'x-refund-idempotency': 'refund_key_1' },
      body: { amount: 5000, speed: 'normal', receipt: 'refund_key_1' },
    });
  });

  test('answers the refund that an earlier try made, where the provider now says no', async () => {
    const { provider } = await scripted(list(), no(400, 'The payment has been fully refunded already'), list(refund));
    expect(await provider.refundPayment(ask)).toMatchObject({ ok: true, value: { refundId: refund.id } });
  });

  test('of a key that was refunded before is that refund, and nothing is sent', async () => {
    const { provider, seen } = await scripted(list({ ...refund, id: 'rfnd_other', receipt: 'another' }, refund));
    expect(await provider.refundPayment(ask)).toMatchObject({ ok: true, value: { refundId: refund.id } });
    expect(seen.map(({ method }) => method)).toEqual(['GET']);
    expect(await provider.refundPayment({ ...ask, amountPaise: 1 })).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('is not sent where the refunds that were made cannot be seen', async () => {
    const { provider, seen } = await scripted('reset');
    expect(await provider.refundPayment(ask)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(seen.map(({ method }) => method)).toEqual(['GET']);
  });

  test('is made, with its key as header, where the provider refuses to list the refunds', async () => {
    const { provider, seen } = await scripted(no(400, 'The requested URL was not found on the server.'), {
      body: refund,
    });
    expect(await provider.refundPayment(ask)).toMatchObject({ ok: true, value: { refundId: refund.id } });
    expect(seen[1]).toMatchObject({ method: 'POST', headers: { 'x-refund-idempotency': 'refund_key_1' } });
  });

  test('is refused where the provider says no and has no refund of that key', async () => {
    const { provider } = await scripted(
      list(),
      no(400, 'The refund amount is too large'),
      list({ ...refund, receipt: 'another' }),
    );
    expect(await provider.refundPayment(ask)).toMatchObject({ ok: false, kind: 'refused' });
  });

  test('is unknown while the same key is still being worked on', async () => {
    const { provider } = await scripted(list(), no(409, 'Request is in progress'), list());
    expect(await provider.refundPayment(ask)).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('is refused without a call for a bad id, key or amount', async () => {
    const { provider, seen } = await scripted({ body: refund });
    for (const change of [{ paymentId: 'pay_/x' }, { idempotencyKey: 'short' }, { amountPaise: 0 }]) {
      expect(await provider.refundPayment({ ...ask, ...change })).toMatchObject({ kind: 'refused' });
    }
    expect(seen).toEqual([]);
  });
});
