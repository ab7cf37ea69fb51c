// Subscriptions with Razorpay's own SDK: agreed to on the hosted page, charged by the clock or by hand, and every end of it.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let planId: string;
beforeEach(async () => {
  stage = await openStage({ prefix: '/sandbox' });
  const item = { name: 'Renewal of PharmaPulse One', amount: 100_000, currency: 'INR' };
  planId = (await stage.razorpay.plans.create({ period: 'yearly', interval: 1, item })).id;
});
afterEach(() => stage.close());

const DAY = 86_400;
const NOW = Date.UTC(2026, 10, 22, 6, 30) / 1000;
const make = (more: object = {}) =>
  stage.razorpay.subscriptions.create({ plan_id: planId, total_count: 5, notes: { purchaseId: 'pur_1' }, ...more });
const fetchIt = (id: string) => stage.razorpay.subscriptions.fetch(id);
const step = (subscriptionId: string, what: string) => stage.act({ action: 'mandate', subscriptionId, step: what });
const invoicesOf = async (id: string) =>
  (await stage.razorpay.invoices.all({ subscription_id: id } as object)).items as unknown as Record<string, unknown>[];
const newNames = async () => {
  const before = stage.listener.heard.length;
  await stage.sandbox.deliverDue();
  return stage.listener.names().slice(before);
};
const CHARGED = ['payment.authorized', 'payment.captured', 'order.paid', 'invoice.paid'];
/** The page that the customer is sent to, as a browser gets there. */
const answerOnPage = async (shortUrl: string, answer: string) => {
  const url = stage.url + new URL(shortUrl).pathname;
  const shown = await (await fetch(url)).text();
  const done = await fetch(url, { method: 'POST', body: new URLSearchParams({ answer }) });
  return [shown, await done.text()];
};

describe('a mandate', () => {
  test('is agreed to on its page, charged at once when it has no start, and each fact is told by an event of its own', async () => {
    const made = await make();
    expect(made).toMatchObject({ status: 'created', paid_count: 0, remaining_count: 5, customer_id: null });
    const [before, after] = await answerOnPage(made.short_url, 'agree');
    expect(before).toContain('₹1,000.00');
    expect(after).toContain('You have agreed');
    expect(await newNames()).toEqual([
      'subscription.authenticated',
      ...CHARGED,
      'subscription.activated',
      'subscription.charged',
    ]);
    expect(new Set(stage.listener.heard.map(({ headers }) => headers['x-razorpay-event-id'])).size).toBe(7);
    const active = await fetchIt(made.id);
    expect(active).toMatchObject({ status: 'active', paid_count: 1, remaining_count: 4, start_at: NOW });
    expect(active.charge_at).toBe(Date.UTC(2027, 10, 22, 6, 30) / 1000);
    const [invoice] = await invoicesOf(made.id);
    expect(invoice).toMatchObject({ status: 'paid', amount: 100_000, amount_due: 0 });
    const payment = await stage.razorpay.payments.fetch(String(invoice?.payment_id));
    expect(payment).toMatchObject({ invoice_id: invoice?.id, order_id: invoice?.order_id, amount: 100_000 });
  });

  test('that starts later takes a token and gives it back, and is charged when the clock comes to its start', async () => {
    const start_at = NOW + 30 * DAY;
    const { id } = await make({ start_at });
    await step(id, 'agree');
    expect(await newNames()).toEqual([
      'subscription.authenticated',
      ...CHARGED.slice(0, 3),
      'refund.created',
      'refund.processed',
    ]);
    expect(await invoicesOf(id)).toEqual([]);
    stage.pass(30 * DAY - 1);
    expect(await newNames()).toEqual([]);
    stage.pass(1);
    expect(await newNames()).toEqual([...CHARGED, 'subscription.activated', 'subscription.charged']);
    expect(await fetchIt(id)).toMatchObject({ status: 'active', paid_count: 1, current_start: start_at });
  });

  test('whose customer refuses stays created and can be agreed to after that', async () => {
    const made = await make();
    const [, refused] = await answerOnPage(made.short_url, 'refuse');
    expect(refused).toContain('did not accept');
    expect(await newNames()).toEqual(['payment.failed']);
    expect((await fetchIt(made.id)).status).toBe('created');
    await answerOnPage(made.short_url, 'agree');
    expect((await fetchIt(made.id)).status).toBe('active');
  });

  test('that nobody agreed to in time is expired', async () => {
    const { id } = await make({ expire_by: NOW + DAY });
    stage.pass(DAY);
    await stage.sandbox.deliverDue();
    expect((await fetchIt(id)).status).toBe('expired');
    expect((await stage.post('/play', { action: 'mandate', subscriptionId: id, step: 'agree' })).status).toBe(400);
  });

  test('is charged once a year over all its years, also when the clock jumps, and is completed by the last', async () => {
    const { id } = await make({ total_count: 3 });
    await step(id, 'agree');
    stage.pass(366 * DAY);
    await newNames();
    expect((await fetchIt(id)).paid_count).toBe(2);
    stage.pass(4 * 366 * DAY);
    expect(await newNames()).toEqual([...CHARGED, 'subscription.charged', 'subscription.completed']);
    expect(await fetchIt(id)).toMatchObject({ status: 'completed', paid_count: 3, remaining_count: 0 });
    expect(await invoicesOf(id)).toHaveLength(3);
  });
});

describe('a charge that fails', () => {
  test('is tried again a day later three times, and then the mandate is halted; its invoices go on', async () => {
    const { id } = await make();
    await step(id, 'agree');
    await newNames();
    await stage.faults({ charge_fails: true });
    stage.pass(366 * DAY);
    expect(await newNames()).toEqual(['payment.failed', 'subscription.pending']);
    for (const names of [['payment.failed'], ['payment.failed'], ['payment.failed', 'subscription.halted']]) {
      stage.pass(DAY);
      expect(await newNames()).toEqual(names);
    }
    expect((await fetchIt(id)).status).toBe('halted');
    const [open] = await invoicesOf(id);
    expect(open).toMatchObject({ status: 'issued', amount_due: 100_000 });
    expect(await stage.razorpay.orders.fetchPayments(String(open?.order_id))).toMatchObject({ count: 4 });
    stage.pass(366 * DAY);
    expect(await newNames()).toEqual([]);
    expect((await invoicesOf(id)).map(({ status }) => status)).toEqual(['issued', 'issued', 'paid']);
  });

  test('and then is paid makes the mandate active again, for the same invoice', async () => {
    const { id } = await make();
    await step(id, 'agree');
    await step(id, 'fail_charge');
    expect((await fetchIt(id)).status).toBe('pending');
    const { invoice } = await step(id, 'charge');
    expect(await fetchIt(id)).toMatchObject({ status: 'active', paid_count: 2, auth_attempts: 0 });
    expect(await invoicesOf(id)).toHaveLength(2);
    expect(invoice.status).toBe('paid');
  });

  test('and is authorised late is a charge after all', async () => {
    const { id } = await make();
    await step(id, 'agree');
    const { payment } = await step(id, 'fail_charge');
    await newNames();
    await stage.play({ action: 'authorise_late', paymentId: payment.id });
    expect(await newNames()).toEqual([...CHARGED, 'subscription.activated', 'subscription.charged']);
    expect(await fetchIt(id)).toMatchObject({ status: 'active', paid_count: 2 });
  });
});

describe('the clock', () => {
  test('comes back the next day to a charge whose money went elsewhere or that was refused, and charges once', async () => {
    const { id } = await make();
    await step(id, 'agree');
    await stage.faults({ foreign_order: true });
    stage.pass(366 * DAY);
    await stage.sandbox.deliverDue();
    expect(await fetchIt(id)).toMatchObject({ status: 'active', paid_count: 1 });
    await stage.faults({ reset: true });
    const [open] = await invoicesOf(id);
    // Somebody pays it with a card, and the money is not captured yet.
    const { payment } = await stage.play({ action: 'pay', orderId: open?.order_id, capture: false });
    stage.pass(DAY);
    await newNames();
    expect((await fetchIt(id)).paid_count).toBe(1);
    await stage.razorpay.payments.capture(payment.id, 100_000, 'INR');
    expect(await fetchIt(id)).toMatchObject({ status: 'active', paid_count: 2 });
    stage.pass(DAY);
    await newNames();
    expect(await invoicesOf(id)).toMatchObject([{ status: 'paid', payment_id: payment.id }, { status: 'paid' }]);
  });
});

describe('whoever may', () => {
  test('pauses and resumes it: nothing is charged meanwhile', async () => {
    const { id } = await make();
    await step(id, 'agree');
    await newNames();
    expect((await stage.razorpay.subscriptions.pause(id, { pause_at: 'now' })).status).toBe('paused');
    stage.pass(400 * DAY);
    expect(await newNames()).toEqual(['subscription.paused']);
    await step(id, 'resume');
    expect(await newNames()).toEqual(['subscription.resumed', ...CHARGED, 'subscription.charged']);
  });

  test('cancels it, by the API at once or at the end of the cycle, or in the UPI app; and never twice', async () => {
    const [first, second, third] = [await make(), await make(), await make()];
    for (const { id } of [first, second, third]) await step(id, 'agree');
    await newNames();
    expect((await stage.razorpay.subscriptions.cancel(first.id)).status).toBe('cancelled');
    expect((await stage.razorpay.subscriptions.cancel(second.id, true)).status).toBe('active');
    expect((await step(third.id, 'cancel')).subscription.status).toBe('cancelled');
    expect(await newNames()).toEqual(['subscription.cancelled', 'subscription.cancelled']);
    stage.pass(366 * DAY);
    expect(await newNames()).toEqual(['subscription.cancelled']);
    for (const { id } of [first, second, third])
      expect(await fetchIt(id)).toMatchObject({ status: 'cancelled', paid_count: 1 });
    await expect(stage.razorpay.subscriptions.cancel(first.id)).rejects.toMatchObject({
      statusCode: 400,
      error: { description: 'Subscription is not cancellable in cancelled status.' },
    });
  });

  test('halts it, and comes back by paying', async () => {
    const { id } = await make();
    await step(id, 'agree');
    await step(id, 'halt');
    expect((await fetchIt(id)).status).toBe('halted');
    await step(id, 'charge');
    expect((await fetchIt(id)).status).toBe('active');
  });
});

test('lists hold what was made, newest first, with its notes; what is young is missing under the lag', async () => {
  const [older, younger] = [await make(), await make()];
  const { items } = await stage.razorpay.subscriptions.all({ plan_id: planId });
  expect(items.map(({ id }) => id)).toEqual([younger.id, older.id]);
  expect(items[0]?.notes).toEqual({ purchaseId: 'pur_1' });
  expect((await stage.razorpay.plans.all({})).items).toMatchObject([{ id: planId, period: 'yearly' }]);
  await stage.faults({ order_list_lag_seconds: 60 });
  expect((await stage.razorpay.subscriptions.all({})).count).toBe(0);
  await expect(fetchIt('sub_00000000000000')).rejects.toMatchObject({ statusCode: 400 });
});
