// Counters and servers of different versions: whoever is not understood is told so in a code, before anything is done.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oldestProtocolVersion, protocolVersion } from '../../../shared/contract/protocol.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { type Counter, type Started, started, uniqueKey } from './started.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started();
  counter = await server.signUp();
});
afterAll(() => server.dispose());

const version = (said: string) => ({ 'x-protocol-version': said });

test.each([String(oldestProtocolVersion), String(protocolVersion)])('version %s is understood', async (said) => {
  expect((await counter.request('GET', '/api/sync/feed', { headers: version(said) })).status).toBe(200);
});

test('whoever says no version is taken as it is', async () => {
  expect((await counter.request('GET', '/api/sync/feed')).status).toBe(200);
});

test.each([String(oldestProtocolVersion - 1), String(protocolVersion + 1), '', 'two', '1.5', '-1'])(
  'version "%s" is refused for now and not for good, with the range, and nothing is made of the request',
  async (said) => {
    const asked = () =>
      counter.request('POST', '/api/billing/plan/purchase', { body: {}, key: uniqueKey(), headers: version(said) });
    expect(await changesNothing(server, asked)).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'protocol_unsupported',
          retryable: true,
          details: { oldest: oldestProtocolVersion, newest: protocolVersion },
        },
      },
    });
  },
);

test('a counter without a token is told of its version first; pages and webhooks have none', async () => {
  const headers = version(String(protocolVersion + 1));
  expect((await server.request('GET', '/api/sync/feed', { headers })).status).toBe(409);
  expect((await server.request('GET', '/healthz', { headers })).status).toBe(200);
});

test('every answer of this file kept the rules of all answers', async () => {
  await expectEveryAnswerKeptTheRules(server);
});
