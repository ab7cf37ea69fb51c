// What a lapse turns off, and nothing else; and that paying restores it at once. On a real server over HTTP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { type Counter, orderOf, playedClock, type Started, started, uniqueKey } from './started.ts';

const bought = '2026-11-22T06:30:00.000Z';
const inGrace = '2027-12-06T18:29:59.000Z';
const lapsedAt = '2027-12-06T18:30:00.000Z';

let server: Started;
let owner: Counter;
beforeAll(async () => {
  server = await started({}, playedClock(bought));
  owner = await server.signUp();
  await owner.ownPlan();
});
afterAll(() => server.dispose());

const chat = { model: 'echo-1', messages: [{ role: 'user', content: 'hello' }], max_tokens: 8 };

/** Each way to use credits, for a feature. */
const uses = {
  spend: (who: Counter, feature: string, key = uniqueKey()) =>
    who.request('POST', '/api/credits/spend', { key, body: { amount: 5, feature } }),
  hold: (who: Counter, feature: string, key = uniqueKey()) =>
    who.request('POST', '/api/credits/holds', { key, body: { amount: 5, feature, ttlSeconds: 60 } }),
  'AI call': (who: Counter, feature: string, key = uniqueKey()) =>
    who.request('POST', '/api/ai/v1/chat/completions', { key, body: chat, headers: { 'x-feature': feature } }),
} as const;

const ok = { status: expect.toBeOneOf([200, 201]) };
const off = { status: 403, body: { error: { code: 'feature_unavailable', details: { feature: 'ai.batch' } } } };

describe.each(Object.entries(uses))('a %s', (_name, use) => {
  test('without a plan is refused for every feature', async () => {
    const stranger = await server.signUp();
    for (const feature of ['ai.assist', 'ai.batch']) {
      expect(await use(stranger, feature)).toMatchObject({ status: 403, body: { error: { code: 'plan_required' } } });
    }
  });

  test('is free for every feature to the last second of the grace', async () => {
    server.clock.set(inGrace);
    for (const feature of ['ai.assist', 'ai.batch']) expect(await use(owner, feature), feature).toMatchObject(ok);
  });

  test('after the lapse is refused for what is off, not for what stays, and a key that was used is answered still', async () => {
    server.clock.set(inGrace);
    const key = uniqueKey();
    const first = await use(owner, 'ai.batch', key);
    server.clock.set(lapsedAt);
    expect(await use(owner, 'ai.batch')).toMatchObject(off);
    expect(await use(owner, 'ai.assist')).toMatchObject(ok);
    const again = await use(owner, 'ai.batch', key);
    expect(again).toMatchObject(ok);
    expect(again.body).toEqual(first.body);
  });
});

describe('an org whose renewal has lapsed', () => {
  test('tops up, reads everything, and is told what is off in its status and its entitlement alike', async () => {
    server.clock.set(lapsedAt);
    expect(await owner.topUp(1)).toMatchObject({ state: 'awaiting_payment' });
    for (const path of ['/api/billing/purchases', '/api/credits/balance', '/api/sync/feed']) {
      expect(await owner.request('GET', path), path).toMatchObject({ status: 200 });
    }
    const { features } = await owner.status();
    const isOff = Object.entries(features).flatMap(([name, on]) => (on ? [] : [name]));
    expect(isOff).toEqual(['ai.batch', 'app.updates', 'support.priority', 'credits.monthly_grant']);
  });

  test('has everything again with the first request after the renewal was paid', async () => {
    server.clock.set(lapsedAt);
    expect(await uses.spend(owner, 'ai.batch')).toMatchObject(off);
    const { body } = await owner.request<Purchase>('POST', '/api/billing/renewal/subscribe', {
      key: uniqueKey(),
      body: { mode: 'manual' },
    });
    await server.play(orderOf(body), 'pay');
    await server.settle();
    expect(await uses.spend(owner, 'ai.batch')).toMatchObject(ok);
    expect(Object.values((await owner.status()).features)).toEqual(Array(8).fill(true));
  });

  test('has it also in a process that has not heard of the payment yet', async () => {
    const quiet = await server.signUp();
    await quiet.ownPlan();
    await server.sql("update subscription set service_renewal_next_due = '2027-01-01' where org_id = $1", [
      quiet.orgId,
    ]);
    server.parts.remembered.forget(quiet.orgId);
    expect(await uses.spend(quiet, 'ai.batch')).toMatchObject(off);
    // Written without a word to the processes that remember.
    await server.sql("update subscription set service_renewal_next_due = '2028-12-22' where org_id = $1", [
      quiet.orgId,
    ]);
    expect(await uses.spend(quiet, 'ai.batch')).toMatchObject(ok);
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
