// When the provider is asked, how often, by which process, and what for: with a provider that counts the questions.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { adminToken } from '../admin/operator.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { alarmsAbout, day, hour, minute, pass, reconcile } from './passing.ts';
import { type ScriptedProvider, scriptedProvider, settingsFor } from './scripted-provider.ts';
import { type Counter, orderOf, type Started, started, uniqueKey } from './started.ts';
import { nextPaymentId, tell } from './webhooks.ts';

let provider: ScriptedProvider;
let server: Started;
/** Has bought the plan, and may buy top-ups, as many as a test needs. */
let owner: Counter;
let counter: Counter;
beforeAll(async () => {
  provider = await scriptedProvider();
  server = await started({ ...settingsFor(provider), ADMIN_TOKEN: adminToken });
  owner = await server.signUp();
  paid(await owner.buyPlan());
  await pass(server, minute);
});
beforeEach(async () => {
  Object.assign(provider, { create: 'answer', find: 'answer' });
  server.clock.advance(20 * day);
  await server.settle();
  counter = await server.signUp();
});
afterAll(async () => {
  await server.dispose();
  await provider.close();
});
const looksAt = (orderId: string) => provider.asked.filter((one) => one === `GET /v1/orders/${orderId}`).length;
const buyWith = (key: string) => counter.request<Purchase>('POST', '/api/billing/plan/purchase', { body: {}, key });
const purchaseOf = async () => {
  const { body } = await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases');
  const [only] = body.items;
  if (only === undefined || body.items.length > 1) throw new Error('not one purchase');
  return only;
};
/** The provider says that this was paid. */
function paid(purchase: Purchase): void {
  const payment = { id: nextPaymentId(), order_id: orderOf(purchase), amount: purchase.amountPaise };
  provider.payments.push({ ...payment, status: 'captured' });
}
const lastReceipt = () => provider.orders.at(-1)?.receipt ?? '';

test('an order is looked at after 1, 5 and 15 minutes, then at each full hour to day 5, and no more', async () => {
  const orderId = orderOf(await counter.buyPlan());
  const times = [1, 5, 15, ...Array.from({ length: 120 }, (_, index) => (index + 1) * 60)];
  const began = server.clock.now().getTime();
  const wrong: string[] = [];
  for (const [before, minutes] of times.entries()) {
    server.clock.set(new Date(began + minutes * minute - 1).toISOString());
    await server.settle();
    if (looksAt(orderId) !== before) wrong.push(`${looksAt(orderId)} looks before minute ${minutes}`);
    await pass(server, 1);
    if (looksAt(orderId) !== before + 1) wrong.push(`${looksAt(orderId)} looks at minute ${minutes}`);
  }
  expect(wrong).toEqual([]);
  await pass(server, 10 * day);
  expect(looksAt(orderId)).toBe(123);
});

test('two processes at once make each look once', async () => {
  const other = await started(
    { ...settingsFor(provider), ADMIN_TOKEN: adminToken, DATABASE_URL: server.databaseUrl },
    server.clock,
  );
  try {
    const orders: string[] = [];
    for (let at = 0; at < 12; at += 1) orders.push(orderOf(await owner.topUp(1)));
    server.clock.advance(minute);
    await Promise.all([server.settle(), other.settle()]);
    expect(orders.map(looksAt)).toEqual(orders.map(() => 1));
  } finally {
    await other.dispose();
  }
});

test('a look whose process ended is made again', async () => {
  const plan = await counter.buyPlan();
  server.clock.advance(minute);
  // Taken, and nothing after it: as if the process had ended while it asked.
  provider.find = 'hold';
  const cut = server.settle();
  await expect.poll(() => looksAt(orderOf(plan))).toBe(1);
  const [taken] = await server.sql<{ at: Date }>('select next_look_at as at from purchase where purchase_id = $1', [
    plan.id,
  ]);
  expect(taken?.at.getTime()).toBe(server.clock.now().getTime() + 5 * minute);
  provider.find = 'answer';
  provider.letGo();
  await cut;
  const lease = new Date(server.clock.now().getTime() + 5 * minute);
  await server.sql('update purchase set next_look_at = $2, looks = 0 where purchase_id = $1', [plan.id, lease]);
  await pass(server, 5 * minute);
  expect(looksAt(orderOf(plan))).toBe(2);
});

test('a provider that does not answer is asked a few times in a run, and not about everything', async () => {
  for (let at = 0; at < 12; at += 1) await owner.topUp(1);
  provider.find = 'fail';
  const before = provider.asked.length;
  await pass(server, minute);
  expect(provider.asked.length - before).toBeLessThanOrEqual(7);
  expect(provider.asked.length - before).toBeGreaterThanOrEqual(4);
  provider.find = 'answer';
  expect((await counter.buyPlan()).providerOrderId).not.toBeNull();
});

test('an order whose making nobody answered is found by its receipt, and paid with it', async () => {
  Object.assign(provider, { create: 'lose', find: 'fail' });
  expect((await buyWith(uniqueKey())).status).toBe(503);
  const purchase = await purchaseOf();
  expect(purchase.providerOrderId).toBeNull();
  const order = provider.orders.at(-1);
  provider.payments.push({ id: nextPaymentId(), order_id: order?.id ?? '', amount: 1_500_000, status: 'captured' });
  Object.assign(provider, { create: 'answer', find: 'answer' });
  await pass(server, minute);
  expect(await purchaseOf()).toMatchObject({ state: 'paid', providerOrderId: order?.id });
  expect(await alarmsAbout(server, 'order_unknown', purchase.id)).toEqual([]);
});

test('an order that is not found in an hour is an alarm, once; by the operator’s run it is found at any age', async () => {
  Object.assign(provider, { create: 'lose', find: 'fail' });
  await buyWith(uniqueKey());
  const purchase = await purchaseOf();
  const order = provider.orders.pop();
  Object.assign(provider, { create: 'answer', find: 'answer' });
  await pass(server, minute);
  await pass(server, 4 * minute);
  await pass(server, 10 * minute);
  expect(await alarmsAbout(server, 'order_unknown', purchase.id)).toEqual([]);
  await pass(server, 45 * minute);
  expect(await alarmsAbout(server, 'order_unknown', purchase.id)).toMatchObject([
    { times: 1, orgId: counter.orgId, details: { receipt: order?.receipt } },
  ]);
  for (let look = 0; look < 3; look += 1) await pass(server, hour);
  expect(await alarmsAbout(server, 'order_unknown', purchase.id)).toMatchObject([{ times: 1 }]);
  await pass(server, 10 * day);
  if (order !== undefined) provider.orders.push(order);
  const paymentId = nextPaymentId();
  provider.payments.push({ id: paymentId, order_id: order?.id ?? '', amount: 1_500_000, status: 'captured' });
  expect(await reconcile(server)).toMatchObject({ body: { settled: 1 } });
  expect(await purchaseOf()).toMatchObject({ state: 'paid', providerOrderId: order?.id });
});

test('an order that was certainly not made is not looked for', async () => {
  await provider.close();
  try {
    expect((await buyWith(uniqueKey())).status).toBe(503);
  } finally {
    await provider.open();
  }
  const purchase = await purchaseOf();
  server.clock.advance(minute);
  const before = provider.asked.length;
  for (const time of [0, 10, 60, 120]) await pass(server, time * minute);
  expect(provider.asked.length).toBe(before);
  expect(await alarmsAbout(server, 'order_unknown', purchase.id)).toEqual([]);
});

test('a second order with the receipt of a purchase is an alarm', async () => {
  const key = uniqueKey();
  Object.assign(provider, { create: 'lose', find: 'fail' });
  await buyWith(key);
  const lost = provider.orders.pop();
  Object.assign(provider, { create: 'answer', find: 'answer' });
  const made = await buyWith(key);
  expect(made.status).toBe(201);
  // The first one appears in the list after all. Ids tell the time, and it is the older one.
  if (lost !== undefined) provider.orders.unshift({ ...lost, id: 'order_LostAndFound01', receipt: lastReceipt() });
  await pass(server, minute);
  expect(await alarmsAbout(server, 'second_order', made.body.id)).toMatchObject([
    { times: 1, details: { orderId: made.body.providerOrderId, otherOrderId: 'order_LostAndFound01' } },
  ]);
});

test('a webhook’s money is confirmed an hour later: there with its amount, or an alarm', async () => {
  const [right, other] = [await owner.topUp(1), await owner.topUp(1)];
  for (const [purchase, shown] of [
    [right, 250_000],
    [other, 249_900],
  ] as const) {
    const paymentId = nextPaymentId();
    await tell(server, { orderId: orderOf(purchase), event: 'payment.captured', paymentId, amount: 250_000 });
    provider.payments.push({ id: paymentId, order_id: orderOf(purchase), amount: shown, status: 'captured' });
  }
  await server.settle();
  expect((await owner.purchase(other.id)).state).toBe('paid');
  provider.find = 'fail';
  await pass(server, hour);
  expect(await alarmsAbout(server, 'effect_without_money', other.id)).toEqual([]);
  provider.find = 'answer';
  await pass(server, 5 * minute);
  expect(await alarmsAbout(server, 'effect_without_money', other.id)).toMatchObject([
    { times: 1, details: { seen: [{ amountPaise: 249_900, status: 'captured' }] } },
  ]);
  expect(await alarmsAbout(server, 'effect_without_money', right.id)).toEqual([]);
});

test('an order that the provider refuses to show is an alarm', async () => {
  const plan = await counter.buyPlan();
  provider.orders.pop();
  await pass(server, minute);
  expect(await alarmsAbout(server, 'look_up_failed', plan.id)).toMatchObject([
    { times: 1, details: { orderId: plan.providerOrderId } },
  ]);
});

test('a mistake of ours at one purchase holds up no other, and is an alarm', async () => {
  const [bad, good] = [await counter.buyPlan(), await owner.topUp(1)];
  await server.sql(
    `alter table billing_payment add constraint test_fault check (provider_order_id <> '${orderOf(bad)}')`,
  );
  for (const purchase of [bad, good]) paid(purchase);
  await pass(server, minute);
  expect((await owner.purchase(good.id)).state).toBe('paid');
  expect(await alarmsAbout(server, 'look_up_failed', bad.id)).toMatchObject([{ times: 1 }]);
  expect(await reconcile(server)).toMatchObject({ status: 200, body: { settled: 0 } });
  await server.sql('alter table billing_payment drop constraint test_fault');
  await pass(server, 5 * minute);
  expect((await counter.purchase(bad.id)).state).toBe('paid');
});

test('every answer kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
