// Where the provider refuses to make an order, a payment link takes its place: one way to pay at a time, by the same rules.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { type Money, money } from '../payments/money.ts';
import { type HeldLink, linksFor, ordersFor } from './orders.ts';
import { type Answer, type Counter, type Started, uniqueKey } from './started.ts';

let world: Money;
let server: Started;
beforeAll(async () => {
  world = await money();
  server = world.server;
});
afterEach(async () => {
  await server.fault({ reset: true });
  // Past whatever time the circuit stays open for.
  server.clock.advance(60_000);
  await server.settle();
  await world.expectBooksRight();
});
afterAll(() => world.server.dispose());

const buy = (counter: Counter, key = uniqueKey()): Promise<Answer<Purchase>> =>
  counter.request('POST', '/api/billing/plan/purchase', { body: {}, key });

/** A plan that is to be paid by a link. */
async function byLink(): Promise<{ counter: Counter; purchase: Purchase; link: HeldLink }> {
  const counter = await world.stranger();
  await server.fault({ order_refused: 1 });
  const { status, body: purchase } = await buy(counter);
  expect(status).toBe(201);
  return { counter, purchase, link: await linkOf(purchase) };
}

async function linkOf(purchase: Purchase): Promise<HeldLink> {
  const [link, ...more] = await linksFor(server, purchase.id);
  if (link === undefined || more.length > 0) throw new Error(`${more.length + 1} links`);
  expect(purchase.providerOrderId).toBe(link.id);
  return link;
}

/** As a customer on the link's page; the address to which the browser is sent back. */
async function payOn(link: HeldLink): Promise<string> {
  const { pathname } = new URL(link.short_url);
  const done = await server.request<{ go_to: string }>('POST', pathname, { body: { action: 'pay', method: 'card' } });
  expect(done.status).toBe(200);
  return done.body.go_to;
}
const statusOf = async (purchase: Purchase) => (await linkOf(purchase)).status;
const page = async ({ checkoutUrl }: Purchase) => await (await fetch(checkoutUrl ?? '')).text();

describe('a purchase whose order is refused for good', () => {
  test('is paid by a link, to which the pay page leads, and is granted once for the three events of its money', async () => {
    const { counter, purchase, link } = await byLink();
    expect(purchase).toMatchObject({ state: 'awaiting_payment', amountPaise: 1_500_000 });
    expect(link).toMatchObject({ amount: 1_500_000, status: 'created' });
    expect(link.expire_by).toBe(Date.parse(purchase.expiresAt) / 1000);
    expect(await page(purchase)).toContain(`href="${link.short_url}"`);
    await server.fault({ webhook_duplicate: true });
    await payOn(link);
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'paid', providerOrderId: link.id });
    expect(await world.entries(counter)).toEqual(['monthly_grant 50000']);
    expect(await world.documents(purchase)).toHaveLength(1);
    expect(await page(purchase)).not.toContain(link.short_url);
    expect(await world.alarms(counter)).toEqual([]);
  });

  test('is found paid by the way back, by a look, and by an operator’s reconciliation, where no webhook comes', async () => {
    const ways: ((back: string) => Promise<unknown>)[] = [
      (back) => fetch(back, { redirect: 'manual' }),
      async () => {
        server.clock.advance(61_000);
        await server.settle();
      },
      () => world.ask('POST', '/api/admin/reconcile'),
    ];
    for (const hear of ways) {
      const { counter, purchase, link } = await byLink();
      await server.fault({ webhook_drop: true });
      await hear(await payOn(link));
      await server.fault({ reset: true });
      expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'paid' });
      expect((await counter.status()).credits.balance).toBe(50_000);
    }
  });

  test('paid by a link can be refunded, and goes back as other money does', async () => {
    const { counter, purchase, link } = await byLink();
    await payOn(link);
    await server.settle();
    expect(await world.refund(purchase)).toMatchObject({ status: 202 });
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'refunded', refundedPaise: 1_500_000 });
  });

  test('is 503 where links are refused too; the same key goes on with an order once orders are made again', async () => {
    const counter = await world.stranger();
    const key = uniqueKey();
    await server.fault({ api_500: true });
    expect((await buy(counter, key)).status).toBe(503);
    await server.fault({ reset: true, order_refused: true });
    // Ten minutes before its end: a link lives a quarter of an hour at least.
    server.clock.advance(3 * 86_400_000 - 600_000);
    expect((await buy(counter, key)).status).toBe(503);
    await server.fault({ reset: true });
    const made = await buy(counter, key);
    expect(made).toMatchObject({ status: 201, body: { providerOrderId: expect.stringMatching(/^order_/) } });
    expect(await linksFor(server, made.body.id)).toEqual([]);
  });
});

describe('a link is never asked for', () => {
  test.each(['api_500', 'api_502_html', 'api_429', 'api_reset', 'api_500_after_commit', 'api_reset_after_commit'])(
    'where it is not certain that no order was made: %s',
    async (fault) => {
      const counter = await world.stranger();
      const key = uniqueKey();
      await server.fault({ [fault]: 1 });
      await buy(counter, key);
      await server.fault({ reset: true });
      server.clock.advance(60_000);
      const { body } = await buy(counter, key);
      expect(body.providerOrderId).toMatch(/^order_/);
      expect(await linksFor(server, body.id)).toEqual([]);
      expect(await ordersFor(server, body.id)).toHaveLength(1);
    },
  );
});

describe('a link whose answer was lost', () => {
  test.each(['api_500_after_commit', 'api_reset_after_commit'])('is found by its reference: %s', async (fault) => {
    const counter = await world.stranger();
    await server.fault({ order_refused: 1, [fault]: 1 });
    const { status, body } = await buy(counter);
    expect(status).toBe(201);
    await linkOf(body);
  });

  test('and is not in the list yet: no order is made beside it, though orders are made again; then it is the one', async () => {
    const counter = await world.stranger();
    const key = uniqueKey();
    await server.fault({ order_refused: 1, api_reset_after_commit: 1, order_list_lag_seconds: 120 });
    expect((await buy(counter, key)).status).toBe(503);
    expect((await buy(counter, key)).status).toBe(503);
    server.clock.advance(180_000);
    const { status, body } = await buy(counter, key);
    expect(status).toBe(201);
    const link = await linkOf(body);
    // The one order that there is, is the link's own.
    expect((await ordersFor(server, body.id)).map(({ id }) => id)).toEqual([link.order_id]);
  });

  test('is found by a look where nobody asks again, and ended where the purchase was cancelled meanwhile', async () => {
    const counter = await world.stranger();
    await server.fault({ order_refused: 1, api_reset_after_commit: 1, order_list_lag_seconds: 30 });
    expect((await buy(counter)).status).toBe(503);
    const { items } = (await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases')).body;
    const id = items[0]?.id ?? '';
    expect((await counter.request('POST', `/api/billing/purchases/${id}/cancel`)).status).toBe(200);
    await server.fault({ reset: true });
    server.clock.advance(61_000);
    await server.settle();
    server.clock.advance(300_000);
    await server.settle();
    expect(await statusOf(await counter.purchase(id))).toBe('cancelled');
  });
});

const cancel = (counter: Counter, { id }: Purchase) =>
  counter.request<Purchase>('POST', `/api/billing/purchases/${id}/cancel`);

describe('a link ends with its purchase', () => {
  test('that is cancelled: at once', async () => {
    const { counter, purchase } = await byLink();
    expect(await cancel(counter, purchase)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await statusOf(purchase)).toBe('cancelled');
    expect(await cancel(counter, purchase)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
  });

  test('that is cancelled while the provider is away: as soon as it is back', async () => {
    const { counter, purchase } = await byLink();
    await server.fault({ api_500: true });
    expect(await cancel(counter, purchase)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    await server.fault({ reset: true });
    expect(await statusOf(purchase)).toBe('created');
    server.clock.advance(360_000);
    await server.settle();
    expect(await statusOf(purchase)).toBe('cancelled');
  });

  test('that expires', async () => {
    const { counter, purchase } = await byLink();
    server.clock.set(purchase.expiresAt);
    await server.settle();
    expect(await counter.purchase(purchase.id)).toMatchObject({ state: 'expired' });
    expect(await statusOf(purchase)).toBe('expired');
    const [row] = await server.sql('select link_ended_at is not null as ended from purchase where purchase_id = $1', [
      purchase.id,
    ]);
    expect(row).toEqual({ ended: true });
  });
});

describe('money on a link', () => {
  test('that came just before its purchase was cancelled is honoured', async () => {
    const { counter, purchase, link } = await byLink();
    await server.fault({ webhook_drop: true });
    await payOn(link);
    expect(await cancel(counter, purchase)).toMatchObject({ status: 200, body: { state: 'paid' } });
    expect((await counter.status()).credits.balance).toBe(50_000);
  });

  test('cannot come once another purchase took the place of its own, whose money came late', async () => {
    const counter = await world.stranger();
    const first = await counter.buyPlan();
    await cancel(counter, first);
    await server.fault({ order_refused: 1 });
    const { body: second } = await buy(counter);
    await server.play(first.providerOrderId ?? '', 'pay');
    await server.settle();
    server.clock.advance(60_000);
    await server.settle();
    expect(await counter.purchase(first.id)).toMatchObject({ state: 'paid' });
    expect(await counter.purchase(second.id)).toMatchObject({ state: 'cancelled' });
    expect(await statusOf(second)).toBe('cancelled');
  });

  test('that came before goes back, where the org has the plan from another purchase by then', async () => {
    const counter = await world.stranger();
    const first = await counter.buyPlan();
    await cancel(counter, first);
    await server.fault({ order_refused: 1, webhook_drop: true });
    const { body: second } = await buy(counter);
    await payOn(await linkOf(second));
    await server.fault({ reset: true });
    await server.play(first.providerOrderId ?? '', 'pay');
    await server.settle();
    server.clock.advance(60_000);
    await server.settle();
    expect(await counter.purchase(first.id)).toMatchObject({ state: 'paid' });
    expect(await counter.purchase(second.id)).toMatchObject({ state: 'refunded' });
    expect(await world.entries(counter)).toEqual(['monthly_grant 50000']);
  });
});
