// Status and entitlement: what an org has at an instant, and a signed statement of it that a counter can check offline.
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillingStatus } from '../../../shared/contract/billing.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { type Counter, orderOf, playedClock, type Started, started, uniqueKey } from './started.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started();
  counter = await server.signUp();
});
afterAll(() => server.dispose());

/** The claims, checked against the keys that sign-up gave, at the server's time. */
async function claimsOf(from: Started, who: Counter, { entitlement }: BillingStatus) {
  const keys = createLocalJWKSet(who.entitlementKeys);
  const { payload } = await jwtVerify(entitlement, keys, { algorithms: ['EdDSA'], currentDate: from.clock.now() });
  return payload;
}

describe('without a plan', () => {
  test('the status is none, every feature is off, and prices are there to buy it', async () => {
    const status = await counter.status();
    expect(status).toMatchObject({
      plan: null,
      org: { id: counter.orgId, legalName: 'Asha Medicals' },
      subscription: {
        planType: null,
        oneTimePurchasedAt: null,
        oneTimeAmountPaise: null,
        serviceRenewalStatus: 'none',
        serviceRenewalNextDue: null,
        daysLeft: null,
        branchesIncluded: 0,
        prioritySupport: false,
        monthlyCreditGrant: 0,
        renewalMode: null,
      },
      credits: { balance: 0, held: 0, available: 0 },
      testMoney: true,
      serverTime: '2026-11-22T06:30:00.000Z',
    });
    expect(Object.values(status.features)).toEqual(Array(8).fill(false));
    expect(Object.entries(status.prices).map(([sku, { amountPaise }]) => [sku, amountPaise])).toEqual([
      ['plan.pharmapulse-one', 1_500_000],
      ['renewal.year', 100_000],
      ['topup.50k', 250_000],
    ]);
  });
});

describe('the entitlement', () => {
  test('verifies with the keys of sign-up and says exactly what the status says, for 30 days', async () => {
    const other = await server.signUp();
    for (const own of [false, true]) {
      if (own) await other.ownPlan();
      const status = await other.status();
      const seconds = Date.parse(status.serverTime) / 1000;
      expect(await claimsOf(server, other, status)).toEqual({
        sub: other.orgId,
        iat: seconds,
        exp: seconds + 30 * 86_400,
        plan: own ? 'pharmapulse-one' : null,
        serviceRenewalStatus: own ? 'active' : 'none',
        serviceRenewalNextDue: own ? '2027-11-22' : null,
        features: status.features,
      });
    }
  });

  test('names its key, and is refused when a single character of it is another', async () => {
    const status = await counter.status();
    const { alg, kid } = decodeProtectedHeader(status.entitlement);
    expect(alg).toBe('EdDSA');
    expect(counter.entitlementKeys.keys.map((key) => key.kid)).toContain(kid);
    expect(JSON.stringify(counter.entitlementKeys)).not.toContain('"d"');
    const [head, payload = '', signature] = status.entitlement.split('.');
    const forged = `${head}.${payload.startsWith('A') ? 'B' : 'A'}${payload.slice(1)}.${signature}`;
    await expect(claimsOf(server, counter, { ...status, entitlement: forged })).rejects.toThrow();
  });

  test('is signed with the same key by the next process, and joined counters get that key too', async () => {
    await server.restart();
    const status = await counter.status();
    expect(await claimsOf(server, counter, status)).toMatchObject({ sub: counter.orgId });
    const { body } = await counter.request<{ code: string }>('POST', '/api/devices/join-codes');
    const joined = await server.request<Counter>('POST', '/api/devices/join', {
      body: { code: body.code, deviceName: 'Back counter' },
    });
    expect(joined.body.entitlementKeys).toEqual(counter.entitlementKeys);
  });
});

const all = [
  'pos.core',
  'billing.view',
  'credits.topup',
  'ai.assist',
  'ai.batch',
  'app.updates',
  'support.priority',
  'credits.monthly_grant',
];
const lapsed = ['pos.core', 'billing.view', 'credits.topup', 'ai.assist'];

describe('a plan bought on 22 November 2026 in India', () => {
  let own: Started;
  let owner: Counter;
  beforeAll(async () => {
    own = await started({}, playedClock('2026-11-21T18:30:00.000Z'));
    owner = await own.signUp();
    await owner.ownPlan();
  });
  afterAll(() => own.dispose());

  test.each([
    ['2026-11-21T18:30:00.000Z', 'active', 365, all],
    ['2027-10-22T18:29:59.999Z', 'active', 31, all],
    ['2027-10-22T18:30:00.000Z', 'due_soon', 30, all],
    ['2027-11-21T18:29:59.999Z', 'due_soon', 1, all],
    ['2027-11-21T18:30:00.000Z', 'past_due', 15, all],
    ['2027-12-06T18:29:59.999Z', 'past_due', 1, all],
    ['2027-12-06T18:30:00.000Z', 'lapsed', 0, lapsed],
    ['2030-01-01T00:00:00.000Z', 'lapsed', 0, lapsed],
  ])('at %s is %s with %i days left', async (instant, serviceRenewalStatus, daysLeft, features) => {
    own.clock.set(instant);
    const status = await owner.status();
    expect(status.subscription).toMatchObject({
      serviceRenewalStatus,
      daysLeft,
      serviceRenewalNextDue: '2027-11-22',
      planType: 'one_time',
      oneTimePurchasedAt: '2026-11-21T18:30:00.000Z',
      oneTimeAmountPaise: 1_500_000,
      branchesIncluded: 1,
      monthlyCreditGrant: 50_000,
    });
    expect(Object.entries(status.features).flatMap(([name, on]) => (on ? [name] : []))).toEqual(features);
    expect(await claimsOf(own, owner, status)).toMatchObject({ serviceRenewalStatus, features: status.features });
  });
});

describe('a renewal', () => {
  async function renewedAt(instant: string) {
    const own = await started({}, playedClock('2026-11-22T06:30:00.000Z'));
    const owner = await own.signUp();
    await owner.ownPlan();
    own.clock.set(instant);
    const wish = { body: { mode: 'manual' }, key: uniqueKey() };
    const { body } = await owner.request<Parameters<typeof orderOf>[0]>('POST', '/api/billing/renewal/subscribe', wish);
    await own.play(orderOf(body), 'pay');
    await own.settle();
    const { subscription } = await owner.status();
    const grants = await own.sql<{ month: string }>(
      "select reference as month from credits_ledger where kind = 'monthly_grant' order by seq",
    );
    await own.dispose();
    return { due: subscription.serviceRenewalNextDue, grants: grants.map(({ month }) => month) };
  }

  test('paid on the last day of grace moves next due by a year from next due', async () => {
    expect(await renewedAt('2027-12-06T18:29:00.000Z')).toMatchObject({ due: '2028-11-22' });
  });

  test('paid after the lapse moves it to a year from the payment, and gives the month of the payment at once, none between', async () => {
    const { due, grants } = await renewedAt('2028-02-28T18:30:00.000Z');
    expect(due).toBe('2029-02-28');
    expect(grants).toContain('2028-02');
    expect(grants).not.toContain('2028-01');
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
