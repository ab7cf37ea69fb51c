// The database goes away and comes back: the server says so, loses nothing, and needs no restart.
import type { Socket } from 'node:net';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { goodBodies } from './refusal-bodies.ts';
import { type Counter, playedClock, type Started, started, uniqueKey } from './started.ts';
import { type Wire, wireTo } from './wire.ts';

let wire: Wire;
let server: Started;
let counter: Counter;

beforeAll(async () => {
  server = await started({}, playedClock(), async (databaseUrl) => {
    wire = await wireTo(databaseUrl);
    return wire.url;
  });
  counter = await server.signUp();
  await counter.ownPlan();
});
afterAll(async () => {
  await server.dispose();
  await wire.cut();
});

const asks: readonly (readonly [string, string])[] = [
  ['GET', '/api/billing/status'],
  ['GET', '/api/sync/feed'],
  ['GET', '/api/sync/events'],
  ['GET', '/api/billing/purchases'],
  ['GET', '/api/billing/invoices'],
  ['GET', '/api/billing/invoices.csv'],
  ['GET', '/api/billing/invoices/inv_1/pdf'],
  ['GET', '/api/billing/profile'],
  ['PUT', '/api/billing/profile'],
  ['GET', '/api/devices'],
  ['POST', '/api/credits/spend'],
  ['POST', '/api/billing/credits/topup'],
  ['POST', '/api/orgs'],
  ['GET', '/pay/pur_1?t=x'],
  ['GET', '/readyz'],
];

const ask = ([method, path]: readonly [string, string], key: string) => {
  const body = method === 'GET' ? undefined : goodBodies[path as keyof typeof goodBodies];
  return counter.request<{ error: { code: string } }>(method, path, { key, ...(body === undefined ? {} : { body }) });
};

describe('while the database is away', () => {
  test('every route that needs it answers 503 unavailable with Retry-After; the process itself is healthy', async () => {
    await wire.cut();
    for (const route of asks) {
      const answer = await ask(route, uniqueKey());
      expect(answer, route.join(' ')).toMatchObject({
        status: 503,
        body: { error: { code: 'unavailable', retryable: true } },
      });
      expect(Number(answer.headers.get('retry-after')), route.join(' ')).toBeGreaterThan(0);
    }
    expect((await server.request('GET', '/healthz')).status).toBe(200);
    await wire.join();
  });

  test('a request that failed then is done by its own key when the database is back, once', async () => {
    const key = uniqueKey();
    await wire.cut();
    expect((await ask(['POST', '/api/credits/spend'], key)).status).toBe(503);
    await wire.join();
    expect((await ask(['POST', '/api/credits/spend'], key)).status).toBe(200);
    await changesNothing(server, async () => {
      expect((await ask(['POST', '/api/credits/spend'], key)).status).toBe(200);
    });
    expect((await counter.status()).credits.balance).toBe(49_995);
  });
});

test('a connection that breaks before the first statement of a transaction is not lost: all of them may, and more', async () => {
  const { app, inOrg, unscoped } = server.parts.database;
  const breakOne = (client: PoolClient) => {
    (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
  };
  for (let time = 0; time < 25; time += 1) {
    app.once('acquire', breakOne);
    const begun = time % 2 === 0 ? inOrg('org_none', async () => 'done') : unscoped.transaction(async () => 'done');
    await expect(begun, `time ${time}`).rejects.toThrow();
  }
  expect(app.totalCount).toBe(0);
  expect(await inOrg('org_none', async () => 'done')).toBe('done');
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
