// The test clock: set forward from outside, kept over a restart, never backwards; what falls due is done before it answers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { type Counter, orderOf, type Started, started } from './started.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started({ TEST_CLOCK: '1' });
  counter = await server.signUp();
});
afterAll(() => server.dispose());

const read = async () => (await server.request<{ now: string }>('GET', '/test/clock')).body.now;
const set = (now: string) => server.request<{ now: string }>('POST', '/test/clock', { body: { now } });

describe('the test clock', () => {
  test("shows the machine's time until it is set, then ticks on from what was set", async () => {
    expect(await read()).toBe('2026-11-22T06:30:00.000Z');
    expect(await set('2026-12-01T00:00:00.000Z')).toMatchObject({
      status: 200,
      body: { now: '2026-12-01T00:00:00.000Z' },
    });
    server.clock.advance(61_000);
    expect(await read()).toBe('2026-12-01T00:01:01.000Z');
    expect((await counter.status()).serverTime).toBe('2026-12-01T00:01:01.000Z');
  });

  test('is set in any zone, and to the same instant again', async () => {
    expect(await set('2026-12-02T05:30:00+05:30')).toMatchObject({ status: 200 });
    expect(await read()).toBe('2026-12-02T00:00:00.000Z');
    expect((await set('2026-12-02T00:00:00.000Z')).status).toBe(200);
  });

  test('never goes back: 400, and it stays where it was', async () => {
    const before = await read();
    const refused = await changesNothing(server, () => set('2026-12-01T23:59:59.999Z'));
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
    expect(await read()).toBe(before);
  });

  test('is kept over a restart', async () => {
    const before = await read();
    await server.restart();
    expect(await read()).toBe(before);
    server.clock.advance(1_000);
    expect(await read()).toBe('2026-12-02T00:00:01.000Z');
  });

  test('has everything that fell due done before it answers: expiry, webhooks that waited, money that goes back', async () => {
    const expiring = await counter.buyPlan();
    await set('2026-12-05T00:00:01.000Z');
    const list = await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases');
    expect(list.body.items).toMatchObject([{ id: expiring.id, state: 'expired' }]);
    const plan = await counter.buyPlan();
    // Less than the minute after which the provider is asked anyway.
    await server.fault({ webhook_delay_seconds: 30 });
    await server.play(orderOf(plan), 'pay');
    await set('2026-12-05T00:00:30.000Z');
    expect((await counter.purchase(plan.id)).state).toBe('awaiting_payment');
    await set('2026-12-05T00:00:32.000Z');
    expect((await counter.purchase(plan.id)).state).toBe('paid');
    await server.play(orderOf(expiring), 'pay');
    await set('2026-12-05T03:00:00.000Z');
    expect((await counter.purchase(expiring.id)).state).toBe('refunded');
  });
});

test('without TEST_CLOCK there is no such route', async () => {
  const plain = await started();
  for (const method of ['GET', 'POST']) {
    const options = method === 'POST' ? { body: { now: '2030-01-01T00:00:00.000Z' } } : {};
    expect(await plain.request(method, '/test/clock', options)).toMatchObject({ status: 404 });
  }
  await plain.dispose();
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
