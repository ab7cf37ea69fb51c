// Money that comes late, short, twice or in another currency: exactly paid is honoured, anything else is kept aside with
// an alarm, and nothing is granted twice or dropped.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { audited } from './facts.ts';
import { refundsOf } from './orders.ts';
import { type Counter, orderOf, type Started, started } from './started.ts';
import { nextPaymentId, type Told, tell } from './webhooks.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

const days = 86_400_000;
const cancel = (counter: Counter, { id }: Purchase) => counter.request('POST', `/api/billing/purchases/${id}/cancel`);

/** A payment of a purchase, told by a webhook and applied; returns the payment's id. */
async function pay(purchase: Purchase, more: Partial<Told> = {}): Promise<string> {
  const paymentId = nextPaymentId();
  const usual = { orderId: orderOf(purchase), event: 'payment.captured', paymentId, amount: purchase.amountPaise };
  expect((await tell(server, { ...usual, ...more })).status).toBe(200);
  await server.settle();
  return paymentId;
}

const owner = async (): Promise<Counter> => {
  const counter = await server.signUp();
  await counter.ownPlan();
  return counter;
};
const balance = async (counter: Counter) => (await counter.status()).credits.balance;

/** What became of each payment of a purchase, and its invoices. */
async function books(purchase: Purchase) {
  const payments = await server.sql<{ id: string; effect: string; reason: string | null }>(
    'select payment_id as id, effect, reason from billing_payment where purchase_id = $1 order by payment_id',
    [purchase.id],
  );
  const [{ invoices } = { invoices: -1 }] = await server.sql<{ invoices: number }>(
    'select count(*)::int as invoices from billing_invoice where purchase_id = $1',
    [purchase.id],
  );
  return { effects: payments.map(({ effect }) => effect), payments, invoices };
}

describe('money that comes late is honoured', () => {
  test('after the top-up was cancelled', async () => {
    const counter = await owner();
    const topup = await counter.topUp(1);
    await cancel(counter, topup);
    await pay(topup);
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid' });
    expect(await balance(counter)).toBe(100_000);
    expect(await books(topup)).toMatchObject({ effects: ['settled'], invoices: 1 });
  });

  test('after the plan expired', async () => {
    const counter = await server.signUp();
    const plan = await counter.buyPlan();
    server.clock.advance(3 * days);
    await server.runDueJobs();
    expect((await counter.purchase(plan.id)).state).toBe('expired');
    await pay(plan);
    expect(await counter.purchase(plan.id)).toMatchObject({ state: 'paid' });
    expect((await counter.status()).plan).toBe('pharmapulse-one');
  });

  test('for a cancelled plan while another is open: the paid one counts, the open one is cancelled', async () => {
    const counter = await server.signUp();
    const first = await counter.buyPlan();
    await cancel(counter, first);
    const second = await counter.buyPlan();
    await pay(first);
    expect((await counter.purchase(first.id)).state).toBe('paid');
    expect((await counter.purchase(second.id)).state).toBe('cancelled');
  });
});

describe('a second plan or a second renewal of one year goes back', () => {
  test.each([
    ['/api/billing/plan/purchase', {}],
    ['/api/billing/renewal/subscribe', { mode: 'manual' }],
  ])('%s: ends refunded, without an invoice, and the money is sent back once', async (route, body) => {
    const renewing = route.includes('renewal');
    const counter = renewing ? await owner() : await server.signUp();
    const buy = async (key: string) => (await counter.request<Purchase>('POST', route, { body, key })).body;
    const loser = await buy('first');
    await cancel(counter, loser);
    const winner = await buy('second');
    await server.play(orderOf(winner), 'pay');
    await server.settle();
    const before = await counter.status();
    // The sandbox itself, so that there is a payment there that can be refunded.
    await server.play(orderOf(loser), 'pay');
    await server.settle();
    await Promise.all([server.settle(), server.settle()]);
    expect(await counter.purchase(loser.id)).toMatchObject({
      state: 'refunded',
      refundedPaise: loser.amountPaise,
      invoiceId: null,
    });
    const { payments, effects, invoices } = await books(loser);
    expect({ effects, invoices }).toEqual({ effects: ['refunded'], invoices: 0 });
    expect(await refundsOf(server, payments[0]?.id ?? '')).toMatchObject([{ amount: loser.amountPaise }]);
    expect(await audited(server, counter.orgId)).toMatchObject({
      'payment.refund_due': 1,
      'payment.refunded': 1,
    });
    const { entitlement: _then, ...after } = await counter.status();
    expect(before).toMatchObject(after);
    expect((await counter.purchase(winner.id)).state).toBe('paid');
  });

  test('also when the provider is away at first: it stays due and goes later, once', async () => {
    const counter = await server.signUp();
    const loser = await counter.buyPlan();
    await cancel(counter, loser);
    await counter.ownPlan();
    await server.fault({ api_500: true });
    await server.play(orderOf(loser), 'pay');
    await server.settle();
    expect(await books(loser)).toMatchObject({ effects: ['refund_due'] });
    expect((await counter.purchase(loser.id)).state).toBe('under_review');
    await server.fault({ reset: true });
    server.clock.advance(60_000);
    await server.settle();
    const { payments, effects } = await books(loser);
    expect(effects).toEqual(['refunded']);
    expect(await refundsOf(server, payments[0]?.id ?? '')).toHaveLength(1);
  });
});

describe('money that is not exactly right is kept aside with an alarm, and nothing is granted', () => {
  test.each<[string, Partial<Told>, string]>([
    ['one paisa short', { amount: 249_999 }, 'amount_mismatch'],
    ['one paisa too much', { amount: 250_001 }, 'amount_mismatch'],
    ['in another currency', { payment: { currency: 'USD' } }, 'currency_mismatch'],
    ['for an order of another amount', { event: 'order.paid', orderAmount: 100 }, 'amount_mismatch'],
    ['nothing at all', { amount: 0 }, 'amount_mismatch'],
  ])('%s', async (_what, wrong, alarm) => {
    const counter = await owner();
    const topup = await counter.topUp(1);
    await pay(topup, wrong);
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'under_review', paidAt: null, invoiceId: null });
    expect(await balance(counter)).toBe(50_000);
    expect(await books(topup)).toMatchObject({ effects: ['review'], invoices: 0 });
    expect((await audited(server, counter.orgId))[`alarm.${alarm}`]).toBe(1);
    // It stays there until an operator decides, whatever comes.
    await pay(topup);
    expect((await counter.purchase(topup.id)).state).toBe('under_review');
    expect(await balance(counter)).toBe(50_000);
    expect((await cancel(counter, topup)).status).toBe(409);
  });

  test('a second capture on a paid purchase: kept, alarmed, the purchase stays paid once', async () => {
    const counter = await owner();
    const topup = await counter.topUp(1);
    const [first, second] = [await pay(topup), await pay(topup)];
    expect(await counter.purchase(topup.id)).toMatchObject({ state: 'paid' });
    expect(await balance(counter)).toBe(100_000);
    const { payments, invoices } = await books(topup);
    expect(payments).toMatchObject([
      { id: first, effect: 'settled' },
      { id: second, effect: 'review', reason: 'paid again while paid' },
    ]);
    expect(invoices).toBe(1);
    expect((await audited(server, counter.orgId))['alarm.money_without_effect']).toBe(1);
  });
});

describe('a failed payment is not final', () => {
  test('the reason shows, the purchase waits on, and is paid by the next attempt', async () => {
    const counter = await owner();
    const topup = await counter.topUp(1);
    await pay(topup, { event: 'payment.failed' });
    expect(await counter.purchase(topup.id)).toMatchObject({
      state: 'awaiting_payment',
      lastFailure: { code: 'BAD_REQUEST_ERROR', description: 'Your bank said no.' },
    });
    await pay(topup);
    expect((await counter.purchase(topup.id)).state).toBe('paid');
    expect(await balance(counter)).toBe(100_000);
  });

  test('a failure that is told after the money changes nothing', async () => {
    const counter = await owner();
    const topup = await counter.topUp(1);
    const paymentId = await pay(topup);
    const paid = await counter.purchase(topup.id);
    await pay(topup, { event: 'payment.failed', paymentId });
    expect(await counter.purchase(topup.id)).toEqual(paid);
  });

  test('the same payment failed first and captured late: paid', async () => {
    const counter = await owner();
    const topup = await counter.topUp(1);
    const paymentId = await pay(topup, { event: 'payment.failed' });
    await pay(topup, { paymentId });
    expect((await counter.purchase(topup.id)).state).toBe('paid');
  });
});

test('authorised is not captured: nothing is granted', async () => {
  const counter = await owner();
  const topup = await counter.topUp(1);
  const authorized = { status: 'authorized', captured: false };
  await pay(topup, { event: 'payment.authorized', payment: authorized });
  expect((await counter.purchase(topup.id)).state).toBe('awaiting_payment');
  expect(await balance(counter)).toBe(50_000);
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
