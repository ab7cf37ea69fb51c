// Idempotency keys: the first result for ever, also when ten ask at once; a refusal is not remembered.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { hold, waiting } from './locks.ts';
import { ordersFor } from './orders.ts';
import { goodBodies } from './refusal-bodies.ts';
import { type Counter, orderOf, type Started, started, uniqueKey } from './started.ts';

const plan = '/api/billing/plan/purchase';
const topup = '/api/billing/credits/topup';
const spend = '/api/credits/spend';
const needing = [plan, '/api/billing/renewal/subscribe', topup, spend] as const;

let server: Started;
let owner: Counter;
beforeAll(async () => {
  server = await started();
  owner = await server.signUp();
  await owner.ownPlan();
});
afterAll(() => server.dispose());

const ten = <T>(ask: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 10 }, ask));
const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

describe('a request that moves money', () => {
  test.each(needing)('POST %s without a key, or with one that is none, is 400 and changes nothing', (route) =>
    changesNothing(server, async () => {
      const body = goodBodies[route];
      for (const key of [undefined, '', 'x'.repeat(65), 'a b', 'a/b', 'a,b', 'a=']) {
        const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
        const answer = await owner.request<ErrorBody>('POST', route, { body, headers });
        expect(answer, `key ${key}`).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
        expect(answer.body.error.details?.faults, `key ${key}`).toMatchObject([{ path: 'headers.idempotency-key' }]);
      }
    }),
  );

  test('takes a key of 64 characters and of one', async () => {
    for (const key of ['K'.repeat(64), '_']) {
      expect((await owner.request('POST', spend, { body: goodBodies[spend], key })).status).toBe(200);
    }
  });
});

describe('the same key and body', () => {
  test('ten first purchases at once: one 201 and nine 200 with the same body, one purchase, one order', async () => {
    const counter = await server.signUp();
    const key = uniqueKey();
    const answers = await ten(() => counter.request<Purchase>('POST', plan, { body: {}, key }));
    expect(statuses(answers)).toEqual([...Array(9).fill(200), 201]);
    const [first] = answers;
    for (const { body } of answers) expect(body).toEqual(first?.body);
    const list = await counter.request<{ items: Purchase[] }>('GET', '/api/billing/purchases');
    expect(list.body.items).toHaveLength(1);
    expect(await ordersFor(server, first?.body.id ?? '')).toHaveLength(1);
  });

  test('ten spends at once take credits once and answer alike', async () => {
    const { balance } = (await owner.status()).credits;
    const key = uniqueKey();
    const answers = await ten(() => owner.request('POST', spend, { body: { amount: 700, feature: 'ai.assist' }, key }));
    expect(statuses(answers)).toEqual(Array(10).fill(200));
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect((await owner.status()).credits.balance).toBe(balance - 700);
  });

  test('answer 200 with the first result for ever: after it was paid, and by another server on the same database', async () => {
    const key = uniqueKey();
    const first = await owner.request<Purchase>('POST', topup, { body: { packs: 2 }, key });
    expect(first).toMatchObject({ status: 201, body: { state: 'awaiting_payment', amountPaise: 500_000 } });
    await server.play(orderOf(first.body), 'pay');
    await server.settle();
    expect((await owner.purchase(first.body.id)).state).toBe('paid');
    const again = await owner.request('POST', topup, { body: { packs: 2 }, key });
    expect(again).toMatchObject({ status: 200, body: first.body });
    await server.restart();
    const later = await changesNothing(server, () => owner.request('POST', topup, { body: { packs: 2 }, key }));
    expect(later).toMatchObject({ status: 200, body: first.body });
  });

  test('are the same however the JSON is written: order of fields, blanks, fields that nobody knows', async () => {
    const key = uniqueKey();
    const write = (raw: string) =>
      owner.request('POST', spend, { raw, key, headers: { 'content-type': 'application/json' } });
    const first = await write('{"amount":3,"feature":"ai.assist","reference":"bill 7"}');
    const second = await write('{ "reference": " bill 7 ", "feature": "ai.assist", "note": 1, "amount": 3 }');
    expect(second).toMatchObject({ status: 200, body: first.body as object });
  });
});

describe('a key that was used for something else', () => {
  test('another body, another route: 409 idempotency_key_reused, and nothing is changed', async () => {
    const key = uniqueKey();
    expect((await owner.request('POST', topup, { body: { packs: 3 }, key })).status).toBe(201);
    await changesNothing(server, async () => {
      for (const [route, body] of [
        [topup, { packs: 4 }],
        [topup, { packs: 3, expectedAmountPaise: 750_000 }],
        [plan, {}],
        [spend, { amount: 5, feature: 'ai.assist' }],
      ] as const) {
        const answer = await owner.request('POST', route, { body, key });
        expect(answer, route).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_reused' } } });
      }
    });
    const spent = uniqueKey();
    await owner.request('POST', spend, { body: { amount: 5, feature: 'ai.assist' }, key: spent });
    const other = { body: { amount: 6, feature: 'ai.assist' }, key: spent };
    expect(await owner.request('POST', spend, other)).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_key_reused' } },
    });
  });

  test.each([
    [spend, topup],
    [topup, spend],
  ] as const)('used on two routes at the same moment: %s is done, %s is 409', async (first, second) => {
    const key = uniqueKey();
    const atTheHead = '%credit_balance_cache%';
    // Both are on their way before either can write: the head of the ledger decides who was first.
    const release = await hold(
      server.databaseUrl,
      `select from credit_balance_cache where org_id = '${owner.orgId}' for update`,
    );
    const done = owner.request('POST', first, { body: goodBodies[first], key });
    await waiting(server.databaseUrl, atTheHead, 1);
    const refused = owner.request('POST', second, { body: goodBodies[second], key });
    await waiting(server.databaseUrl, atTheHead, 2);
    await release();
    expect((await done).status).toBeLessThan(300);
    expect(await refused).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_reused' } } });
  });

  test("is free again for another org: keys are each org's own", async () => {
    const key = uniqueKey();
    await owner.request('POST', topup, { body: { packs: 1 }, key });
    const counter = await server.signUp();
    expect((await counter.request('POST', plan, { body: {}, key })).status).toBe(201);
  });
});

describe('a refusal is not remembered', () => {
  test('plan_required, then the plan is bought, then the same key buys the top-up', async () => {
    const counter = await server.signUp();
    const wish = { body: { packs: 1 }, key: uniqueKey() };
    expect(await counter.request('POST', topup, wish)).toMatchObject({ status: 403 });
    await counter.ownPlan();
    expect(await counter.request('POST', topup, wish)).toMatchObject({ status: 201, body: { sku: 'topup.50k' } });
  });

  test('insufficient_credits, then a top-up, then the same key spends', async () => {
    const counter = await server.signUp();
    await counter.ownPlan();
    const wish = { body: { amount: 50_001, feature: 'ai.assist' }, key: uniqueKey() };
    expect((await counter.request('POST', spend, wish)).status).toBe(402);
    await server.play(orderOf(await counter.topUp(1)), 'pay');
    await server.settle();
    expect(await counter.request('POST', spend, wish)).toMatchObject({ status: 200, body: { balance: 49_999 } });
  });
});

describe("the counter's own purchase id", () => {
  test('is the id of the purchase, and sent again with another key it is still that one purchase', async () => {
    const body = { id: 'pur_01COUNTERS-own_id', packs: 1 };
    const first = await owner.request<Purchase>('POST', topup, { body, key: uniqueKey() });
    expect(first).toMatchObject({ status: 201, body: { id: body.id } });
    const second = await owner.request<Purchase>('POST', topup, { body, key: uniqueKey() });
    expect(second.status).toBeLessThan(300);
    expect(second.body).toEqual(first.body);
    expect(await ordersFor(server, body.id)).toHaveLength(1);
  });

  test('names one thing: another purchase under it is 409', async () => {
    const id = 'pur_taken';
    await owner.request('POST', topup, { body: { id, packs: 1 }, key: uniqueKey() });
    const answer = await owner.request('POST', topup, { body: { id, packs: 2 }, key: uniqueKey() });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_reused' } } });
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
