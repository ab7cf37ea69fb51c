// Branches: as many as the plan includes, under concurrency, and after the plan was refunded.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Money, money } from '../payments/money.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import type { Answer, Counter } from './started.ts';

let world: Money;
beforeAll(async () => {
  world = await money();
});
afterAll(async () => {
  await expectEveryAnswerKeptTheRules(world.server);
  await world.server.dispose();
});

const ask = (counter: Counter, name = 'Kothrud') => counter.request('POST', '/api/branches', { body: { name } });
const include = (counter: Counter, branches: number) =>
  world.server.sql('update subscription set branches_included = $2 where org_id = $1', [counter.orgId, branches]);
const branchesOf = async ({ orgId }: Counter): Promise<number> =>
  (await world.server.sql('select from branch where org_id = $1', [orgId])).length;
const expectLimit = (answer: Answer) =>
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'branch_limit', retryable: false } } });

describe('a further branch', () => {
  test('without a plan, and with a plan that includes the first one only, is branch_limit', async () => {
    const counter = await world.stranger();
    expectLimit(await ask(counter));
    await counter.ownPlan();
    expectLimit(await ask(counter));
    expect(await branchesOf(counter)).toBe(1);
  });

  test('two at once where one is left: one is made, the other is branch_limit, every time', async () => {
    const counter = await world.owner();
    for (let included = 2; included <= 6; included += 1) {
      await include(counter, included);
      const answers = await Promise.all([ask(counter, 'Kothrud'), ask(counter, 'Baner')]);
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
      expect(await branchesOf(counter)).toBe(included);
    }
  });

  test('after the plan was refunded none is added, and those that exist stay and work', async () => {
    const counter = await world.stranger();
    const plan = await counter.ownPlan();
    await include(counter, 3);
    expect((await ask(counter)).status).toBe(201);
    await world.refund(plan);
    expectLimit(await ask(counter, 'Baner'));
    expect(await branchesOf(counter)).toBe(2);
    // Bought again, the plan includes one: there are two, and both stay.
    await counter.ownPlan();
    expectLimit(await ask(counter, 'Baner'));
    expect(await branchesOf(counter)).toBe(2);
    const { body } = await counter.request<{ items: object[] }>('GET', '/api/devices');
    expect(body.items).toMatchObject([{ branchId: counter.branchId, revokedAt: null }]);
  });

  test('while the plan is being refunded is made before or not at all', async () => {
    const counter = await world.stranger();
    const plan = await counter.ownPlan();
    await include(counter, 2);
    const [answer] = await Promise.all([ask(counter), world.refund(plan)]);
    expect([201, 403]).toContain(answer.status);
    expect(await branchesOf(counter)).toBe(answer.status === 201 ? 2 : 1);
    expectLimit(await ask(counter, 'Baner'));
  });

  test('stays possible after a lapse, as far as the plan includes it', async () => {
    const counter = await world.owner();
    await include(counter, 2);
    world.server.clock.set('2028-06-01T06:30:00.000Z');
    expect((await counter.status()).subscription.serviceRenewalStatus).toBe('lapsed');
    expect((await ask(counter)).status).toBe(201);
    expectLimit(await ask(counter, 'Baner'));
  });
});
