// Refusals: what is malformed, unknown or not allowed is answered with its code, and changes nothing.
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Purchase } from '../../../shared/contract/billing.ts';
import type { ErrorBody, ErrorCode } from '../../../shared/contract/errors.ts';
import { errorCatalogue } from '../../../shared/contract/errors.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { contentOf } from './facts.ts';
import { badBodies, goodBodies, goodGstin, methodOf, noBodies, type Route } from './refusal-bodies.ts';
import { type Answer, type Counter, type Started, started, uniqueKey } from './started.ts';

let server: Started;
/** Owns the plan, with a paid purchase. */
let owner: Counter;
let paid: Purchase;
let stranger: Counter;
let strangersPurchase: Purchase;

beforeAll(async () => {
  server = await started({ TEST_CLOCK: '1' });
  owner = await server.signUp({ gstin: goodGstin });
  paid = await owner.ownPlan();
  stranger = await server.signUp({ legalName: 'Rival Chemists' });
  strangersPurchase = await stranger.buyPlan();
});
afterAll(() => server.dispose());

/** The answer is exactly this refusal. Every test of this file ends with the database as it began. */
function expectRefusal(answer: Answer, code: ErrorCode): ErrorBody['error'] {
  expect(answer.body).toMatchObject({ error: { code } });
  expect(answer.status).toBe(errorCatalogue[code].status);
  return (answer.body as ErrorBody).error;
}

/** Runs several requests and checks once for all of them that nothing changed. */
async function unchanged(work: () => Promise<unknown>): Promise<void> {
  const before = await contentOf(server);
  await work();
  expect(await contentOf(server)).toEqual(before);
}

const routes = Object.keys(goodBodies) as Route[];

describe('a bad body is 400 invalid_request, and details.faults says where', () => {
  test.each(routes)('%s: each malformed field', (route) =>
    unchanged(async () => {
      const bad = badBodies.filter((one) => one.route === route);
      expect(bad.length).toBeGreaterThan(3);
      for (const { what, change, at } of bad) {
        const body = { ...goodBodies[route], ...change };
        const answer = await owner.request<ErrorBody>(methodOf(route), route, { body, key: uniqueKey() });
        expect(answer.body, what).toMatchObject({ error: { code: 'invalid_request', retryable: false } });
        const { faults } = answer.body.error.details as { faults: { path: string; reason: string }[] };
        expect(
          faults.map(({ path }) => path),
          what,
        ).toContain(at);
        expect(
          faults.every(({ path, reason }) => path.length > 0 && reason.length > 0),
          what,
        ).toBe(true);
      }
    }),
  );

  test.each(routes)('%s: no JSON, too large, of another type', (route) =>
    unchanged(async () => {
      for (const { what, raw, type, status, code } of noBodies) {
        const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
        const answer = await owner.request(methodOf(route), route, {
          raw: type === '' ? Buffer.from(raw) : raw,
          headers,
          key: uniqueKey(),
        });
        expect(answer, what).toMatchObject({ status, body: { error: { code } } });
      }
    }),
  );

  test.each([
    ['POST', '/api/devices/join-codes'],
    ['POST', '/api/billing/purchases/pur_none/cancel'],
    ['PATCH', '/api/devices/dev_none'],
    ['DELETE', '/api/devices/dev_none'],
  ])('%s %s: a route that needs no body still reads the one that comes', (method, path) =>
    unchanged(async () => {
      const plain = { raw: 'hello', headers: { 'content-type': 'text/plain' } };
      expectRefusal(await owner.request(method, path, plain), 'unsupported_media_type');
      const broken = { raw: '{', headers: { 'content-type': 'application/json' } };
      expectRefusal(await owner.request(method, path, broken), 'invalid_request');
      const large = { raw: `"${'x'.repeat(70_000)}"`, headers: { 'content-type': 'application/json' } };
      expectRefusal(await owner.request(method, path, large), 'too_large');
    }),
  );

  test('the webhook takes 1 MiB and refuses more with 413', () =>
    unchanged(async () => {
      const raw = Buffer.alloc(1_048_577, 32);
      expectRefusal(await server.request('POST', '/api/billing/webhook', { raw }), 'too_large');
      expectRefusal(
        await server.request('POST', '/api/billing/webhook', { raw: raw.subarray(1) }),
        'invalid_signature',
      );
    }));
});

describe('a bad query is 400 invalid_request', () => {
  const far = Buffer.from('999999999999999 pur_x').toString('base64url');
  const odd = Buffer.from('1795331400000 \u0000').toString('base64url');
  test.each([
    ['/api/billing/purchases?limit=0', 'querystring.limit'],
    ['/api/billing/purchases?limit=201', 'querystring.limit'],
    ['/api/billing/purchases?limit=1.5', 'querystring.limit'],
    ['/api/billing/purchases?limit=many', 'querystring.limit'],
    ['/api/billing/purchases?limit=1&limit=2', 'querystring.limit'],
    ['/api/billing/purchases?state=queued', 'querystring.state'],
    ['/api/billing/purchases?cursor=nonsense', 'querystring.cursor'],
    [`/api/billing/purchases?cursor=${far}`, 'querystring.cursor'],
    [`/api/billing/purchases?cursor=${odd}`, 'querystring.cursor'],
    [`/api/billing/purchases?cursor=${'x'.repeat(201)}`, 'querystring.cursor'],
    ['/api/billing/invoices?limit=0', 'querystring.limit'],
    ['/api/billing/invoices?cursor=nonsense', 'querystring.cursor'],
    [`/api/billing/invoices?cursor=${far}`, 'querystring.cursor'],
    ['/api/billing/invoices?financialYear=2026', 'querystring.financialYear'],
    ['/api/billing/invoices.csv?from=2026-13-01', 'querystring.from'],
    ['/api/billing/invoices.csv?from=2026-11-01T00:00:00Z', 'querystring.from'],
    ['/api/billing/invoices.csv?from=2026-11-02&to=2026-11-01', 'querystring.to'],
    ['/api/sync/feed?limit=0', 'querystring.limit'],
    ['/api/sync/feed?limit=5001', 'querystring.limit'],
    ['/api/sync/feed?limit=-1', 'querystring.limit'],
    ['/api/sync/feed?after=-1', 'querystring.after'],
    ['/api/sync/feed?after=1.5', 'querystring.after'],
    ['/api/sync/feed?after=9007199254740993', 'querystring.after'],
    ['/api/sync/feed?after=x', 'querystring.after'],
    ['/api/sync/feed?snapshot=2', 'querystring.snapshot'],
  ])('GET %s', async (path, at) => {
    const error = expectRefusal(await owner.request('GET', path), 'invalid_request');
    expect(error.details?.faults).toMatchObject([{ path: at }]);
  });

  test('the feed after a number beyond the head is 200 and empty', async () => {
    const answer = await owner.request('GET', '/api/sync/feed?after=9007199254740991');
    expect(answer).toMatchObject({ status: 200, body: { entries: [], head: { seq: 1 } } });
  });
});

describe("what does not exist and what is another org's is 404 not_found alike", () => {
  const ids = ['pur_none', '%00', '%zz', 'a'.repeat(300), "'%20or%20''%3D'", '..%2f..%2fhealthz', '%F0%9F%92%8A'];
  test.each(ids)('an id that is none: %s', (id) =>
    unchanged(async () => {
      expectRefusal(await owner.request('GET', `/api/billing/purchases/${id}`), 'not_found');
      expectRefusal(await owner.request('POST', `/api/billing/purchases/${id}/cancel`), 'not_found');
      expectRefusal(await owner.request('GET', `/api/billing/invoices/${id}`), 'not_found');
      expectRefusal(await owner.request('GET', `/api/billing/invoices/${id}/pdf`), 'not_found');
      expectRefusal(await owner.request('DELETE', `/api/devices/${id}`), 'not_found');
      expectRefusal(await server.request('GET', `/pay/${id}?t=x`), 'not_found');
    }),
  );

  test("another org's purchase and counter", () =>
    unchanged(async () => {
      const { id } = strangersPurchase;
      expectRefusal(await owner.request('GET', `/api/billing/purchases/${id}`), 'not_found');
      expectRefusal(await owner.request('POST', `/api/billing/purchases/${id}/cancel`), 'not_found');
      expectRefusal(await owner.request('DELETE', `/api/devices/${stranger.deviceId}`), 'not_found');
      const list = await owner.request<{ items: Purchase[] }>('GET', '/api/billing/purchases');
      expect(list.body.items.map((item) => item.id)).toEqual([paid.id]);
    }));

  test("a pay page under another purchase's token, or none", () =>
    unchanged(async () => {
      const token = new URL(strangersPurchase.checkoutUrl ?? '').searchParams.get('t') ?? '';
      expect(token.length).toBeGreaterThan(20);
      for (const path of [`${paid.id}?t=${token}`, strangersPurchase.id, `${strangersPurchase.id}?t=%00`]) {
        const [id, query] = path.split('?');
        for (const place of ['', '/state', '/return']) {
          expectRefusal(await server.request('GET', `/pay/${id}${place}?${query ?? ''}`), 'not_found');
        }
      }
    }));

  test('a join code that was never given out', () =>
    unchanged(async () => {
      expectRefusal(
        await server.request('POST', '/api/devices/join', { body: goodBodies['/api/devices/join'] }),
        'not_found',
      );
    }));

  test.each([
    ['GET', '/'],
    ['GET', '/api'],
    ['GET', '/api/orgs'],
    ['PUT', '/api/credits/spend'],
    ['DELETE', '/api/billing/status'],
    ['OPTIONS', '/api/orgs'],
    ['POST', '/api/sync/feed'],
    ['GET', '/api/billing/status/'],
    ['GET', '/.env'],
  ])('a route that there is not: %s %s', async (method, path) => {
    expectRefusal(await owner.request(method, path), 'not_found');
  });
});

describe('a rule of the product refuses by its own code', () => {
  test('top-up, renewal and spend without a plan: plan_required', () =>
    unchanged(async () => {
      for (const route of [
        '/api/billing/credits/topup',
        '/api/billing/renewal/subscribe',
        '/api/credits/spend',
      ] as const) {
        const options = { body: goodBodies[route], key: uniqueKey() };
        expectRefusal(await stranger.request('POST', route, options), 'plan_required');
      }
    }));

  test('a second plan: plan_already_owned', () =>
    unchanged(async () => {
      const options = { body: {}, key: uniqueKey() };
      expectRefusal(await owner.request('POST', '/api/billing/plan/purchase', options), 'plan_already_owned');
    }));

  test('a branch beyond those included, with and without a plan: branch_limit', () =>
    unchanged(async () => {
      for (const counter of [owner, stranger]) {
        const options = { body: { name: 'Kothrud' } };
        expectRefusal(await counter.request('POST', '/api/branches', options), 'branch_limit');
      }
    }));

  test('cancelling what is paid: not_cancellable', () =>
    unchanged(async () => {
      expectRefusal(await owner.request('POST', `/api/billing/purchases/${paid.id}/cancel`), 'not_cancellable');
    }));
});

/** Sends bytes as they are and returns all that came back until the server ended the connection. */
function exchange(bytes: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', fail);
    socket.on('close', () => done(answer));
    socket.write(bytes);
  });
}

describe('what is no HTTP', () => {
  test.each([
    ['noise', 'hello?\r\n\r\n'],
    ['a head of many kilobytes', `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['two lengths', 'POST /api/orgs HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
  ])('%s: is answered like everything else and the connection ends', async (_what, bytes) => {
    const [head = '', body = ''] = (await exchange(bytes)).split('\r\n\r\n');
    const [status, ...headers] = head.split('\r\n');
    expect(status).toBe('HTTP/1.1 400 Bad Request');
    expect(headers.map((line) => line.split(':')[0]).sort()).toEqual([
      'Cache-Control',
      'Connection',
      'Content-Length',
      'Content-Type',
      'Date',
      'X-Request-Id',
    ]);
    expect(headers).toContain('Cache-Control: no-store');
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'invalid_request', retryable: false } });
  });
});

describe('every answer', () => {
  test('of this file has its headers and envelope, and its status stands in /openapi.json', async () => {
    await expectEveryAnswerKeptTheRules(server);
  });
});
