// A dispute takes nothing while it is open, what it is about when it is lost, and nothing for good when it is won.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { orderOf } from '../server/started.ts';
import { post } from '../server/webhooks.ts';
import { type Money, money } from './money.ts';

let world: Money;
beforeAll(async () => {
  world = await money();
});
afterEach(async () => {
  await world.server.fault({ reset: true });
  await world.expectBooksRight();
});
afterAll(() => world.server.dispose());

const open = async (paymentId: string, more: Record<string, unknown> = {}) =>
  (await world.act<{ dispute: { id: string } }>({ action: 'dispute', paymentId, ...more })).dispute.id;
const decide = (disputeId: string, status: string) => world.act({ action: 'decide_dispute', disputeId, status });

test('while it is open nothing is taken, and an operator is told', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  const dispute = await open(topup.paymentId);
  await decide(dispute, 'under_review');
  await decide(dispute, 'action_required');
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 0 });
  expect((await counter.status()).credits.balance).toBe(100_000);
  expect(await world.alarms(counter)).toEqual(['dispute_open']);
});

test('lost: a full refund of the disputed amount, with a reversal and a credit note', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  await decide(await open(topup.paymentId), 'lost');
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded', refundedPaise: 250_000 });
  expect(await world.entries(counter)).toEqual(['monthly_grant 50000', 'topup 50000', 'reversal -50000']);
  expect((await world.documents(topup)).map(({ kind }) => kind)).toEqual(['invoice', 'credit_note']);
  expect(await world.alarms(counter)).toEqual(['dispute_open', 'dispute_lost']);
});

test('lost while a refund of the same sum is asked for: both are money, and the dispute takes back what it is about', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  await world.server.fault({ api_500: true });
  const { body } = await world.refund(topup, { amountPaise: 100_000 });
  expect(body.refund.status).toBe('requested');
  await decide(await open(topup.paymentId, { amount: 100_000 }), 'lost');
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 100_000 });
  expect((await counter.status()).credits.balance).toBe(80_000);
  await world.server.fault({ reset: true });
  world.server.clock.advance(600_000);
  await world.server.settle();
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 200_000 });
  expect((await counter.status()).credits.balance).toBe(60_000);
});

test('lost for a part: the credits of that part, and the purchase stays paid', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  await decide(await open(topup.paymentId, { amount: 100_000 }), 'lost');
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 100_000 });
  expect((await counter.status()).credits.balance).toBe(80_000);
});

test.each([
  ['told twice', { webhook_duplicate: true }],
  ['told five times at once', { webhook_concurrent: true }],
])('lost, %s: taken once', async (_how, faults) => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  await world.server.fault(faults);
  await decide(await open(topup.paymentId), 'lost');
  world.server.clock.advance(1_000);
  await world.server.settle();
  expect((await counter.status()).credits.balance).toBe(50_000);
  expect(await world.documents(topup)).toHaveLength(2);
});

test('lost, and only then told that it was opened: it is not opened again', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  await world.server.fault({ webhook_hold: true });
  await decide(await open(topup.paymentId), 'lost');
  const { body } = await world.server.request<{ items: { event_id: string; name: string }[] }>(
    'GET',
    '/sandbox/webhooks',
  );
  const held = body.items.filter(({ name }) => name.startsWith('payment.dispute.')).slice(0, 2);
  expect(held.map(({ name }) => name)).toEqual(['payment.dispute.lost', 'payment.dispute.created']);
  for (const { event_id: eventId } of held) {
    await world.server.request('POST', '/sandbox/webhooks/deliver', { body: { eventIds: [eventId] } });
    await world.server.settle();
  }
  expect(await world.alarms(counter)).toEqual(['dispute_lost']);
  expect((await counter.purchase(topup.id)).state).toBe('refunded');
});

test('won: nothing was taken and nothing is given', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  await decide(await open(topup.paymentId), 'won');
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 0 });
  expect(await world.entries(counter)).toEqual(['monthly_grant 50000', 'topup 50000']);
  expect(await world.documents(topup)).toHaveLength(1);
});

test('of a payment that nobody had told of: the payment takes its effect first', async () => {
  const counter = await world.owner();
  const topup = await counter.topUp(1);
  await world.server.fault({ webhook_drop: true });
  const { payment } = (await world.act({ action: 'pay', orderId: orderOf(topup) })) as { payment: { id: string } };
  await world.server.fault({ reset: true });
  await open(payment.id);
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid' });
  expect(await world.alarms(counter)).toEqual(['dispute_open']);
});

/** The sandbox decides a dispute once; the bank that takes its word back is played by an event of its own. */
async function wonAfterAll(topup: { paymentId: string }, disputeId: string): Promise<void> {
  const seconds = Math.floor(world.server.clock.now().getTime() / 1000);
  const dispute = {
    ...{ id: disputeId, entity: 'dispute', payment_id: topup.paymentId, amount: 250_000, currency: 'INR' },
    ...{ amount_deducted: 0, status: 'won', phase: 'pre_arbitration', reason_code: 'x', created_at: seconds },
  };
  const body = { entity: 'event', event: 'payment.dispute.won', contains: ['dispute'], created_at: seconds };
  await post(world.server, JSON.stringify({ ...body, payload: { dispute: { entity: dispute } } }));
  await world.server.settle();
}

test('lost and then won: credits and state come back, and an operator is told to issue a debit note', async () => {
  const counter = await world.owner();
  const topup = await world.paidTopUp(counter);
  const dispute = await open(topup.paymentId);
  await decide(dispute, 'lost');
  await wonAfterAll(topup, dispute);
  await wonAfterAll(topup, dispute);
  expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 0 });
  expect(await world.entries(counter)).toEqual([
    ...['monthly_grant 50000', 'topup 50000', 'reversal -50000', 'adjustment 50000'],
  ]);
  expect(await world.alarms(counter)).toEqual(['dispute_open', 'dispute_lost', 'dispute_won_after_lost']);
});

test('a plan that was lost and then won is the plan again, with its due date', async () => {
  const counter = await world.stranger();
  const plan = await counter.ownPlan();
  const paymentId = await world.paymentOf(plan);
  const before = (await counter.status()).subscription;
  const dispute = await open(paymentId);
  await decide(dispute, 'lost');
  expect((await counter.status()).plan).toBeNull();
  await wonAfterAll({ paymentId }, dispute);
  expect((await counter.status()).subscription).toEqual(before);
  expect((await counter.status()).credits.balance).toBe(50_000);
});
