// Usage from the ledger: by day in Asia/Kolkata, by feature, by counter; both days of the range included.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Usage } from '../../../shared/contract/usage.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { type Counter, orderOf, type Started, started, uniqueKey } from './started.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started();
  // 12:00 on 22 November in Kolkata.
  counter = await server.signUp();
  await counter.ownPlan();
  await spend(100, 'ai.assist');
  // One second before midnight in Kolkata, and one after.
  server.clock.set('2026-11-22T18:29:59.000Z');
  await spend(20, 'ai.batch');
  server.clock.set('2026-11-22T18:30:01.000Z');
  await spend(3, 'ai.assist');
  const topUp = await counter.topUp(1);
  await server.play(orderOf(topUp), 'pay');
  await server.settle();
});
afterAll(() => server.dispose());

async function spend(amount: number, feature: string): Promise<void> {
  const answer = await counter.request('POST', '/api/credits/spend', { key: uniqueKey(), body: { amount, feature } });
  expect(answer.status).toBe(200);
}

const usage = async (query: string) => (await counter.request<Usage>('GET', `/api/credits/usage?${query}`)).body.rows;

describe('usage', () => {
  test('by day: midnight is that of Kolkata, and both days of the range are in it', async () => {
    const first = { key: '2026-11-22', spent: 120, granted: 50_000 };
    const second = { key: '2026-11-23', spent: 3, granted: 50_000 };
    expect(await usage('from=2026-11-22&to=2026-11-23&by=day')).toEqual([first, second]);
    expect(await usage('from=2026-11-22&to=2026-11-22&by=day')).toEqual([first]);
    expect(await usage('from=2026-11-23&to=2026-11-30&by=day')).toEqual([second]);
    expect(await usage('from=2026-11-24&to=2026-11-30&by=day')).toEqual([]);
  });

  test('by feature: what has none stands under its kind', async () => {
    expect(await usage('from=2026-11-22&to=2026-11-23&by=feature')).toEqual([
      { key: 'ai.assist', spent: 103, granted: 0 },
      { key: 'ai.batch', spent: 20, granted: 0 },
      { key: 'monthly_grant', spent: 0, granted: 50_000 },
      { key: 'topup', spent: 0, granted: 50_000 },
    ]);
  });

  test('by device: each counter has its own, and the sums of all are the balance', async () => {
    const rows = await usage('from=2026-11-22&to=2026-11-23&by=device');
    expect(rows.map(({ key }) => key)).toEqual([counter.deviceId, 'system']);
    const left = rows.reduce((sum, row) => sum + row.granted - row.spent, 0);
    expect(left).toBe((await counter.status()).credits.balance);
  });

  test('a range that ends before it begins, a day that is none, another way to group: 400', async () => {
    for (const query of [
      'from=2026-11-23&to=2026-11-22&by=day',
      'from=2026-02-30&to=2026-11-22&by=day',
      'from=2026-11-22&to=2026-11-22&by=hour',
      'from=2026-11-22&by=day',
    ]) {
      const answer = await counter.request('GET', `/api/credits/usage?${query}`);
      expect(answer, query).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
    }
  });

  test('of another org is nothing', async () => {
    const other = await server.signUp();
    const answer = await other.request<Usage>('GET', '/api/credits/usage?from=2026-11-22&to=2026-11-23&by=day');
    expect(answer.body.rows).toEqual([]);
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
