// Purchases: what may be bought when, who is first, how an unpaid one ends, and the list of them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { purchase as purchaseShape } from '../../../shared/contract/billing.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { audited, changesNothing } from './facts.ts';
import { type Answer, type Counter, counterOf, orderOf, type Started, started, uniqueKey } from './started.ts';

const routes = {
  plan: '/api/billing/plan/purchase',
  renewal: '/api/billing/renewal/subscribe',
  topup: '/api/billing/credits/topup',
} as const;
const hours = 3_600_000;

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

function buy(counter: Counter, what: keyof typeof routes, more: Record<string, unknown> = {}) {
  const usual = { plan: {}, renewal: { mode: 'manual' }, topup: { packs: 1 } }[what];
  return counter.request<Purchase>('POST', routes[what], { body: { ...usual, ...more }, key: uniqueKey() });
}

const cancel = (counter: Counter, id: string) =>
  counter.request<Purchase>('POST', `/api/billing/purchases/${id}/cancel`);

/** A second counter of the same org. */
async function secondCounter(counter: Counter): Promise<Counter> {
  const { body } = await counter.request<{ code: string }>('POST', '/api/devices/join-codes');
  const joined = await server.request<Counter>('POST', '/api/devices/join', {
    body: { code: body.code, deviceName: 'Back counter' },
  });
  return counterOf(server, joined.body);
}

const detailsOf = (answer: Answer) => (answer.body as ErrorBody).error.details;

describe('a purchase', () => {
  test('is answered whole: price, credits, who asked, until when, and a page to pay it on', async () => {
    const counter = await server.signUp();
    await counter.ownPlan();
    const { status, body } = await buy(counter, 'topup', { packs: 20 });
    expect(status).toBe(201);
    expect(purchaseShape.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({
      sku: 'topup.50k',
      quantity: 20,
      state: 'awaiting_payment',
      amountPaise: 5_000_000,
      currency: 'INR',
      credits: 1_000_000,
      provider: 'sandbox',
      createdAt: '2026-11-22T06:30:00.000Z',
      expiresAt: '2026-11-25T06:30:00.000Z',
      paidAt: null,
      invoiceId: null,
      lastFailure: null,
      refundedPaise: 0,
      deviceId: counter.deviceId,
      deviceName: 'Front counter',
    });
    expect(body.id).toMatch(/^pur_/);
    expect(body.providerOrderId).toMatch(/^order_/);
    const page = await fetch(body.checkoutUrl ?? '');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('₹50,000.00');
    expect(await counter.purchase(body.id)).toEqual(body);
  });

  test('at another price than the counter showed is price_changed with the price, and nothing is created', async () => {
    const counter = await server.signUp();
    const wrong = await changesNothing(server, () => buy(counter, 'plan', { expectedAmountPaise: 1_499_900 }));
    expect(wrong).toMatchObject({ status: 409, body: { error: { code: 'price_changed' } } });
    expect(detailsOf(wrong)).toEqual({ amountPaise: 1_500_000 });
    const right = await buy(counter, 'plan', { expectedAmountPaise: 1_500_000 });
    expect(right.status).toBe(201);
    await server.play(orderOf(right.body), 'pay');
    await server.settle();
    expect(detailsOf(await buy(counter, 'topup', { packs: 3, expectedAmountPaise: 250_000 }))).toEqual({
      amountPaise: 750_000,
    });
    expect(detailsOf(await buy(counter, 'renewal', { expectedAmountPaise: 1 }))).toEqual({ amountPaise: 100_000 });
  });
});

describe('who comes second', () => {
  test.each(['plan', 'renewal'] as const)(
    '%s: is answered purchase_in_progress with the whole first purchase',
    async (what) => {
      const counter = await server.signUp();
      if (what === 'renewal') await counter.ownPlan();
      const first = await buy(counter, what);
      const second = await changesNothing(server, () => buy(counter, what));
      expect(second).toMatchObject({ status: 409, body: { error: { code: 'purchase_in_progress' } } });
      expect(detailsOf(second)).toEqual({ purchase: first.body });
      expect(first.status).toBe(201);
    },
  );

  test('two counters buying the plan at once: one 201, one 409 with that same purchase, one order', async () => {
    const counter = await server.signUp();
    const other = await secondCounter(counter);
    const answers = await Promise.all([buy(counter, 'plan'), buy(other, 'plan')]);
    const [won] = answers.filter(({ status }) => status === 201);
    const [lost] = answers.filter(({ status }) => status === 409);
    expect(lost).toMatchObject({ body: { error: { code: 'purchase_in_progress' } } });
    const { purchase } = detailsOf(lost as Answer) as { purchase: Purchase };
    // The loser may be answered before the winner's order is there; all else is the same purchase.
    expect({ ...purchase, providerOrderId: null, checkoutUrl: null }).toEqual({
      ...won?.body,
      providerOrderId: null,
      checkoutUrl: null,
    });
  });

  test('top-ups do not wait for each other, and neither for a renewal', async () => {
    const counter = await server.signUp();
    await counter.ownPlan();
    const answers = await Promise.all([
      buy(counter, 'renewal'),
      ...Array.from({ length: 5 }, () => buy(counter, 'topup')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(201));
  });
});

describe('cancelling', () => {
  test('ends an unpaid purchase once; asked again, it answers the same', async () => {
    const counter = await server.signUp();
    const { body } = await buy(counter, 'plan');
    const first = await cancel(counter, body.id);
    expect(first).toMatchObject({ status: 200, body: { ...body, state: 'cancelled' } });
    server.clock.advance(hours);
    const again = await changesNothing(server, () => cancel(counter, body.id));
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await audited(server, counter.orgId))['purchase.cancelled']).toBe(1);
    expect((await buy(counter, 'plan')).status).toBe(201);
  });

  test('ten times at once while it is being paid: the money is honoured, whoever was first', async () => {
    const counter = await server.signUp();
    const { body } = await buy(counter, 'plan');
    await Promise.all([
      server.play(orderOf(body), 'pay').then(() => server.settle()),
      ...Array.from({ length: 10 }, () => cancel(counter, body.id)),
    ]);
    await server.settle();
    expect(await counter.purchase(body.id)).toMatchObject({ state: 'paid' });
    expect((await counter.status()).credits.balance).toBe(50_000);
  });
});

describe('an unpaid purchase', () => {
  test('waits for 3 days to the second, then is expired, and can be bought as a new one', async () => {
    const counter = await server.signUp();
    const { body } = await buy(counter, 'plan');
    server.clock.set(body.expiresAt);
    server.clock.advance(-1);
    await server.runDueJobs();
    expect((await counter.purchase(body.id)).state).toBe('awaiting_payment');
    server.clock.advance(1);
    await server.runDueJobs();
    expect(await counter.purchase(body.id)).toEqual({ ...body, state: 'expired' });
    expect((await audited(server, counter.orgId))['purchase.expired']).toBe(1);
    expect(await cancel(counter, body.id)).toMatchObject({ status: 409, body: { error: { code: 'not_cancellable' } } });
    expect((await buy(counter, 'plan')).status).toBe(201);
  });
});

describe('the list', () => {
  test('is newest first, paged without a gap or a repeat, and filtered by state', async () => {
    const counter = await server.signUp();
    const plan = await counter.ownPlan();
    const bought = [plan.id];
    for (let count = 0; count < 6; count += 1) {
      // Some in the same millisecond: the order must still be one order.
      if (count % 3 === 0) server.clock.advance(1000);
      bought.push((await buy(counter, 'topup')).body.id);
    }
    const paged: string[] = [];
    let path = '/api/billing/purchases?limit=3';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await counter.request<{ items: Purchase[]; nextCursor: string | null }>('GET', path);
      paged.push(...body.items.map(({ id }) => id));
      path = `/api/billing/purchases?limit=3&cursor=${body.nextCursor ?? ''}`;
      expect(body.nextCursor === null).toBe(page === 2);
    }
    expect(paged).toHaveLength(7);
    expect(new Set(paged)).toEqual(new Set(bought));
    expect(paged.at(-1)).toBe(plan.id);
    const whole = await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases');
    expect(whole.body.items.map(({ id }) => id)).toEqual(paged);
    const paidOnes = await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases?state=paid');
    expect(paidOnes.body.items.map(({ id }) => id)).toEqual([plan.id]);
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
