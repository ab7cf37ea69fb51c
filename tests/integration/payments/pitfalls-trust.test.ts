// The pitfalls that engineers reported of taking payments, one test each, by the names under which they were reported: these
// are of what is answered to the provider, and of words that were believed.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { changesNothing } from '../server/facts.ts';
import { ordersFor } from '../server/orders.ts';
import { alarmsAbout, hour, minute, pass, reconcile } from '../server/passing.ts';
import { type Counter, orderOf, type Started, uniqueKey } from '../server/started.ts';
import { eventBody, nextPaymentId, post, secretOf, signatureOf, tell } from '../server/webhooks.ts';
import { type Money, money } from './money.ts';
import { atCheckout, comeBack, given, inboxOf, stuck, webhooks, whileRefusing } from './played.ts';

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
const captured = (orderId: string, payment: Record<string, unknown> = {}) => ({
  orderId,
  event: 'payment.captured',
  paymentId: nextPaymentId(),
  amount: 250_000,
  payment,
});
const openAlarms = async () => {
  const [row] = await server.sql<{ count: number }>(
    'select count(*)::int as count from billing_alarm where closed_at is null',
  );
  return row?.count;
};

test('swallowing errors to "always 200": only what was stored is answered 200, and what then fails is tried again here', async () => {
  const topup = await counter.topUp(1);
  // What could not be stored was not received: the provider is told so, and its next try is taken.
  await whileRefusing(server, 'webhook_inbox', async () => {
    expect((await tell(server, captured(orderOf(topup)))).status).toBe(500);
    await server.play(orderOf(topup), 'pay');
    await server.settle();
  });
  expect(await inboxOf(server, orderOf(topup))).toEqual([]);
  // What was stored and could not take effect was received: trying it again is our own affair.
  await whileRefusing(server, 'billing_payment', async () => {
    expect(await webhooks(server, 'next')).toMatchObject({ failed: 0, endpoint: { disabled: false } });
    await server.settle();
    const states = (await inboxOf(server, orderOf(topup))).map(({ event, state }) => `${event} ${state}`);
    expect(states).toContain('payment.captured pending');
  });
  expect(await given(server, counter)).toEqual(planOnly);
  await pass(server, minute);
  expect(await given(server, counter)).toEqual(withOnePack);
});

test('forcing a retry with 404: whatever was signed is answered 200, and waits in our own queue', async () => {
  const noOrder = captured('order_OfNobody000001');
  const refund = { id: 'rfnd_OfNobody00001', payment_id: nextPaymentId(), amount: 100, status: 'processed' };
  const bodies = [
    eventBody(server.clock.now(), noOrder),
    eventBody(server.clock.now(), { ...noOrder, event: 'something.new' }),
    eventBody(server.clock.now(), { ...noOrder, payment: { amount: 'much' } }),
    JSON.stringify({ event: 'refund.processed', payload: { refund: { entity: { ...refund, currency: 'INR' } } } }),
    JSON.stringify({ event: 'payment.dispute.lost', payload: {} }),
    JSON.stringify({ entity: 'of nothing' }),
    'no JSON',
  ];
  for (const body of bodies) expect((await post(server, body)).status).toBe(200);
  // A payment that nobody knows yet waits in our own queue, and is tried again there.
  await server.settle();
  expect(await inboxOf(server, refund.payment_id)).toMatchObject([{ state: 'pending' }]);
  for (const body of bodies) expect((await post(server, body)).status).toBe(200);
});

test('trusting the signature as "paid": only captured money is paid', async () => {
  const topup = await counter.topUp(1);
  // Signed by the provider with our own key, and the money is only set aside at the bank.
  await server.fault({ webhook_drop: true });
  const { checkout, payment } = await atCheckout(server, {
    action: 'pay',
    orderId: orderOf(topup),
    capture: false,
  });
  expect(checkout).toHaveProperty('razorpay_signature');
  expect(payment.status).toBe('authorized');
  expect((await comeBack(server, topup, checkout as Record<string, string>)).status).toBe(303);
  await tell(server, captured(orderOf(topup), { status: 'authorized', captured: false }));
  await reconcile(server);
  expect((await counter.purchase(topup.id)).state).toBe('awaiting_payment');
  expect(await given(server, counter)).toEqual(planOnly);
});

test('client marks payment failed, reconciler skips it: a failure ends nothing, and the late money is found', async () => {
  const topup = await counter.topUp(1);
  const failed = await atCheckout(server, { action: 'fail', orderId: orderOf(topup) });
  await server.settle();
  const { lastFailure } = await counter.purchase(topup.id);
  expect(lastFailure).not.toBeNull();
  // Whatever a browser or a counter says of it ends nothing.
  const error = { 'error[code]': 'BAD_REQUEST_ERROR', 'error[reason]': 'payment_failed' };
  await comeBack(server, topup, error);
  const path = `/api/billing/purchases/${topup.id}`;
  for (const method of ['PATCH', 'PUT', 'POST']) {
    expect((await counter.request(method, path, { body: { state: 'failed' } })).status).toBe(404);
  }
  expect((await counter.purchase(topup.id)).state).toBe('awaiting_payment');
  // The bank pays after all, and nobody tells.
  await server.fault({ webhook_drop: true });
  await atCheckout(server, { action: 'authorise_late', paymentId: failed.payment.id });
  await pass(server, hour);
  expect((await counter.purchase(topup.id)).state).toBe('paid');
  expect(await given(server, counter)).toEqual(withOnePack);
});

test('amount attack / amount drift / currency mismatch: the price is the server’s, and other money is kept aside with an alarm', async () => {
  // A price that the client sends is what it was shown, never what it pays.
  const wish = { packs: 2, amountPaise: 100, unitPaise: 50, price: 1, credits: 9_000_000 };
  const asked = await counter.request<Purchase>('POST', '/api/billing/credits/topup', {
    body: wish,
    key: uniqueKey(),
  });
  expect(asked.body).toMatchObject({ amountPaise: 500_000, credits: 100_000 });
  expect(await ordersFor(server, asked.body.id)).toMatchObject([{ amount: 500_000 }]);
  const cheap = { body: { packs: 1, expectedAmountPaise: 100 }, key: uniqueKey() };
  await changesNothing(server, async () =>
    expect(await counter.request('POST', '/api/billing/credits/topup', cheap)).toMatchObject({
      status: 409,
      body: { error: { code: 'price_changed' } },
    }),
  );
  // Money of another sum or currency is kept and told to a person: no grant, no silent drop.
  for (const [fault, kind] of [
    ['wrong_amount', 'amount_mismatch'],
    ['wrong_currency', 'currency_mismatch'],
  ] as const) {
    const topup = await counter.topUp(1);
    await server.fault({ [fault]: 1 });
    const { payment } = await atCheckout(server, { action: 'pay', orderId: orderOf(topup) });
    await server.settle();
    expect((await counter.purchase(topup.id)).state).toBe('under_review');
    expect(await alarmsAbout(server, kind, `payment ${payment.id}`)).toHaveLength(1);
  }
  expect(await given(server, counter)).toEqual({ ...planOnly, payments: 3 });
});

test('float money: every sum is a whole number of paise, and none is rounded to fit', async () => {
  // No column can hold a fraction, so no sum in the books can.
  const fractions = await server.sql(
    `select table_name, column_name from information_schema.columns where table_schema = 'public'
     and data_type in ('real', 'double precision', 'numeric', 'money')`,
  );
  expect(fractions).toEqual([]);
  for (const packs of [1, 3, 7, 20]) {
    const topup = await world.paidTopUp(counter, packs);
    const [invoice] = await world.documents(topup);
    const { taxablePaise, cgstPaise, sgstPaise, igstPaise, totalPaise } = invoice ?? {};
    const parts = [taxablePaise, cgstPaise, sgstPaise, igstPaise].map((part) => part ?? 0);
    expect([...parts, totalPaise].every(Number.isSafeInteger)).toBe(true);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(totalPaise);
    expect([totalPaise, topup.amountPaise]).toEqual([packs * 250_000, packs * 250_000]);
  }
  // A sum that is no whole number of paise is not rounded to one that fits.
  const before = await given(server, counter);
  const topup = await counter.topUp(1);
  for (const amount of [249_999.999_999_9, 250_000.4, '250000.00', '2500.00', 2.5e5 + 1e-9]) {
    await tell(server, captured(orderOf(topup), { amount }));
  }
  await server.settle();
  expect((await counter.purchase(topup.id)).state).not.toBe('paid');
  expect((await given(server, counter)).credits).toBe(before.credits);
});

test('replay of a valid signature for another order/user: one payment pays one purchase', async () => {
  const mine = await counter.topUp(1);
  const { checkout, payment } = await atCheckout(server, { action: 'pay', orderId: orderOf(mine) });
  await server.settle();
  const [told] = (await inboxOf(server, orderOf(mine))).filter(({ event }) => event === 'payment.captured');
  const stranger = await world.owner();
  const theirs = await stranger.topUp(1);
  const next = await counter.topUp(1);
  // The very bytes that were signed, as often as one likes; the values of the checkout, at every other purchase.
  const headers = { 'x-razorpay-signature': signatureOf(told?.body.toString('utf8') ?? '', secretOf(server)) };
  for (let replayed = 0; replayed < 3; replayed += 1) await post(server, told?.body.toString('utf8') ?? '', headers);
  for (const purchase of [theirs, next]) await comeBack(server, purchase, checkout as Record<string, string>);
  // And the money of one order, told of another: it is one payment, whoever says whose.
  for (const purchase of [theirs, next]) {
    await tell(server, { ...captured(orderOf(purchase)), paymentId: payment.id });
  }
  await server.settle();
  await reconcile(server);
  expect(await stuck(server, orderOf(next))).toEqual([]);
  expect(await given(server, counter)).toEqual(withOnePack);
  expect(await given(server, stranger)).toEqual(planOnly);
  expect((await counter.purchase(next.id)).state).toBe('awaiting_payment');
  expect((await stranger.purchase(theirs.id)).state).toBe('awaiting_payment');
  expect((await stranger.request('GET', `/api/billing/purchases/${mine.id}`)).status).toBe(404);
  // What says that another's money is theirs never takes effect, and a person is told at once; trying again cannot help.
  expect(await world.alarms(stranger)).toEqual(['money_without_effect']);
  expect(await world.alarms(counter)).toContain('money_without_effect');
  for (let tries = 0; tries < 12; tries += 1) await pass(server, hour);
  expect(await stuck(server, orderOf(theirs))).toEqual([]);
  expect(await world.alarms(stranger)).toEqual(['money_without_effect']);
  expect((await stranger.purchase(theirs.id)).state).toBe('awaiting_payment');
});

test('notes used as authority: whose money it is, the order alone says', async () => {
  const stranger = await world.owner();
  const theirs = await stranger.topUp(1);
  const mine = await counter.topUp(1);
  const notes = {
    purchaseId: theirs.id,
    orgId: stranger.orgId,
    sku: 'topup.50k',
    receipt: theirs.id,
    credits: '9000000',
  };
  // Money of another product whose notes name our purchase, and money of one purchase whose notes name another.
  await tell(server, captured('order_Product2000001', { notes }));
  await tell(server, captured(orderOf(mine), { notes }));
  await server.settle();
  expect(await given(server, counter)).toEqual(withOnePack);
  expect(await given(server, stranger)).toEqual(planOnly);
  expect((await stranger.purchase(theirs.id)).state).toBe('awaiting_payment');
});

test('several endpoints / products on one account: another product’s money is stored, answered 200 and no alarm', async () => {
  const topup = await counter.topUp(1);
  const before = await openAlarms();
  await server.fault({ foreign_order: 1 });
  const { payment } = await world.act<{ payment: { id: string } }>({ action: 'pay', orderId: orderOf(topup) });
  await world.act({ action: 'refund', paymentId: payment.id, amount: 100 });
  await world.act({ action: 'dispute', paymentId: payment.id, amount: 100 });
  const told = await inboxOf(server, payment.id);
  expect(told.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['payment.captured', 'refund.processed', 'payment.dispute.created']),
  );
  expect(told.map(({ state, reason }) => `${state}: ${reason}`)).toEqual(
    told.map(() => 'ignored: not an order of ours'),
  );
  expect(await webhooks(server, 'next')).toMatchObject({ delivered: 0, failed: 0, endpoint: { disabled: false } });
  expect(await given(server, counter)).toEqual(planOnly);
  expect(await openAlarms()).toBe(before);
  expect((await counter.purchase(topup.id)).state).toBe('awaiting_payment');
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
