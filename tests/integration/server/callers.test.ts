// Who may call: every route but the public ones needs the token of a counter that is not revoked, and says which it lacks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describedBy, expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { goodBodies } from './refusal-bodies.ts';
import { type Counter, type Started, started, uniqueKey } from './started.ts';

/** Whoever may call without a token, and why. */
const publicRoutes = [
  'POST /api/orgs',
  'POST /api/devices/join',
  'POST /api/billing/webhook',
  'GET /pay/{purchaseId}',
  'GET /pay/{purchaseId}/state',
  'GET /healthz',
  'GET /readyz',
  'GET /test/clock',
  'POST /test/clock',
];
const operatorRoutes = /^\w+ \/(api\/admin\/|metrics$)/;

let server: Started;
let owner: Counter;
let revoked: Counter;

beforeAll(async () => {
  server = await started({ TEST_CLOCK: '1' });
  owner = await server.signUp();
  revoked = await server.signUp({ legalName: 'Revoked Medicals' });
  await revoked.request('DELETE', `/api/devices/${revoked.deviceId}`);
});
afterAll(() => server.dispose());

async function signedInRoutes(): Promise<string[]> {
  const { paths } = await describedBy(server);
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((route) => !publicRoutes.includes(route) && !operatorRoutes.test(route));
}

/** Asks every signed-in route with this header and returns what each answered. */
async function askAll(authorization: string | null): Promise<string[]> {
  const answers: string[] = [];
  for (const route of await signedInRoutes()) {
    const [method = '', path = ''] = route.split(' ');
    const body = ['POST', 'PUT', 'PATCH'].includes(method)
      ? (goodBodies[path as keyof typeof goodBodies] ?? {})
      : undefined;
    const answer = await server.request<{ error?: { code?: string } }>(method, path.replace(/\{\w+\}/, 'x_1'), {
      key: uniqueKey(),
      headers: authorization === null ? {} : { authorization },
      ...(body === undefined ? {} : { body }),
    });
    answers.push(`${answer.status} ${answer.body.error?.code ?? ''}`);
  }
  expect(answers.length).toBeGreaterThanOrEqual(15);
  return [...new Set(answers)];
}

describe('every signed-in route', () => {
  test.each([
    ['no header', () => null],
    ['another scheme', () => `Basic ${owner.deviceToken}`],
    ['a token without its scheme', () => owner.deviceToken],
    ['an empty token', () => 'Bearer '],
    ['a token that was never issued', () => `Bearer ${'A'.repeat(43)}`],
    ['a token with one character less', () => `Bearer ${owner.deviceToken.slice(0, -1)}`],
    ['a token in lower case', () => `Bearer ${owner.deviceToken.toLowerCase()}`],
    ['a token with a space in it', () => `Bearer ${owner.deviceToken.slice(0, 20)} ${owner.deviceToken.slice(20)}`],
    ['a token of many kilobytes', () => `Bearer ${'A'.repeat(5000)}`],
  ])('with %s: 401 unauthenticated, and nothing is changed', async (_what, header) => {
    expect(await changesNothing(server, () => askAll(header()))).toEqual(['401 unauthenticated']);
  });

  test('with the token of a revoked counter: 401 device_revoked, and nothing is changed', async () => {
    const authorization = `Bearer ${revoked.deviceToken}`;
    expect(await changesNothing(server, () => askAll(authorization))).toEqual(['401 device_revoked']);
  });

  test('says so before it looks at the body: a stranger learns nothing from its faults, and is not waited for', async () => {
    const headers = { 'content-type': 'text/plain', authorization: 'Bearer x' };
    for (const raw of ['nonsense', 'x'.repeat(100_000)]) {
      for (const route of ['/api/credits/spend', '/api/billing/plan/purchase', '/api/branches']) {
        expect(await server.request('POST', route, { raw, headers }), route).toMatchObject({ status: 401 });
      }
    }
  });

  test('with a token in the address instead of the header: 401', async () => {
    const answer = await server.request('GET', `/api/billing/status?token=${owner.deviceToken}`);
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
  });
});

describe('the server', () => {
  test('stores no token, only its SHA-256', async () => {
    const rows = await server.sql<{ row: string }>('select to_jsonb(device)::text as row from device');
    expect(rows.some(({ row }) => row.includes(owner.deviceToken))).toBe(false);
    const [found] = await server.sql<{ id: string }>(
      "select device_id as id from device where token_hash = sha256(convert_to($1, 'UTF8'))",
      [owner.deviceToken],
    );
    expect(found?.id).toBe(owner.deviceId);
  });

  test('answers 404, not 401, where there is no route, so that routes cannot be told from their refusals', async () => {
    const answer = await server.request('GET', '/api/credits/gifts');
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
});
