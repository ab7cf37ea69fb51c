// Third-party sample bodies, kept beside the repository and never in it: without the folder there is nothing to run.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readWebhook, reportOf } from '../../../sync-server/providers/razorpay-webhook.ts';

const samples = fileURLToPath(new URL('../../../../shared/fixtures/razorpay/webhooks', import.meta.url));
const names = existsSync(samples) ? readdirSync(samples) : [];
const read = (name: string) => readFileSync(`${samples}/${name}`);

/** What an event of this name is a report of. */
function kindOf(event: string): string {
  if (event.startsWith('refund.')) return 'refund';
  if (event.startsWith('payment.dispute.')) return 'dispute';
  if (event.startsWith('subscription.')) return 'mandate';
  if (event.startsWith('payment.') || event === 'order.paid' || event === 'payment_link.paid') return 'payment';
  return 'ignored';
}

describe.skipIf(names.length === 0)('every sample body of the documentation', () => {
  test.each(names)('is read and is what its name says: %s', (name) => {
    const [event = ''] = name.split('--');
    const body = read(name);
    expect(readWebhook(body, {})?.event).toBe(event);
    expect(reportOf(body)).toMatchObject({ kind: kindOf(event) });
  });

  const reports = names.map((name) => ({ name, event: name.split('--')[0] ?? '', said: reportOf(read(name)) }));

  test('about payments: names its order, and is dated exactly when it is captured', () => {
    for (const { name, event, said } of reports) {
      if (said.kind !== 'payment') continue;
      expect(said.payment.orderId, name).toMatch(/^order_[A-Za-z0-9]{14}$/);
      expect(said.order !== null, name).toBe(event === 'order.paid' || event === 'payment_link.paid');
      expect(said.payment.capturedAt !== null, name).toBe(said.payment.status === 'captured');
      expect(said.linkId, name).toBe(event === 'payment_link.paid' ? 'plink_QflcnnZqCekuvL' : undefined);
    }
  });

  test('about refunds: the sum of the refund, and the absolute sum of its payment', () => {
    const told = (event: string) => reports.find((one) => one.event === event)?.said;
    const failed = { kind: 'refund', refund: { status: 'failed' }, payment: { amountRefundedPaise: 190_000 } };
    expect(told('refund.failed')).toMatchObject(failed);
    expect(told('refund.created')).toMatchObject({ refund: { status: 'processed', amountPaise: 50_000 } });
    expect(told('refund.speed_changed')).toMatchObject({ refund: { paymentId: 'pay_EcPJsxu8cSzOK6' } });
  });

  test('about disputes: open or decided, with the disputed sum', () => {
    const [made, won] = reports.filter(({ said }) => said.kind === 'dispute').map(({ said }) => said);
    expect(made).toMatchObject({ dispute: { status: 'open', amountPaise: 39_000 }, payment: { status: 'captured' } });
    expect(won).toMatchObject({ dispute: { status: 'won', amountPaise: 130_000 }, payment: { status: 'authorized' } });
  });

  test('about subscriptions: the status, and the payment of a charge', () => {
    const statuses = reports.flatMap(({ event, said }) =>
      said.kind === 'mandate' ? [[event, said.mandate.status, said.payment?.amountPaise ?? null]] : [],
    );
    expect(statuses.sort()).toEqual([
      ['subscription.activated', 'active', null],
      ['subscription.authenticated', 'authenticated', null],
      ['subscription.cancelled', 'cancelled', null],
      ['subscription.charged', 'active', 100_000],
      ['subscription.pending', 'pending', null],
    ]);
  });
});
