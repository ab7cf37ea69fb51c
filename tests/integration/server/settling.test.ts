// Settling: money takes effect once, whoever tells of it and however often.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderOf, type Started, started } from './started.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

/** A signed webhook as the provider would send it, made here and not by the sandbox. */
async function tell(
  orderId: string,
  event: string,
  paymentId: string,
  amount: number,
  changes: Record<string, unknown> = {},
) {
  const at = Math.floor(server.clock.now().getTime() / 1000);
  const payment = {
    id: paymentId,
    entity: 'payment',
    amount,
    currency: 'INR',
    status: 'captured',
    order_id: orderId,
    captured: true,
    method: 'upi',
    amount_refunded: 0,
    notes: [],
    created_at: at,
    ...changes,
  };
  const order = {
    id: orderId,
    entity: 'order',
    amount,
    amount_paid: amount,
    amount_due: 0,
    currency: 'INR',
    status: 'paid',
    receipt: 'x',
    attempts: 1,
    notes: [],
    created_at: at,
  };
  const body = JSON.stringify({
    entity: 'event',
    account_id: 'acc_TestAccount001',
    event,
    contains: event === 'order.paid' ? ['payment', 'order'] : ['payment'],
    payload: { payment: { entity: payment }, ...(event === 'order.paid' ? { order: { entity: order } } : {}) },
    created_at: at,
  });
  const secrets = JSON.parse(readFileSync(join(server.parts.config.dataDir, 'sandbox', 'secrets.json'), 'utf8'));
  return server.request('POST', '/api/billing/webhook', {
    raw: body,
    headers: {
      'content-type': 'application/json',
      'x-razorpay-signature': createHmac('sha256', secrets.webhookSecret).update(body).digest('hex'),
      'x-razorpay-event-id': `evt${Math.random().toString(36).slice(2, 13)}`,
    },
  });
}

describe('a payment takes effect once', () => {
  test('told by payment.captured, order.paid and both again, all at once: one grant, one payment, one invoice number', async () => {
    const counter = await server.signUp();
    const plan = await counter.buyPlan();
    const order = orderOf(plan);
    const told = await Promise.all(
      ['payment.captured', 'order.paid', 'payment.captured', 'order.paid'].map((event) =>
        tell(order, event, 'pay_Once0000000001', 1_500_000),
      ),
    );
    expect(told.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    await Promise.all([server.settle(), server.settle(), server.settle()]);
    expect((await counter.purchase(plan.id)).state).toBe('paid');
    expect((await counter.status()).credits.balance).toBe(50_000);
    const [count] = await server.sql(
      `select (select count(*) from credits_ledger where org_id = $1)::int as entries,
              (select count(*) from billing_payment where org_id = $1)::int as payments,
              (select count(*) from billing_invoice where org_id = $1)::int as invoices,
              (select count(*) from webhook_inbox where order_id = $2)::int as events`,
      [counter.orgId, order],
    );
    expect(count).toEqual({ entries: 1, payments: 1, invoices: 1, events: 4 });
  });

  test('the plan bought and paid: active for a year, 50,000 credits, features on, an invoice for exactly the price', async () => {
    const counter = await server.signUp();
    const paid = await counter.ownPlan();
    const status = await counter.status();
    expect(paid).toMatchObject({ state: 'paid', amountPaise: 1_500_000, lastFailure: null });
    expect(status.plan).toBe('pharmapulse-one');
    expect(status.subscription).toMatchObject({
      serviceRenewalStatus: 'active',
      serviceRenewalNextDue: '2027-11-22',
      daysLeft: 365,
    });
    expect(status.credits).toEqual({ balance: 50_000, held: 0, available: 50_000 });
    expect(Object.values(status.features).every((on) => on)).toBe(true);
    const [invoice] = await server.sql<{ number: string; document: Record<string, number> }>(
      'select number, document from billing_invoice where org_id = $1',
      [counter.orgId],
    );
    expect(invoice?.number).toMatch(/^PP\/26-27\/\d{6}$/);
    expect(invoice?.document).toMatchObject({
      totalPaise: 1_500_000,
      taxablePaise: 1_271_186,
      cgstPaise: 114_407,
      sgstPaise: 114_407,
    });
  });
});
