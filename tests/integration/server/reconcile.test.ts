// Money that nobody told us of is found, by looks at fixed times and by the operator at once; and what cannot be right is
// an alarm.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { adminToken } from '../admin/operator.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { alarmsAbout, day, hour, minute, pass, reconcile } from './passing.ts';
import { type Counter, orderOf, type Started, started } from './started.ts';
import { eventBody, nextPaymentId, post, tell } from './webhooks.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started({ ADMIN_TOKEN: adminToken });
});
beforeEach(async () => {
  counter = await server.signUp();
  await server.fault({ reset: true });
  // Past whatever time the circuit stays open for.
  server.clock.advance(minute);
  await server.settle();
});
afterAll(() => server.dispose());

/** Pays the order, and no webhook of it is ever delivered. */
async function payUnheard(purchase: Purchase, more: Record<string, unknown> = {}): Promise<void> {
  await server.fault({ webhook_drop: true });
  await server.play(orderOf(purchase), 'pay', more);
  await server.fault({ webhook_drop: false });
}
const facts = async () => {
  const [row] = await server.sql(
    `select (select count(*)::int from billing_payment where org_id = $1) as payments,
       (select count(*)::int from billing_invoice where org_id = $1) as invoices,
       (select count(*)::int from credits_ledger where org_id = $1) as entries`,
    [counter.orgId],
  );
  return row;
};

test('a payment whose webhook never came settles one minute after the order, once', async () => {
  const plan = await counter.buyPlan();
  await payUnheard(plan);
  await pass(server, minute - 1);
  expect((await counter.purchase(plan.id)).state).toBe('awaiting_payment');
  await pass(server, 1);
  expect((await counter.purchase(plan.id)).state).toBe('paid');
  expect(await facts()).toEqual({ payments: 1, invoices: 1, entries: 1 });
  await reconcile(server);
  await pass(server, hour);
  expect(await facts()).toEqual({ payments: 1, invoices: 1, entries: 1 });
  expect((await counter.status()).credits.balance).toBe(50_000);
});

test.each(['cancelled', 'expired'] as const)(
  'a %s purchase that is paid late is found within the hour',
  async (end) => {
    const plan = await counter.buyPlan();
    if (end === 'cancelled') await counter.request('POST', `/api/billing/purchases/${plan.id}/cancel`);
    await pass(server, 4 * day + 10 * minute);
    expect((await counter.purchase(plan.id)).state).toBe(end);
    await payUnheard(plan);
    await pass(server, 49 * minute);
    expect((await counter.purchase(plan.id)).state).toBe(end);
    await pass(server, minute);
    expect((await counter.purchase(plan.id)).state).toBe('paid');
  },
);

test('after day 5 nobody looks but the operator, whatever the age', async () => {
  const plan = await counter.buyPlan();
  await pass(server, 5 * day);
  await payUnheard(plan);
  for (let look = 0; look < 5; look += 1) await pass(server, 2 * day);
  expect((await counter.purchase(plan.id)).state).toBe('expired');
  const answer = await reconcile(server);
  expect(answer).toMatchObject({ status: 200, body: { settled: 1 } });
  expect(answer.body.looked).toBeGreaterThan(0);
  expect((await counter.purchase(plan.id)).state).toBe('paid');
  expect(await reconcile(server)).toMatchObject({ body: { looked: answer.body.looked - 1, settled: 0 } });
});

test('reading a purchase looks at nothing; the way back from the pay page looks at once', async () => {
  const plan = await counter.buyPlan();
  await payUnheard(plan);
  expect((await counter.purchase(plan.id)).state).toBe('awaiting_payment');
  expect((await counter.status()).plan).toBeNull();
  const { pathname, search } = new URL(plan.checkoutUrl ?? '');
  await server.request('POST', `${pathname}/return${search}`);
  expect((await counter.purchase(plan.id)).state).toBe('paid');
});

test('an operator’s two runs at once are one', async () => {
  await counter.buyPlan();
  const [first, second] = await Promise.all([reconcile(server), reconcile(server)]);
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(second.body).toEqual(first.body);
});

test('while the provider is away nothing is lost: looks go on, also past the last one, until it answers', async () => {
  const plan = await counter.buyPlan();
  await pass(server, 5 * day - hour);
  await payUnheard(plan);
  await server.fault({ api_500: true });
  for (let look = 0; look < 20; look += 1) await pass(server, 6 * minute);
  expect(await reconcile(server)).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
  expect((await counter.purchase(plan.id)).state).toBe('expired');
  await server.fault({ reset: true });
  // After an outage one call at a time is let through: the first may be about the purchase of the test before.
  for (let look = 0; look < 2; look += 1) await pass(server, 6 * minute);
  expect((await counter.purchase(plan.id)).state).toBe('paid');
});

test('a look that no answer came to for a day is an alarm, and the operator finds the money', async () => {
  const plan = await counter.buyPlan();
  await pass(server, 5 * day - hour);
  await payUnheard(plan);
  await server.fault({ api_429: true });
  await pass(server, hour);
  await pass(server, day - 1);
  expect(await alarmsAbout(server, 'look_up_failed', plan.id)).toEqual([]);
  await pass(server, minute);
  expect(await alarmsAbout(server, 'look_up_failed', plan.id)).toMatchObject([{ times: 1, orgId: counter.orgId }]);
  await server.fault({ reset: true });
  await pass(server, day);
  expect((await counter.purchase(plan.id)).state).toBe('expired');
  expect(await reconcile(server)).toMatchObject({ body: { settled: 1 } });
});

test('an order that the provider refuses to show is an alarm of the operator’s own run as well', async () => {
  const topup = await counter.buyPlan();
  await server.sql("update purchase set provider_order_id = 'order_OfAnother0001' where purchase_id = $1", [topup.id]);
  expect((await reconcile(server)).body.looked).toBeGreaterThanOrEqual(1);
  expect(await alarmsAbout(server, 'look_up_failed', topup.id)).toHaveLength(1);
  await server.sql("update purchase set state = 'cancelled', provider_order_id = null where purchase_id = $1", [
    topup.id,
  ]);
});

test('an amount that does not fit stays under review, found by a look and however often', async () => {
  const plan = await counter.buyPlan();
  await server.fault({ wrong_amount: true });
  await payUnheard(plan);
  await pass(server, minute);
  expect((await counter.purchase(plan.id)).state).toBe('under_review');
  await reconcile(server);
  await pass(server, hour);
  expect((await counter.purchase(plan.id)).state).toBe('under_review');
  expect(await facts()).toEqual({ payments: 1, invoices: 0, entries: 0 });
});

test('a second plan that was paid unheard goes back by itself', async () => {
  const first = await counter.buyPlan();
  await counter.request('POST', `/api/billing/purchases/${first.id}/cancel`);
  const second = await counter.buyPlan();
  await server.play(orderOf(second), 'pay');
  await payUnheard(first);
  await pass(server, minute);
  await server.settle();
  expect((await counter.purchase(second.id)).state).toBe('paid');
  expect((await counter.purchase(first.id)).state).toBe('refunded');
});

test('a failed attempt is shown once, and no look makes news of it again', async () => {
  const plan = await counter.buyPlan();
  await server.fault({ webhook_drop: true });
  await server.play(orderOf(plan), 'fail');
  await pass(server, minute);
  const failure = (await counter.purchase(plan.id)).lastFailure;
  expect(failure).not.toBeNull();
  await pass(server, hour);
  expect((await counter.purchase(plan.id)).lastFailure).toEqual(failure);
});

describe('webhooks', () => {
  const seen = async (purchase: Purchase) =>
    (
      await server.sql('select settled_by as by, webhook_seen as seen from purchase where purchase_id = $1', [
        purchase.id,
      ])
    )[0];

  test('that never come for a paid order are an alarm ten minutes after it was found, once', async () => {
    const plan = await counter.buyPlan();
    await payUnheard(plan);
    await pass(server, minute);
    expect(await seen(plan)).toEqual({ by: 'look_up', seen: null });
    await pass(server, 10 * minute - 1);
    expect(await alarmsAbout(server, 'no_webhook', plan.id)).toEqual([]);
    await pass(server, 1);
    expect(await alarmsAbout(server, 'no_webhook', plan.id)).toMatchObject([{ times: 1, orgId: counter.orgId }]);
    expect(await seen(plan)).toEqual({ by: 'look_up', seen: false });
    await pass(server, 2 * day);
    await reconcile(server);
    expect(await alarmsAbout(server, 'no_webhook', plan.id)).toMatchObject([{ times: 1 }]);
  });

  test('that come late are none', async () => {
    const plan = await counter.buyPlan();
    await server.fault({ webhook_delay_seconds: 300 });
    await server.play(orderOf(plan), 'pay');
    await pass(server, minute);
    expect((await counter.purchase(plan.id)).state).toBe('paid');
    await pass(server, 5 * minute);
    await pass(server, 10 * minute);
    expect(await alarmsAbout(server, 'no_webhook', plan.id)).toEqual([]);
    expect(await seen(plan)).toEqual({ by: 'look_up', seen: true });
  });

  test('whose money the provider does not have are an alarm an hour later, and one whose money it has are none', async () => {
    const forged = await counter.buyPlan();
    const honest = await (await server.signUp()).ownPlan();
    const paymentId = nextPaymentId();
    await tell(server, { orderId: orderOf(forged), event: 'payment.captured', paymentId, amount: 1_500_000 });
    await server.settle();
    expect((await counter.purchase(forged.id)).state).toBe('paid');
    await pass(server, hour);
    expect(await alarmsAbout(server, 'effect_without_money', forged.id)).toMatchObject([
      { times: 1, orgId: counter.orgId, details: { paymentId, amountPaise: 1_500_000, seen: [] } },
    ]);
    expect(await alarmsAbout(server, 'effect_without_money', honest.id)).toEqual([]);
    await pass(server, day);
    expect(await alarmsAbout(server, 'effect_without_money', forged.id)).toMatchObject([{ times: 1 }]);
  });

  test('with a wrong signature are one alarm of the provider, counted at most once a minute', async () => {
    const plan = await counter.buyPlan();
    const told = { orderId: orderOf(plan), event: 'payment.captured', paymentId: nextPaymentId(), amount: 1 };
    const forge = () => post(server, eventBody(server.clock.now(), told), { 'x-razorpay-signature': 'f'.repeat(64) });
    await changesNothing(server, async () => {
      for (let time = 0; time < 3; time += 1) expect((await forge()).status).toBe(400);
    });
    await server.settle();
    const [first] = await alarmsAbout(server, 'signature_failures', 'sandbox');
    expect(first).toMatchObject({ orgId: null, times: 1, details: { failures: 3 } });
    await forge();
    await pass(server, minute - 1);
    expect(await alarmsAbout(server, 'signature_failures', 'sandbox')).toEqual([first]);
    await pass(server, 1);
    expect(await alarmsAbout(server, 'signature_failures', 'sandbox')).toMatchObject([
      { times: 2, details: { failures: 1 } },
    ]);
    await pass(server, hour);
    expect(await alarmsAbout(server, 'signature_failures', 'sandbox')).toMatchObject([{ times: 2 }]);
  });
});

test('every answer kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
