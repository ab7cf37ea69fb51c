// Third-party sample answers, kept beside the repository and never in it: without the folder there is nothing to run.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  orderAnswer,
  orderListAnswer,
  paymentEntity,
  paymentListAnswer,
  refundEntity,
} from '../../../sync-server/providers/razorpay-entities.ts';

const samples = fileURLToPath(new URL('../../../../shared/fixtures/razorpay/api', import.meta.url));
const sample = (name: string): unknown => JSON.parse(readFileSync(`${samples}/${name}.json`, 'utf8'));

describe.skipIf(!existsSync(samples))('every sample answer of the documentation is read', () => {
  test('orders', () => {
    expect(orderAnswer.parse(sample('order.create--success'))).toMatchObject({
      amountPaise: 5000,
      receipt: 'receipt#1',
    });
    expect(orderAnswer.parse(sample('order.update-notes--success'))).toMatchObject({ status: 'attempted' });
    const [oldest, youngest] = orderListAnswer.parse(sample('order.fetch-all--success'));
    expect([oldest?.orderId, youngest?.orderId]).toEqual(['order_EAI5nRfThga2TU', 'order_EKzX2WiEWbMxmx']);
  });

  test('payments', () => {
    const names = [
      'capture--success',
      'entity--failure',
      'fetch--card',
      'fetch--netbanking',
      'fetch--pay-later',
      'fetch--upi',
    ];
    for (const name of names) expect(paymentEntity.safeParse(sample(`payment.${name}`)).success, name).toBe(true);
    expect(paymentListAnswer.parse(sample('order.fetch-payments--success'))).toMatchObject([
      { status: 'failed', failure: { code: 'BAD_REQUEST_ERROR' }, capturedAt: null },
      { status: 'captured', failure: null, capturedAt: new Date(1_701_688_721_000) },
    ]);
  });

  test('refunds', () => {
    for (const name of ['create-idempotent', 'create-normal']) {
      expect(refundEntity.parse(sample(`refund.${name}--success`))).toMatchObject({
        amountPaise: 500_100,
        status: 'processed',
      });
    }
  });
});
