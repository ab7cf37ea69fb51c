// A refund takes effect once, on the provider's word: however often it is asked for, whatever becomes of the answer, and in
// whatever order and however often it is told.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { refundsOf } from '../server/orders.ts';
import { type Counter, orderOf, uniqueKey } from '../server/started.ts';
import { nextPaymentId, post, tell } from '../server/webhooks.ts';
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

const balance = async (counter: Counter) => (await counter.status()).credits.balance;
describe('the provider is asked once', () => {
  test('ten times at once with one key: one refund, and every answer is of it', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    const key = uniqueKey();
    const asked = Array.from({ length: 10 }, () => world.refund(topup, { amountPaise: 100_000 }, key));
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    expect(new Set(answers.map(({ body }) => body.refund.id)).size).toBe(1);
    expect(await refundsOf(world.server, topup.paymentId)).toHaveLength(1);
    expect((await counter.purchase(topup.id)).refundedPaise).toBe(100_000);
    expect((await world.refund(topup, { amountPaise: 50_000 }, key)).status).toBe(409);
  });

  test.each([
    'api_500',
    'api_reset',
    'api_hang',
    'api_500_after_commit',
    'api_reset_after_commit',
    'api_hang_after_commit',
  ])('%s: nothing is reversed before its word, and the money goes back once when it answers again', async (fault) => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await world.server.fault({ [fault]: true, webhook_drop: true });
    const answer = await world.refund(topup);
    expect(answer.status).toBe(202);
    expect(answer.body.refund.status).toBe('requested');
    expect(await balance(counter)).toBe(100_000);
    await world.server.fault({ reset: true });
    world.server.clock.advance(10 * 60_000);
    await world.server.settle();
    await world.server.settle();
    expect(await refundsOf(world.server, topup.paymentId)).toHaveLength(1);
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded', refundedPaise: 250_000 });
    expect(await balance(counter)).toBe(50_000);
  });

  test('a refund that stays pending reverses nothing until the bank has sent it', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await world.server.fault({ refund_pending: true });
    const { body } = await world.refund(topup);
    expect(body.refund.status).toBe('pending');
    await world.server.settle();
    expect(await balance(counter)).toBe(100_000);
    expect((await counter.purchase(topup.id)).state).toBe('paid');
    await world.act({ action: 'finish_refund', refundId: body.refund.refundId, status: 'processed' });
    expect(await balance(counter)).toBe(50_000);
    expect((await counter.purchase(topup.id)).state).toBe('refunded');
  });

  test('one that is pending and whose event never comes is found by asking', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await world.server.fault({ refund_pending: true });
    const { body } = await world.refund(topup);
    await world.server.fault({ webhook_drop: true });
    await world.act({ action: 'finish_refund', refundId: body.refund.refundId, status: 'processed' });
    expect(await balance(counter)).toBe(100_000);
    world.server.clock.advance(3_600_000);
    await world.server.settle();
    expect(await balance(counter)).toBe(50_000);
  });

  test('one that fails at the bank reverses nothing, raises an alarm, and can be asked for again', async () => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await world.server.fault({ refund_pending: true });
    const { body } = await world.refund(topup);
    await world.act({ action: 'finish_refund', refundId: body.refund.refundId, status: 'failed' });
    expect(await balance(counter)).toBe(100_000);
    expect(await world.alarms(counter)).toEqual(['refund_failed']);
    await world.server.fault({ reset: true });
    expect((await world.refund(topup)).body.purchase.state).toBe('refunded');
  });
});

describe('a refund that was made at the provider', () => {
  test.each([
    ['told as it comes', {}],
    ['told twice', { webhook_duplicate: true }],
    ['told five times at once', { webhook_concurrent: true }],
    ['told in reverse order', { webhook_reorder: true }],
  ])('%s takes effect once', async (_how, faults) => {
    const counter = await world.owner();
    const topup = await world.paidTopUp(counter);
    await world.server.fault(faults);
    await world.act({ action: 'refund', paymentId: topup.paymentId, amount: 100_000 });
    await world.act({ action: 'refund', paymentId: topup.paymentId, amount: 100_000 });
    world.server.clock.advance(1_000);
    await world.server.settle();
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 200_000 });
    expect(await balance(counter)).toBe(60_000);
    await world.act({ action: 'refund', paymentId: topup.paymentId });
    world.server.clock.advance(1_000);
    await world.server.settle();
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded', refundedPaise: 250_000 });
    expect(await balance(counter)).toBe(50_000);
    expect(await world.documents(topup)).toHaveLength(4);
  });

  test('whose events were all lost is found once a report of the payment shows that money went back', async () => {
    const counter = await world.owner();
    const topup = await counter.topUp(1);
    await world.server.fault({ webhook_drop: true });
    const { payment } = (await world.act({ action: 'pay', orderId: orderOf(topup) })) as { payment: { id: string } };
    await world.act({ action: 'refund', paymentId: payment.id, amount: 100_000 });
    await world.server.fault({ reset: true });
    const back = new URL(topup.checkoutUrl ?? '');
    await world.server.request('GET', `${back.pathname}/return${back.search}`);
    world.server.clock.advance(60_000);
    await world.server.settle();
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid', refundedPaise: 100_000 });
    expect(await world.entries(counter)).toEqual(['monthly_grant 50000', 'topup 50000', 'reversal -20000']);
  });

  test('before its capture was told: ends as grant and reversal, invoice and credit note', async () => {
    const counter = await world.owner();
    const topup = await counter.topUp(1);
    await world.server.fault({ refund_before_captured: true });
    await world.server.play(orderOf(topup), 'pay');
    await world.server.settle();
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded', refundedPaise: 250_000 });
    expect(await world.entries(counter)).toEqual(['monthly_grant 50000', 'topup 50000', 'reversal -50000']);
    expect((await world.documents(topup)).map(({ kind }) => kind)).toEqual(['invoice', 'credit_note']);
  });

  test('of a payment that nobody knows and that no event shows waits, and is applied when its capture comes', async () => {
    const counter = await world.owner();
    const topup = await counter.topUp(1);
    const paymentId = nextPaymentId();
    const refund = { id: 'rfnd_Waits000000001', payment_id: paymentId, amount: 250_000, status: 'processed' };
    const body = JSON.stringify({
      ...{ entity: 'event', account_id: 'acc_TestAccount001', event: 'refund.processed', contains: ['refund'] },
      payload: { refund: { entity: { ...refund, entity: 'refund', currency: 'INR' } } },
      created_at: Math.floor(world.server.clock.now().getTime() / 1000),
    });
    expect((await post(world.server, body)).status).toBe(200);
    await world.server.settle();
    expect((await counter.purchase(topup.id)).state).toBe('awaiting_payment');
    const told = { orderId: orderOf(topup), event: 'payment.captured', paymentId, amount: 250_000 };
    await tell(world.server, told);
    await world.server.settle();
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'refunded' });
    expect(await world.entries(counter)).toEqual(['monthly_grant 50000', 'topup 50000', 'reversal -50000']);
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(world.server));
