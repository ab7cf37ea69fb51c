// Rate limits are per address: whoever asks too often waits, and nobody else does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { goodBodies } from './refusal-bodies.ts';
import { type Started, started } from './started.ts';

let server: Started;
const token = 'operators-own-token';
beforeAll(async () => {
  server = await started({ ADMIN_TOKEN: token });
});
afterAll(() => server.dispose());

const signUp = (from: string) => server.request('POST', '/api/orgs', { body: goodBodies['/api/orgs'], from });
const join = (from: string) =>
  server.request('POST', '/api/devices/join', { body: goodBodies['/api/devices/join'], from });

// A Mac has only 127.0.0.1 without being told of more.
describe.runIf(process.platform !== 'darwin')('an address that asks too often', () => {
  test('is refused its 21st sign-up in a minute with Retry-After; another address is not', async () => {
    for (let time = 1; time <= 20; time += 1) expect((await signUp('127.0.0.2')).status, `sign-up ${time}`).toBe(201);
    const refused = await changesNothing(server, () => signUp('127.0.0.2'));
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited', retryable: true } } });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await signUp('127.0.0.3')).status).toBe(201);
  });

  test('cannot guess join codes for long: the 21st try in a minute is refused, from another address it is not', async () => {
    for (let time = 1; time <= 20; time += 1) expect((await join('127.0.0.4')).status, `try ${time}`).toBe(404);
    expect(await join('127.0.0.4')).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
    expect((await join('127.0.0.5')).status).toBe(404);
  });

  test('has used up one limit only: sign-ups do not count as joins', async () => {
    expect((await signUp('127.0.0.2')).status).toBe(429);
    expect((await join('127.0.0.2')).status).toBe(404);
  });

  test('cannot guess the operator’s token for long: its 301st wrong one in a minute is refused; the right one never is', async () => {
    const asOperator = (guess: string, from: string) =>
      server.request('GET', '/api/admin/orgs', { token: guess, from });
    for (let batch = 0; batch < 6; batch += 1) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => asOperator(`${batch}-${at}`, '127.0.0.7')),
      );
      expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
    }
    const refused = await asOperator('one-more', '127.0.0.7');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited', retryable: true } } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await asOperator(token, '127.0.0.7')).status).toBe(200);
    expect((await asOperator('elsewhere', '127.0.0.8')).status).toBe(401);
  });

  test('may look at a pay page 600 times a minute, and no more', async () => {
    const look = () => server.request('GET', '/pay/pur_none/state?t=x', { from: '127.0.0.6' });
    const statuses: number[] = [];
    for (let batch = 0; batch < 12; batch += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, look));
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses.filter((status) => status === 404)).toHaveLength(600);
    expect((await look()).status).toBe(429);
  });
});

test('every answer of this file kept the rules of all answers', async () => {
  await signUp('127.0.0.1');
  await Promise.all([server.request('GET', '/healthz'), server.request('GET', '/readyz')]);
  await expectEveryAnswerKeptTheRules(server);
});
