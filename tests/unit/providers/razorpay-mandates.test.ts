// Mandates by subscriptions, through the real SDK against scripted answers.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { MandateRequest, Mandates } from '../../../sync-server/providers/port.ts';
import { mandateEntity, planAnswer } from '../../../sync-server/providers/razorpay-standing.ts';
import { list, scripted } from './scripted-api.ts';

const request: MandateRequest = {
  receipt: 'man_01',
  amountPaise: 100_000,
  currency: 'INR',
  firstChargeAt: new Date('2027-11-22T06:30:00.900Z'),
  description: 'PharmaPulse One, service year',
  returnUrl: 'https://x/back',
  notes: { purchaseId: 'pur_01', orgId: 'org_1', sku: 'renewal.year' },
};
const plan = {
  id: 'plan_A1b2C3d4E5f6G7',
  period: 'yearly',
  interval: 1,
  item: { name: request.description, amount: 100_000, currency: 'INR' },
};
const subscription = {
  id: 'sub_A1b2C3d4E5f6G7',
  plan_id: plan.id,
  status: 'created',
  notes: { receipt: 'man_01' },
  short_url: 'https://rzp.io/i/abc',
};
const shown = {
  mandateId: subscription.id,
  receipt: 'man_01',
  status: 'created',
  authorisationUrl: 'https://rzp.io/i/abc',
};

type Scripted = Awaited<ReturnType<typeof scripted>>;
function mandatesOf({ provider }: Scripted): Mandates {
  if (provider.mandates === null) throw new Error('no mandates');
  return provider.mandates;
}
const urls = ({ seen }: Scripted) => seen.map(({ method, url }) => `${method} ${url}`);

describe('making a mandate', () => {
  test('uses the plan of this sum, and asks for ten yearly charges from the day that is due', async () => {
    const otherSum = { ...plan, id: 'plan_2', item: { ...plan.item, amount: 99_900 } };
    const monthly = { ...plan, id: 'plan_3', period: 'monthly' };
    const everyTwo = { ...plan, id: 'plan_4', interval: 2 };
    const unreadable = { ...plan, id: 'plan_5', item: null };
    const api = await scripted(list(otherSum, monthly, everyTwo, unreadable, plan), { body: subscription });
    expect(await mandatesOf(api).create(request)).toEqual({ ok: true, value: shown });
    expect(urls(api)).toEqual(['GET /v1/plans?count=100&skip=0', 'POST /v1/subscriptions']);
    expect(api.seen[1]?.body).toEqual({
      plan_id: plan.id,
      total_count: 10,
      quantity: 1,
      customer_notify: true,
      start_at: 1_826_865_000,
      notes: { receipt: 'man_01', purchaseId: 'pur_01', orgId: 'org_1', sku: 'renewal.year' },
    });
  });

  test('makes the plan where there is none, and charges at once where no day is told', async () => {
    const api = await scripted(list(), { body: plan }, { body: subscription });
    expect(await mandatesOf(api).create({ ...request, firstChargeAt: null })).toMatchObject({ ok: true });
    expect(urls(api)[1]).toBe('POST /v1/plans');
    expect(api.seen[1]?.body).toEqual({ period: 'yearly', interval: 1, item: plan.item });
    expect(api.seen[2]?.body).not.toHaveProperty('start_at');
  });

  test('takes the oldest of two plans of one kind, so that two servers agree', async () => {
    const api = await scripted(list({ ...plan, id: 'plan_younger' }, plan), { body: subscription });
    await mandatesOf(api).create(request);
    expect(api.seen[1]?.body).toMatchObject({ plan_id: plan.id });
  });

  test('makes no mandate when the plan made is of another sum', async () => {
    const wrong = { ...plan, item: { ...plan.item, amount: 1 } };
    const api = await scripted(list(), { body: wrong });
    expect(await mandatesOf(api).create(request)).toMatchObject({ ok: false, kind: 'unknown' });
    expect(api.seen).toHaveLength(2);
  });

  test('is unknown when the answer is lost or carries another receipt, refused when refused', async () => {
    const lost = await scripted(list(plan), 'reset');
    expect(await mandatesOf(lost).create(request)).toMatchObject({ ok: false, kind: 'unknown' });
    const other = await scripted(list(plan), { body: { ...subscription, notes: [] } });
    expect(await mandatesOf(other).create(request)).toMatchObject({ ok: false, kind: 'unknown' });
    const off = { error: { code: 'BAD_REQUEST_ERROR', description: 'The requested URL was not found on the server.' } };
    const no = await scripted(list(plan), { status: 400, body: off });
    expect(await mandatesOf(no).create(request)).toMatchObject({ ok: false, kind: 'refused' });
  });

  test('calls nobody with what cannot be right', async () => {
    const api = await scripted(list(plan));
    const day = { firstChargeAt: new Date(Number.NaN) };
    for (const change of [{ receipt: '' }, { receipt: 'x'.repeat(41) }, { amountPaise: 99.5 }, day]) {
      expect(await mandatesOf(api).create({ ...request, ...change })).toMatchObject({ kind: 'refused' });
    }
    expect(api.seen).toEqual([]);
  });
});

describe('finding a mandate by its receipt', () => {
  const of = (id: string, status: string, receipt = 'man_01') => ({ ...subscription, id, status, notes: { receipt } });

  test('reads every page until the last, and is null only then', async () => {
    const full = Array.from({ length: 100 }, (_, i) => of(`sub_${i}`, 'active', `other_${i}`));
    const found = await scripted(list(...full), list(subscription));
    expect(await mandatesOf(found).find('man_01')).toEqual({ ok: true, value: shown });
    expect(urls(found)[1]).toBe('GET /v1/subscriptions?count=100&skip=100');
    const none = await scripted(list(...full), list());
    expect(await mandatesOf(none).find('man_01')).toEqual({ ok: true, value: null });
    const endless = await scripted(list(...full));
    expect(await mandatesOf(endless).find('man_01')).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('takes one that was agreed to before one that was not, and among equals the oldest', async () => {
    const best = async (...items: object[]) => {
      const found = await mandatesOf(await scripted(list(...items))).find('man_01');
      return found.ok ? found.value?.mandateId : found.kind;
    };
    expect(await best(of('sub_3', 'created'), of('sub_2', 'active'), of('sub_1', 'cancelled'))).toBe('sub_2');
    expect(await best(of('sub_3', 'created'), of('sub_2', 'created'), of('sub_1', 'expired'))).toBe('sub_2');
    expect(await best(of('sub_9', 'halted'), of('sub_8', 'authenticated'))).toBe('sub_9');
  });

  test('is not hindered by one of another that cannot be read, and is unknown when it is ours', async () => {
    const strange = of('sub_1', 'dreaming', 'other');
    expect(await mandatesOf(await scripted(list(strange, subscription))).find('man_01')).toMatchObject({
      value: shown,
    });
    const ours = of('sub_1', 'dreaming');
    expect(await mandatesOf(await scripted(list(ours))).find('man_01')).toMatchObject({ ok: false, kind: 'unknown' });
  });
});

describe('looking a mandate up', () => {
  const payment = (id: string, status: string) => ({
    id,
    amount: 100_000,
    currency: 'INR',
    status,
    order_id: 'order_1',
    captured: status === 'captured' ? '1' : false,
    created_at: 1_790_000_000,
  });
  const active = { ...subscription, status: 'active' };

  test('tells every charge from the first on, failed attempts too', async () => {
    const invoices = list({ payment_id: 'pay_3', order_id: null }, { payment_id: 'pay_2', order_id: 'order_1' });
    const orderPayments = list(payment('pay_1', 'failed'), payment('pay_2', 'captured'));
    const api = await scripted({ body: active }, invoices, orderPayments, { body: payment('pay_3', 'captured') });
    const report = await mandatesOf(api).fetch(subscription.id);
    expect(report).toMatchObject({ value: { mandate: { status: 'active', authorisationUrl: null } } });
    expect(report.ok && report.value.payments.map(({ paymentId, status }) => [paymentId, status])).toEqual([
      ['pay_1', 'failed'],
      ['pay_2', 'captured'],
      ['pay_3', 'captured'],
    ]);
    expect(urls(api)).toEqual([
      `GET /v1/subscriptions/${subscription.id}`,
      `GET /v1/invoices?subscription_id=${subscription.id}&count=100&skip=0`,
      'GET /v1/orders/order_1/payments',
      'GET /v1/payments/pay_3',
    ]);
  });

  test('asks for the payment itself where its order is refused, and is unknown where a charge is', async () => {
    const refusal = { status: 400, body: { error: { code: 'BAD_REQUEST_ERROR', description: 'No such id' } } };
    const invoices = list({ payment_id: 'pay_2', order_id: 'order_1' });
    const there = await scripted({ body: active }, invoices, refusal, { body: payment('pay_2', 'captured') });
    expect(await mandatesOf(there).fetch(subscription.id)).toMatchObject({
      value: { payments: [{ paymentId: 'pay_2' }] },
    });
    // The payment alone would be there; the attempts before it would be missing.
    const lost = await scripted({ body: active }, invoices, 'reset', { body: payment('pay_2', 'captured') });
    expect(await mandatesOf(lost).fetch(subscription.id)).toMatchObject({ ok: false, kind: 'unknown' });
  });

  test('has no payment while no charge was tried', async () => {
    const api = await scripted({ body: active }, list({ payment_id: null, order_id: null }));
    expect(await mandatesOf(api).fetch(subscription.id)).toMatchObject({ value: { payments: [] } });
  });
});

describe('cancelling a mandate', () => {
  const cancelled = { ...subscription, status: 'cancelled' };
  const refusal = {
    status: 400,
    body: { error: { code: 'BAD_REQUEST_ERROR', description: 'Subscription is not cancellable in expired status.' } },
  };

  test('is done at once, not at the end of the year', async () => {
    const api = await scripted({ body: cancelled });
    expect(await mandatesOf(api).cancel(subscription.id)).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    expect(api.seen).toMatchObject([
      { method: 'POST', url: `/v1/subscriptions/${subscription.id}/cancel`, body: null },
    ]);
  });

  test('is fine where it is over already', async () => {
    for (const status of ['cancelled', 'completed', 'expired']) {
      const api = await scripted(refusal, { body: { ...subscription, status } });
      expect(await mandatesOf(api).cancel(subscription.id)).toMatchObject({ ok: true, value: { status } });
    }
  });

  test('is refused where it is refused and goes on, and unknown where nobody says that it is over', async () => {
    const goesOn = { body: { ...subscription, status: 'active' } };
    expect(await mandatesOf(await scripted(refusal, goesOn)).cancel(subscription.id)).toMatchObject({
      kind: 'refused',
    });
    expect(await mandatesOf(await scripted(goesOn, goesOn)).cancel(subscription.id)).toMatchObject({ kind: 'unknown' });
  });

  test('asks nobody with an id that would change the URL', async () => {
    const api = await scripted({ body: cancelled });
    for (const id of ['sub_1/cancel', '../x', 'sub_', 'plan_1', '']) {
      expect(await mandatesOf(api).cancel(id), id).toMatchObject({ ok: false, kind: 'refused' });
      expect(await mandatesOf(api).fetch(id), id).toMatchObject({ ok: false, kind: 'refused' });
    }
    expect(api.seen).toEqual([]);
  });
});

// Third-party sample answers, kept beside the repository and never in it: without the folder there is nothing to run.
const samples = fileURLToPath(new URL('../../../../shared/fixtures/razorpay/api', import.meta.url));

test.skipIf(!existsSync(samples))('the sample answers of the documentation are read', () => {
  const sample = (name: string): unknown => JSON.parse(readFileSync(`${samples}/${name}--success.json`, 'utf8'));
  expect(mandateEntity.parse(sample('subscription.create'))).toMatchObject({
    status: 'created',
    authorisationUrl: 'https://rzp.io/rzp/Dqdqx3h',
  });
  expect(mandateEntity.parse(sample('subscription.cancel'))).toMatchObject({
    status: 'cancelled',
    authorisationUrl: null,
  });
  expect(mandateEntity.parse(sample('subscription.fetch'))).toMatchObject({ status: 'active', receipt: null });
  expect(planAnswer.parse(sample('plan.create'))).toMatchObject({ isYearly: false, amountPaise: 69_900 });
});
