// The operator's routes: who may ask, what is answered, and what is refused by which name.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminOrg, AdminOrgAnswer, AuditItem } from '../../../shared/contract/admin.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { changesNothing } from '../server/facts.ts';
import { goodGstin } from '../server/refusal-bodies.ts';
import { type Counter, started } from '../server/started.ts';
import { adminToken, bearer, type Operated, operated } from './operator.ts';

interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

let op: Operated;
let owner: Counter;
beforeAll(async () => {
  op = await operated();
  owner = await op.server.signUp({ legalName: 'Asha 100% Medicals', gstin: goodGstin, phone: '+91 98220-12345' });
  await owner.ownPlan();
});
afterAll(() => op.server.dispose());

const routes = [
  ['GET', '/api/admin/orgs'],
  ['GET', '/api/admin/orgs/org_none'],
  ['POST', '/api/admin/orgs/org_none/credits'],
  ['GET', '/api/admin/audit'],
  ['GET', '/api/admin/webhooks'],
  ['POST', '/api/admin/webhooks/1/replay'],
  ['GET', '/api/admin/verify'],
  ['GET', '/api/admin/alarms'],
  ['POST', '/api/admin/alarms/1/close'],
  ['POST', '/api/admin/reconcile'],
] as const;

describe('who may ask', () => {
  test('without ADMIN_TOKEN every operator route is 404 not_found, whatever token is sent', async () => {
    const plain = await started();
    try {
      for (const [method, path] of routes) {
        for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: bearer(adminToken) }]) {
          const answer = await plain.request(method, path, { headers });
          expect(answer, `${method} ${path}`).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
        }
      }
    } finally {
      await plain.dispose();
    }
  });

  test.each(routes)(
    '%s %s: no token, a wrong one, a cut one, a counter’s own: 401, and nothing is read of the request',
    (method, path) =>
      changesNothing(op.server, async () => {
        const tokens = ['', 'Bearer', 'Bearer ', `Basic ${adminToken}`, 'Bearer x', bearer(`${adminToken}x`)];
        const wrong = [
          ...tokens,
          bearer(adminToken.slice(0, -1)),
          bearer(owner.deviceToken),
          bearer(adminToken.toUpperCase()),
        ];
        for (const authorization of wrong) {
          const headers = authorization === '' ? {} : { authorization };
          const body = method === 'POST' ? { headers, raw: '{' } : { headers };
          const answer = await op.server.request(method, `${path}?limit=0&org=%00`, body);
          expect(answer, authorization).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
        }
      }),
  );

  test('refund is not there yet: 404', async () => {
    expect((await op.ask('POST', '/api/admin/purchases/pur_1/refund', { body: {} })).status).toBe(404);
  });
});

describe('GET /api/admin/orgs', () => {
  const find = async (query: string, more = '') =>
    (await op.ask<Page<AdminOrg>>('GET', `/api/admin/orgs?query=${encodeURIComponent(query)}${more}`)).body;

  test('finds by what id, legal name, GSTIN or phone contains, in any case, with signs as themselves', async () => {
    const other = await op.server.signUp({ legalName: 'Rival Chemists' });
    const found = [
      owner.orgId,
      owner.orgId.slice(5, 20).toLowerCase(),
      'ASHA 100%',
      'AAPFU0939',
      '98220 12345',
      '9822012345',
    ];
    for (const query of found) {
      expect(
        (await find(query)).items.map(({ id }) => id),
        query,
      ).toEqual([owner.orgId]);
    }
    for (const query of ['100_', 'a%l', '\\', "'", '\u0000', '98220-123456', 'nobody']) {
      expect((await find(query)).items, query).toEqual([]);
    }
    expect((await find('rival')).items).toEqual([
      {
        id: other.orgId,
        legalName: 'Rival Chemists',
        gstin: null,
        phone: null,
        createdAt: '2026-11-22T06:30:00.000Z',
        plan: null,
        serviceRenewalStatus: 'none',
        balance: 0,
      },
    ]);
    expect((await find('asha')).items).toMatchObject([
      { plan: 'pharmapulse-one', serviceRenewalStatus: 'active', balance: 50_000, gstin: goodGstin },
    ]);
  });

  test('lists newest first, page by page, each org once', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      if (at % 2 === 0) op.server.clock.advance(1_000);
      ids.push((await op.server.signUp({ legalName: `Chain ${at}` })).orgId);
    }
    const listed: AdminOrg[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<AdminOrg> = await find('chain', `&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      listed.push(...page.items);
      cursor = page.nextCursor;
    }
    const order = listed.map(({ createdAt, id }) => `${createdAt} ${id}`);
    expect(order).toEqual(order.toSorted().reverse());
    expect(listed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });
});

describe('GET /api/admin/orgs/:id', () => {
  test('shows subscription, credits, purchases and counters', async () => {
    const { status, body } = await op.ask<AdminOrgAnswer>('GET', `/api/admin/orgs/${owner.orgId}`);
    expect(status).toBe(200);
    const shown = await owner.status();
    expect(body.subscription).toEqual(shown.subscription);
    expect(body).toMatchObject({ balance: 50_000, held: 0, available: 50_000, seq: 1 });
    expect(body.org).toEqual({
      id: owner.orgId,
      legalName: 'Asha 100% Medicals',
      gstin: goodGstin,
      phone: '+91 98220-12345',
      email: null,
      address: '12 MG Road, Pune',
      stateCode: '27',
      pin: '411001',
      createdAt: '2026-11-22T06:30:00.000Z',
    });
    const bought = await owner.request<Page<unknown>>('GET', '/api/billing/purchases');
    expect(body.purchases).toEqual(bought.body.items);
    expect(body.devices).toMatchObject([{ id: owner.deviceId, name: 'Front counter', revokedAt: null }]);
    expect(JSON.stringify(body)).not.toContain(owner.deviceToken);
  });

  test('of an id that is nobody’s is 404', async () => {
    for (const id of ['org_none', '%00', 'a'.repeat(80)]) {
      expect((await op.ask('GET', `/api/admin/orgs/${id}`)).status, id).toBe(404);
    }
  });
});

describe('GET /api/admin/audit', () => {
  test('newest first, of one org or of all, page by page', async () => {
    const own = await op.ask<Page<AuditItem>>('GET', `/api/admin/audit?org=${owner.orgId}&limit=200`);
    expect(own.body.items.map(({ action }) => action)).toContain('purchase.settled');
    expect(new Set(own.body.items.map(({ orgId }) => orgId))).toEqual(new Set([owner.orgId]));
    const paged: AuditItem[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<AuditItem> = (
        await op.ask<Page<AuditItem>>('GET', `/api/admin/audit?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body;
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    const [{ count } = { count: 0 }] = await op.server.sql<{ count: number }>(
      'select count(*)::int as count from billing_audit_log',
    );
    expect(paged.length).toBe(count);
    const ids = paged.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect((await op.ask<Page<AuditItem>>('GET', '/api/admin/audit?org=org_none')).body.items).toEqual([]);
  });
});

describe('a bad query is 400 invalid_request', () => {
  test.each([
    ['/api/admin/orgs?limit=0', 'querystring.limit'],
    ['/api/admin/orgs?limit=201', 'querystring.limit'],
    ['/api/admin/orgs?cursor=nonsense', 'querystring.cursor'],
    [`/api/admin/orgs?query=${'x'.repeat(201)}`, 'querystring.query'],
    ['/api/admin/audit?limit=201', 'querystring.limit'],
    ['/api/admin/audit?cursor=nonsense', 'querystring.cursor'],
    ['/api/admin/webhooks?state=lost', 'querystring.state'],
    ['/api/admin/webhooks?limit=many', 'querystring.limit'],
    [`/api/admin/webhooks?cursor=${Buffer.from('9'.repeat(20)).toString('base64url')}`, 'querystring.cursor'],
  ])('GET %s', async (path, at) => {
    const answer = await op.ask('GET', path);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', details: { faults: [{ path: at }] } } },
    });
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(op.server));
