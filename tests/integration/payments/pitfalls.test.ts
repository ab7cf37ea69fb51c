// The pitfalls that engineers reported of taking payments, one test each, by the names under which they were reported: first
// those of news that comes twice, late, early, or not at all.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { changesNothing } from '../server/facts.ts';
import { ordersFor } from '../server/orders.ts';
import { alarmsAbout, minute, pass, reconcile } from '../server/passing.ts';
import { type Counter, orderOf, type Started, uniqueKey } from '../server/started.ts';
import { eventBody, nextPaymentId, post, secretOf, signatureOf, tell } from '../server/webhooks.ts';
import { type Money, money } from './money.ts';
import { comeBack, given, inboxOf, stuck, webhooks } from './played.ts';

let world: Money;
let server: Started;
let counter: Counter;
beforeAll(async () => {
  world = await money();
  server = world.server;
});
beforeEach(async () => {
  counter = await world.owner();
});
afterEach(async () => {
  await server.fault({ reset: true });
  await world.expectBooksRight();
});
afterAll(() => server.dispose());

const planOnly = { payments: 1, documents: 1, entries: 1, credits: 50_000 };
const withOnePack = { payments: 2, documents: 2, entries: 2, credits: 100_000 };
const captured = (purchase: Purchase, paymentId = nextPaymentId()) => ({
  orderId: orderOf(purchase),
  event: 'payment.captured',
  paymentId,
  amount: purchase.amountPaise,
});

test('verify callback + webhook race -> double order/grant: one order, one grant, whoever is first', async () => {
  for (let round = 1; round <= 5; round += 1) {
    const topup = await counter.topUp(1);
    await server.fault({ webhook_hold: true });
    await server.play(orderOf(topup), 'pay');
    await server.fault({ webhook_hold: false });
    const racing = [webhooks(server, 'deliver'), server.settle(), reconcile(server)];
    const back = await Promise.all(Array.from({ length: 5 }, () => comeBack(server, topup)));
    await Promise.all(racing);
    await server.settle();
    expect(back.map(({ status }) => status)).toEqual(Array(5).fill(303));
    expect(await stuck(server, orderOf(topup))).toEqual([]);
    const expected = { payments: 1 + round, documents: 1 + round, entries: 1 + round, credits: 50_000 * (1 + round) };
    expect(await given(server, counter)).toEqual(expected);
    expect(await ordersFor(server, topup.id)).toHaveLength(1);
  }
});

test('payment.captured AND order.paid both grant: two events of one payment grant once', async () => {
  const topup = await counter.topUp(1);
  await server.play(orderOf(topup), 'pay');
  await server.settle();
  const told = await inboxOf(server, orderOf(topup));
  expect(told.map(({ event }) => event)).toEqual(expect.arrayContaining(['payment.captured', 'order.paid']));
  expect(told.map(({ state }) => state)).toEqual(told.map(() => 'applied'));
  expect(await given(server, counter)).toEqual(withOnePack);
});

test('duplicate event adds credits: the same event, and the same money under other events, adds nothing', async () => {
  const topup = await counter.topUp(1);
  const body = eventBody(server.clock.now(), captured(topup));
  const same = { 'x-razorpay-event-id': 'evtDuplicate01' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(server, body, same)));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(await inboxOf(server, orderOf(topup))).toHaveLength(1);
  // The same money under other event ids, and with none.
  for (const headers of [{}, {}, { 'x-razorpay-event-id': '' }]) await post(server, body, headers);
  await Promise.all([server.settle(), server.settle()]);
  await post(server, body, same);
  await server.settle();
  expect(await stuck(server, orderOf(topup))).toEqual([]);
  expect(await given(server, counter)).toEqual(withOnePack);
});

test('retried "succeeded" re-credits after refund: what was refunded is never paid again', async () => {
  const topup = await world.paidTopUp(counter);
  await world.act({ action: 'refund', paymentId: topup.paymentId });
  expect((await counter.purchase(topup.id)).state).toBe('refunded');
  const after = { payments: 2, documents: 3, entries: 3, credits: 50_000 };
  expect(await given(server, counter)).toEqual(after);
  const told = captured(topup, topup.paymentId);
  for (const event of ['payment.captured', 'order.paid', 'payment.authorized']) await tell(server, { ...told, event });
  await server.settle();
  expect((await comeBack(server, topup)).status).toBe(303);
  await reconcile(server);
  expect(await stuck(server, orderOf(topup))).toEqual([]);
  expect((await counter.purchase(topup.id)).state).toBe('refunded');
  expect(await given(server, counter)).toEqual(after);
});

test('refund arrives before captured and is dropped: both orders of telling end the same', async () => {
  const ends: unknown[] = [];
  for (const early of [true, false]) {
    await server.fault({ reset: true });
    const org = await world.owner();
    const topup = await org.topUp(1);
    await server.fault({ refund_before_captured: early });
    const { payment } = await world.act<{ payment: { id: string } }>({ action: 'pay', orderId: orderOf(topup) });
    if (!early) await world.act({ action: 'refund', paymentId: payment.id });
    const { state, refundedPaise } = await org.purchase(topup.id);
    const kinds = (await world.documents(topup)).map(({ kind }) => kind);
    ends.push({ state, refundedPaise, kinds, entries: await world.entries(org) });
  }
  expect(ends[0]).toEqual({
    state: 'refunded',
    refundedPaise: 250_000,
    kinds: ['invoice', 'credit_note'],
    entries: ['monthly_grant 50000', 'topup 50000', 'reversal -50000'],
  });
  expect(ends[1]).toEqual(ends[0]);
});

test('webhook arrives before our row exists, handler answers 200 -> lost: it is kept, and applied once the order is known', async () => {
  // The order is made, its answer is lost, and the list does not show it yet: nobody here knows whose the money is.
  await server.fault({ api_reset_after_commit: 1, order_list_lag_seconds: 3_600 });
  const key = uniqueKey();
  const ask = () => counter.request<Purchase>('POST', '/api/billing/credits/topup', { body: { packs: 1 }, key });
  expect((await ask()).status).toBe(503);
  await server.fault({ reset: true });
  const { body } = await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases?state=awaiting_payment');
  const [waiting] = body.items;
  expect(waiting).toMatchObject({ providerOrderId: null });
  const [order] = await ordersFor(server, waiting?.id ?? '');
  await tell(server, { ...captured({ ...waiting, providerOrderId: order?.id } as Purchase), amount: 250_000 });
  await server.settle();
  expect(await given(server, counter)).toEqual(planOnly);
  expect(await inboxOf(server, order?.id ?? '')).toMatchObject([{ state: 'pending', reason: 'order not known yet' }]);
  // No second webhook: the kept one takes effect as soon as the order is known.
  expect((await ask()).body).toMatchObject({ id: waiting?.id, providerOrderId: order?.id });
  await server.settle();
  expect((await counter.purchase(waiting?.id ?? '')).state).toBe('paid');
  expect(await given(server, counter)).toEqual(withOnePack);
});

test('missing webhooks: the money is found by asking about the order, a minute after it was made', async () => {
  const topup = await counter.topUp(1);
  // The list of payments lags as well; the order itself is asked about.
  await server.fault({ webhook_drop: true, order_list_lag_seconds: 600 });
  await server.play(orderOf(topup), 'pay');
  await pass(server, minute - 1);
  expect((await counter.purchase(topup.id)).state).toBe('awaiting_payment');
  await pass(server, 1);
  expect((await counter.purchase(topup.id)).state).toBe('paid');
  expect(await given(server, counter)).toEqual(withOnePack);
});

test('endpoint auto-disabled: what was stored counts, what comes after is found by asking, and an operator is told', async () => {
  const topup = await counter.topUp(1);
  // A day in which no try was heard: the provider gives up on the address.
  await server.fault({ webhook_never_heard: true });
  await server.play(orderOf(topup), 'pay');
  let endpoint = { disabled: false };
  for (let tries = 0; tries < 30 && !endpoint.disabled; tries += 1) ({ endpoint } = await webhooks(server, 'next'));
  expect(endpoint.disabled).toBe(true);
  await server.settle();
  expect(await given(server, counter)).toEqual(withOnePack);
  // From then on nothing is told: money is found all the same, and an operator hears of it.
  const unheard = await counter.topUp(1);
  await server.play(orderOf(unheard), 'pay');
  await pass(server, minute);
  expect((await counter.purchase(unheard.id)).state).toBe('paid');
  expect(await alarmsAbout(server, 'no_webhook', unheard.id)).toHaveLength(0);
  await pass(server, 10 * minute);
  expect(await alarmsAbout(server, 'no_webhook', unheard.id)).toHaveLength(1);
  await webhooks(server, 'enable');
});

test('signature fails on parsed body: the bytes are verified and kept as they came', async () => {
  const topup = await counter.topUp(1);
  // What JSON.parse and JSON.stringify do not give back: blanks, escapes, the way a number is written, a key that comes twice.
  const told = eventBody(server.clock.now(), captured(topup));
  const raw = told.replace('{', '{ "note" : "\\u20b9 2,500\\/-", "rate": 1.50e1, "event": "payment.captured",\r\n');
  const again = JSON.stringify(JSON.parse(raw));
  expect(again).not.toBe(raw);
  const headers = { 'x-razorpay-signature': signatureOf(raw, secretOf(server)) };
  expect((await changesNothing(server, () => post(server, again, headers))).status).toBe(400);
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
    expect((await post(server, raw, { ...headers, 'content-type': type })).status).toBe(200);
  }
  await server.settle();
  const kept = await inboxOf(server, orderOf(topup));
  expect(kept.map(({ body }) => body.toString('utf8'))).toEqual([raw, raw, raw]);
  expect(await given(server, counter)).toEqual(withOnePack);
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
