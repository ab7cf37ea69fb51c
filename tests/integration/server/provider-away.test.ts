// The payment provider is away or its answers are lost: the purchase is kept, the same key continues it, and there is
// never a second order for it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { waiting } from './locks.ts';
import { ordersFor } from './orders.ts';
import { type ScriptedProvider, scriptedProvider, settingsFor } from './scripted-provider.ts';
import { type Answer, type Counter, type Started, started, uniqueKey } from './started.ts';

let sandboxed: Started;
let scripted: Started;
let provider: ScriptedProvider;
beforeAll(async () => {
  sandboxed = await started();
  provider = await scriptedProvider();
  scripted = await started(settingsFor(provider));
});
afterEach(async () => {
  await sandboxed.fault({ reset: true });
  Object.assign(provider, { create: 'answer', find: 'answer' });
  // Past whatever time the circuit stays open for.
  sandboxed.clock.advance(60_000);
  scripted.clock.advance(60_000);
});
afterAll(async () => {
  await sandboxed.dispose();
  await scripted.dispose();
  await provider.close();
});

const buy = (counter: Counter, key: string): Promise<Answer<Purchase>> =>
  counter.request('POST', '/api/billing/plan/purchase', { body: {}, key });
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort();

async function kept(counter: Counter): Promise<Purchase> {
  const list = await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases');
  expect(list.body.items).toHaveLength(1);
  const [only] = list.body.items;
  if (only === undefined) throw new Error('no purchase was kept');
  return only;
}

function expectUnavailable(answer: Answer): void {
  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable', retryable: true } } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('a provider that did nothing', () => {
  test.each(['api_500', 'api_502_html', 'api_429'])(
    '%s: 503, the purchase is kept, the same key continues it',
    async (fault) => {
      const counter = await sandboxed.signUp();
      const key = uniqueKey();
      await sandboxed.fault({ [fault]: true });
      expectUnavailable(await buy(counter, key));
      const waiting = await kept(counter);
      expect(waiting).toMatchObject({ state: 'awaiting_payment', providerOrderId: null, checkoutUrl: null });
      await sandboxed.fault({ reset: true });
      const made = await buy(counter, key);
      expect(made).toMatchObject({ status: 201, body: { id: waiting.id, state: 'awaiting_payment' } });
      expect(await buy(counter, key)).toMatchObject({ status: 200, body: made.body });
      expect(await ordersFor(sandboxed, waiting.id)).toHaveLength(1);
      await sandboxed.play(made.body.providerOrderId ?? '', 'pay');
      await sandboxed.settle();
      expect(await counter.purchase(waiting.id)).toMatchObject({ state: 'paid' });
    },
  );

  test('ten concurrent requests while it is away and ten when it is back: one 201, one order', async () => {
    const counter = await sandboxed.signUp();
    const key = uniqueKey();
    await sandboxed.fault({ api_502_html: true });
    const away = await Promise.all(Array.from({ length: 10 }, () => buy(counter, key)));
    for (const answer of away) expectUnavailable(answer);
    await sandboxed.fault({ reset: true });
    sandboxed.clock.advance(60_000);
    const back = await Promise.all(Array.from({ length: 10 }, () => buy(counter, key)));
    expect(statuses(back)).toEqual([...Array(9).fill(200), 201]);
    expect(await ordersFor(sandboxed, (await kept(counter)).id)).toHaveLength(1);
  });
});

describe('a provider that made the order and lost the answer', () => {
  test.each(['api_500_after_commit', 'api_reset_after_commit'])(
    '%s: the order is found by its receipt at once',
    async (fault) => {
      const counter = await sandboxed.signUp();
      const key = uniqueKey();
      await sandboxed.fault({ [fault]: true });
      const made = await buy(counter, key);
      expect(made.status).toBe(201);
      const orders = await ordersFor(sandboxed, made.body.id);
      expect(orders.map(({ id }) => id)).toEqual([made.body.providerOrderId]);
    },
  );

  test.each(['fail', 'lose'] as const)(
    'and look-ups %s too: 503 until they answer, then that same order',
    async (find) => {
      const counter = await scripted.signUp();
      const key = uniqueKey();
      const before = provider.orders.length;
      Object.assign(provider, { create: 'lose', find });
      expectUnavailable(await buy(counter, key));
      expectUnavailable(await buy(counter, key));
      expect(provider.orders).toHaveLength(before + 1);
      Object.assign(provider, { create: 'answer', find: 'answer' });
      const made = await buy(counter, key);
      expect(made).toMatchObject({ status: 201, body: { providerOrderId: provider.orders.at(-1)?.id } });
      expect(provider.orders).toHaveLength(before + 1);
    },
  );

  test('and ten concurrent tries, before and after it answers again: one order', async () => {
    const counter = await scripted.signUp();
    const key = uniqueKey();
    const before = provider.orders.length;
    Object.assign(provider, { create: 'lose', find: 'fail' });
    const lost = await Promise.all(Array.from({ length: 10 }, () => buy(counter, key)));
    for (const answer of lost) expectUnavailable(answer);
    scripted.clock.advance(60_000);
    Object.assign(provider, { create: 'answer', find: 'answer' });
    const back = await Promise.all(Array.from({ length: 10 }, () => buy(counter, key)));
    expect(statuses(back)).toEqual([...Array(9).fill(200), 201]);
    expect(provider.orders).toHaveLength(before + 1);
  });

  test('and the server is started anew: the same key still finds it', async () => {
    const counter = await scripted.signUp();
    const key = uniqueKey();
    const before = provider.orders.length;
    Object.assign(provider, { create: 'lose', find: 'fail' });
    expectUnavailable(await buy(counter, key));
    await scripted.restart();
    Object.assign(provider, { create: 'answer', find: 'answer' });
    expect((await buy(counter, key)).status).toBe(201);
    expect(provider.orders).toHaveLength(before + 1);
  });
});

describe('a provider that takes its time', () => {
  test('is asked once by ten at once: nine wait for the first one, which makes the only order', async () => {
    const counter = await scripted.signUp();
    const key = uniqueKey();
    const before = provider.orders.length;
    provider.create = 'hold';
    const asked = Promise.all(Array.from({ length: 10 }, () => buy(counter, key)));
    await waiting(scripted.databaseUrl, 'select pg_advisory_xact_lock(hashtextextended%', 9);
    expect(provider.orders).toHaveLength(before + 1);
    provider.letGo();
    expect(statuses(await asked)).toEqual([...Array(9).fill(200), 201]);
    expect(provider.orders).toHaveLength(before + 1);
  });
});

describe('while the provider is asked', () => {
  test('the database may end every connection: the server lives on, and the same key finds the one order', async () => {
    const counter = await scripted.signUp();
    const key = uniqueKey();
    const before = provider.orders.length;
    provider.create = 'hold';
    const asked = buy(counter, key);
    await expect.poll(() => provider.orders.length).toBe(before + 1);
    await scripted.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'pharmapulse%'",
    );
    provider.letGo();
    expectUnavailable(await asked);
    const made = await buy(counter, key);
    expect(made.status).toBeLessThan(300);
    expect(made.body.providerOrderId).toBe(provider.orders.at(-1)?.id);
    expect(provider.orders).toHaveLength(before + 1);
  });
});

describe('a provider that hangs', () => {
  test('costs 503 in the end, or the order that it made; meanwhile what needs no provider is answered', async () => {
    const owner = await sandboxed.signUp();
    await owner.ownPlan();
    const [first, second] = [await sandboxed.signUp(), await sandboxed.signUp()];
    const key = uniqueKey();
    await sandboxed.fault({ api_hang: 1, api_hang_after_commit: 1 });
    const nothingDone = buy(first, key);
    await faultUsedUp('api_hang');
    const allDone = buy(second, uniqueKey());
    const spend = { body: { amount: 1, feature: 'ai.assist' }, key: uniqueKey() };
    expect((await owner.request('POST', '/api/credits/spend', spend)).status).toBe(200);
    expect((await first.status()).plan).toBeNull();
    expectUnavailable(await nothingDone);
    const continued = await buy(first, key);
    for (const made of [continued, await allDone]) {
      expect(made.status).toBe(201);
      expect(await ordersFor(sandboxed, made.body.id)).toHaveLength(1);
    }
  });
});

/** The first call has reached the provider and hangs there. */
async function faultUsedUp(name: string): Promise<void> {
  await expect
    .poll(async () => {
      const { body } = await sandboxed.request<{ faults: Record<string, unknown> }>('GET', '/sandbox/faults');
      return body.faults[name];
    })
    .toBe(false);
}

test('every answer of this file kept the rules of all answers', async () => {
  await expectEveryAnswerKeptTheRules(sandboxed);
  await expectEveryAnswerKeptTheRules(scripted);
});
