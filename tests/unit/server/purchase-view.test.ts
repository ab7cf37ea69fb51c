// A stored purchase as the contract shows it.
import { describe, expect, test } from 'vitest';
import { purchase } from '../../../shared/contract/billing.ts';
import { payUrl, type StoredPurchase, showPurchase } from '../../../sync-server/purchase/view.ts';

const row: StoredPurchase = {
  purchaseId: 'pur_0123456789abcdefghijkl',
  sku: 'topup.50k',
  quantity: 2,
  state: 'paid',
  amountPaise: 500_000,
  credits: 100_000,
  provider: 'razorpay',
  providerOrderId: 'order_1',
  payToken: 'secret',
  createdAt: new Date('2026-11-22T06:30:00.000Z'),
  expiresAt: new Date('2026-11-25T06:30:00.000Z'),
  paidAt: new Date('2026-11-22T06:31:00.000Z'),
  renewalDue: null,
  failureCode: 'bank_refused',
  failureDescription: 'Not enough money',
  failureAt: new Date('2026-11-22T06:30:30.000Z'),
  refundedPaise: 11_800,
  deviceId: 'dev_1',
};
const show = (
  change: Partial<StoredPurchase> = {},
  invoiceId: string | null = 'inv_1',
  authorisationUrl: string | null = null,
) =>
  showPurchase(
    { row: { ...row, ...change }, deviceName: 'Counter 1', invoiceId, authorisationUrl },
    'https://pay.example',
  );

describe('a renewal that is shown', () => {
  const renewal = { sku: 'renewal.year', renewalDue: '2026-11-20' } as const;

  test.each([
    ['2026-11-22T06:31:00.000Z', '2027-11-20'],
    ['2026-12-04T18:29:59.000Z', '2027-11-20'],
    ['2026-12-04T18:30:00.000Z', '2027-12-05'],
  ])('paid at %s runs until %s', (paidAt, until) => {
    expect(show({ ...renewal, paidAt: new Date(paidAt) }).renewedUntil).toBe(until);
  });

  test('has no such date before it is paid, and none once it was refunded', () => {
    expect(show({ ...renewal, state: 'awaiting_payment', paidAt: null }).renewedUntil).toBeNull();
    expect(show({ ...renewal, state: 'refunded' }).renewedUntil).toBeNull();
  });
});

describe('a purchase that is shown', () => {
  test('has every field of the contract, with instants in UTC, and no token but the one in its link', () => {
    expect(show()).toEqual({
      id: 'pur_0123456789abcdefghijkl',
      sku: 'topup.50k',
      quantity: 2,
      state: 'paid',
      amountPaise: 500_000,
      currency: 'INR',
      credits: 100_000,
      checkoutUrl: 'https://pay.example/pay/pur_0123456789abcdefghijkl?t=secret',
      provider: 'razorpay',
      providerOrderId: 'order_1',
      createdAt: '2026-11-22T06:30:00.000Z',
      expiresAt: '2026-11-25T06:30:00.000Z',
      paidAt: '2026-11-22T06:31:00.000Z',
      invoiceId: 'inv_1',
      lastFailure: { code: 'bank_refused', description: 'Not enough money', at: '2026-11-22T06:30:30.000Z' },
      refundedPaise: 11_800,
      renewedUntil: null,
      deviceId: 'dev_1',
      deviceName: 'Counter 1',
    });
    expect(Object.keys(show()).sort()).toEqual(Object.keys(purchase.shape).sort());
  });

  test('has its link without an order while there is a mandate to agree to', () => {
    const link = 'https://pay.example/pay/pur_0123456789abcdefghijkl?t=secret';
    expect(show({ providerOrderId: null }, null, 'https://provider.example/agree').checkoutUrl).toBe(link);
  });

  test('has no link before it has an order to pay, no time of payment before it was paid, and no invoice before one', () => {
    expect(show({ providerOrderId: null, paidAt: null }, null)).toMatchObject({
      checkoutUrl: null,
      providerOrderId: null,
      paidAt: null,
      invoiceId: null,
    });
  });

  test('tells of a failure that has a code and a time, with or without words', () => {
    const at = '2026-11-22T06:30:30.000Z';
    expect(show({ failureDescription: null }).lastFailure).toEqual({ code: 'bank_refused', description: '', at });
    expect(show({ failureCode: null }).lastFailure).toBeNull();
    expect(show({ failureAt: null }).lastFailure).toBeNull();
  });

  test('is paid behind its id and its token', () => {
    expect(payUrl({ purchaseId: 'pur_1', payToken: 'abc' }, 'http://127.0.0.1:4400')).toBe(
      'http://127.0.0.1:4400/pay/pur_1?t=abc',
    );
  });
});
