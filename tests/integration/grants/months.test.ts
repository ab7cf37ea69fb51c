// The monthly grant on a real server: at the moment a month begins, after outages, lapses, late renewals and refunds.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { adminToken, bearer } from '../admin/operator.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { type Started, started } from '../server/started.ts';
import { faults, goTo, grantsOf, india, monthsOf, pharmacyWithPlan, renew } from './stage.ts';

let server: Started;
beforeAll(async () => {
  server = await started({ ADMIN_TOKEN: adminToken });
});
afterAll(async () => {
  await server.dispose();
});
/** Each test begins a few years after the one before: the clock never goes back. */
let year = 2023;
beforeEach(async () => {
  year += 3;
  await goTo(server, `${year}-11-22T12:00:00`);
});
const refund = (purchaseId: string) =>
  server.request('POST', `/api/admin/purchases/${purchaseId}/refund`, {
    headers: { authorization: bearer(adminToken) },
    body: { reason: 'asked for' },
  });

describe('a month begins', () => {
  test('at midnight in India: a second earlier nothing, at it the grant, a second later no other', async () => {
    const counter = await pharmacyWithPlan(server);
    await goTo(server, `${year}-11-30T23:59:59`);
    expect(await monthsOf(server, counter)).toEqual([`${year}-11`]);
    await goTo(server, `${year}-12-01T00:00:00`);
    const expected = { month: `${year}-12`, seq: 2, at: india(`${year}-12-01T00:00:00`), balance: 100_000 };
    expect((await grantsOf(server, counter))[1]).toEqual(expected);
    await goTo(server, `${year}-12-01T00:00:01`);
    expect(await monthsOf(server, counter)).toEqual([`${year}-11`, `${year}-12`]);
    expect((await counter.status()).credits.balance).toBe(100_000);
  });

  test('for a plan bought a second before, at, or a second after it: one grant of the month in each case', async () => {
    const bought = [];
    for (const at of [`${year}-11-30T23:59:59`, `${year}-12-01T00:00:00`, `${year}-12-01T00:00:01`]) {
      await goTo(server, at);
      bought.push(await pharmacyWithPlan(server));
    }
    await goTo(server, `${year}-12-02T00:00:00`);
    const months = await Promise.all(bought.map((counter) => monthsOf(server, counter)));
    expect(months).toEqual([[`${year}-11`, `${year}-12`], [`${year}-12`], [`${year}-12`]]);
  });

  test('and every counter of the org is told, as of any entry', async () => {
    const counter = await pharmacyWithPlan(server);
    const heard = new Promise<void>((hear) => {
      server.parts.changes.subscribe(counter.orgId, hear);
    });
    await goTo(server, `${year}-12-01T00:00:00`);
    await heard;
    const feed = await counter.request<{ entries: { reference: string }[] }>('GET', '/api/sync/feed?after=1');
    expect(feed.body.entries.map(({ reference }) => reference)).toEqual([`${year}-12`]);
  });

  test('for an org without a plan: nothing', async () => {
    const counter = await server.signUp();
    await goTo(server, `${year + 1}-01-01T00:00:00`);
    expect(await monthsOf(server, counter)).toEqual([]);
  });
});

test('after an outage of 400 days every missed month is there, in order, up to the lapse', async () => {
  const counter = await pharmacyWithPlan(server);
  await goTo(server, `${year + 1}-12-27T12:00:00`);
  const grants = await grantsOf(server, counter);
  const next = Array.from({ length: 12 }, (_, month) => `${year + 1}-${String(month + 1).padStart(2, '0')}`);
  expect(grants.map(({ month }) => month)).toEqual([`${year}-11`, `${year}-12`, ...next]);
  expect(grants.slice(1).map(({ at }) => at)).toEqual(
    [`${year}-12`, ...next].map((month) => india(`${month}-01T00:00:00`)),
  );
  expect(grants.map(({ seq }) => seq)).toEqual(grants.map((_, place) => place + 1));
  // Lapsed since 7 December: the first of January brings nothing.
  await goTo(server, `${year + 2}-01-01T00:00:00`);
  expect(await monthsOf(server, counter)).toHaveLength(14);
  expect(await faults(server)).toEqual([]);
});

describe('a renewal', () => {
  test('after a lapse brings the current month at once, and none of those between', async () => {
    const counter = await pharmacyWithPlan(server);
    await goTo(server, `${year + 2}-03-20T12:00:00`);
    expect((await monthsOf(server, counter)).at(-1)).toBe(`${year + 1}-12`);
    await renew(server, counter);
    const last = (await grantsOf(server, counter)).slice(-2);
    expect(last.map(({ month }) => month)).toEqual([`${year + 1}-12`, `${year + 2}-03`]);
    expect(last[1]?.at).toBe(india(`${year + 2}-03-20T12:00:00`));
    await goTo(server, `${year + 2}-04-01T00:00:00`);
    expect((await monthsOf(server, counter)).at(-1)).toBe(`${year + 2}-04`);
    expect(await faults(server)).toEqual([]);
  });

  test('in the month of the lapse brings no second grant of it', async () => {
    const counter = await pharmacyWithPlan(server);
    await goTo(server, `${year + 1}-12-20T12:00:00`);
    await renew(server, counter);
    expect((await monthsOf(server, counter)).filter((month) => month === `${year + 1}-12`)).toHaveLength(1);
    expect(await faults(server)).toEqual([]);
  });

  test('paid before the month began and heard of after it had: the month is granted all the same', async () => {
    const counter = await pharmacyWithPlan(server);
    await goTo(server, `${year + 2}-01-31T23:59:00`);
    const asked = await counter.request<{ providerOrderId: string }>('POST', '/api/billing/renewal/subscribe', {
      body: { mode: 'manual' },
      key: `late-${year}`,
    });
    await server.fault({ webhook_drop: true });
    await server.play(asked.body.providerOrderId, 'pay');
    await server.fault({ webhook_drop: false });
    // The first of February comes, and the job runs, while nobody has told of the payment: it is found by a look.
    server.clock.set(india(`${year + 2}-02-01T00:00:10`));
    const { grantDueMonths } = await import('../../../sync-server/jobs/grant-months.ts');
    await grantDueMonths(server.parts, () => true);
    expect((await monthsOf(server, counter)).at(-1)).toBe(`${year + 1}-12`);
    server.clock.set(india(`${year + 2}-02-01T00:20:00`));
    await server.settle();
    expect((await monthsOf(server, counter)).slice(-3)).toEqual([`${year + 1}-12`, `${year + 2}-01`, `${year + 2}-02`]);
    expect(await faults(server)).toEqual([]);
  });
});

describe('a plan that was refunded', () => {
  test('gets no grant from then on, not even for a month that had begun while the server was down', async () => {
    const counter = await server.signUp();
    const plan = await counter.ownPlan();
    expect((await refund(plan.id)).status).toBe(202);
    await goTo(server, `${year + 1}-03-01T00:00:00`);
    expect(await monthsOf(server, counter)).toEqual([`${year}-11`]);
    expect((await counter.status()).credits.balance).toBe(0);
    expect(await faults(server)).toEqual([]);
  });

  test('and bought again in the same month has that month once, and goes on with the next', async () => {
    const counter = await server.signUp();
    const plan = await counter.ownPlan();
    await refund(plan.id);
    await server.settle();
    await counter.ownPlan();
    expect(await monthsOf(server, counter)).toEqual([`${year}-11`]);
    await goTo(server, `${year}-12-01T00:00:00`);
    expect(await monthsOf(server, counter)).toEqual([`${year}-11`, `${year}-12`]);
    expect(await faults(server)).toEqual([]);
  });
});

test('what may be spent meanwhile is spent: grants and spends of one org interleave in one chain', async () => {
  const counter = await pharmacyWithPlan(server);
  server.clock.set(india(`${year + 1}-06-01T00:00:00`));
  const spend = (at: number) =>
    counter.request('POST', '/api/credits/spend', {
      key: `during-${year}-${at}`,
      body: { amount: 10, feature: 'ai.assist' },
    });
  const [answers] = await Promise.all([
    Promise.all(Array.from({ length: 40 }, (_, at) => spend(at))),
    server.runDueJobs(),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect((await counter.status()).credits.balance).toBe(8 * 50_000 - 400);
  expect(await faults(server)).toEqual([]);
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
