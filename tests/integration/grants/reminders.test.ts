// Reminders on a real server: each recorded once at its moment, told to the counters, shown by status and feed; after an
// outage the newest alone.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BillingStatus } from '../../../shared/contract/billing.ts';
import { recordDueReminders } from '../../../sync-server/jobs/remind.ts';
import { adminToken } from '../admin/operator.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { type Counter, type Started, started } from '../server/started.ts';
import { faults, goTo, india, pharmacyWithPlan, renew } from './stage.ts';

let server: Started;
beforeAll(async () => {
  server = await started({ ADMIN_TOKEN: adminToken });
});
afterAll(async () => {
  await server.dispose();
});
/** Each test begins some years after the one before: the clock never goes back. */
let year = 2023;
let counter: Counter;
beforeEach(async () => {
  year += 3;
  await goTo(server, `${year}-11-22T12:00:00`);
  counter = await pharmacyWithPlan(server);
});
const shown = async () => (await counter.status()).reminders.map(({ kind }) => kind);

test('each comes at midnight of its day, is recorded once, and the newest is shown first', async () => {
  const due = `${year + 1}-11-22`;
  const days = [
    ['days_30', `${year + 1}-10-23`],
    ['days_15', `${year + 1}-11-07`],
    ['days_7', `${year + 1}-11-15`],
    ['days_1', `${year + 1}-11-21`],
    ['due', due],
    ['lapsed', `${year + 1}-12-07`],
  ] as const;
  const before: string[] = [];
  for (const [kind, on] of days) {
    server.clock.set(new Date(Date.parse(india(`${on}T00:00:00`)) - 1000).toISOString());
    await server.runDueJobs();
    expect(await shown()).toEqual(before);
    await goTo(server, `${on}T00:00:00`);
    before.unshift(kind);
    expect(await shown()).toEqual(before);
    expect((await counter.status()).reminders[0]).toEqual({ kind, due, at: india(`${on}T00:00:00`) });
    await goTo(server, `${on}T00:00:01`);
    expect(await shown()).toEqual(before);
  }
  expect(await faults(server)).toEqual([]);
});

test('of several that came due while the server was down, the newest alone is given', async () => {
  await goTo(server, `${year + 1}-11-18T09:00:00`);
  expect(await shown()).toEqual(['days_7']);
  await goTo(server, `${year + 2}-06-01T09:00:00`);
  expect(await shown()).toEqual(['lapsed', 'days_7']);
});

test('a renewal ends them, and the next year has its own', async () => {
  await goTo(server, `${year + 1}-11-15T09:00:00`);
  expect(await shown()).toEqual(['days_7']);
  await renew(server, counter);
  expect(await shown()).toEqual([]);
  await goTo(server, `${year + 2}-10-23T00:00:00`);
  expect(await counter.status()).toMatchObject({ reminders: [{ kind: 'days_30', due: `${year + 2}-11-22` }] });
});

test('many runs at once record one', async () => {
  server.clock.set(india(`${year + 1}-10-23T00:00:00`));
  await Promise.all(Array.from({ length: 4 }, () => recordDueReminders(server.parts, () => true)));
  expect(await shown()).toEqual(['days_30']);
});

describe('the counter', () => {
  test('is told, and finds it in the feed', async () => {
    const heard = new Promise<void>((hear) => {
      server.parts.changes.subscribe(counter.orgId, hear);
    });
    // No grant falls on this day that would be told as well.
    await goTo(server, `${year + 1}-10-22T12:00:00`);
    await heard;
    const again = new Promise<void>((hear) => {
      server.parts.changes.subscribe(counter.orgId, hear);
    });
    await goTo(server, `${year + 1}-10-23T00:00:00`);
    await again;
    const feed = await counter.request<{ status: BillingStatus }>('GET', '/api/sync/feed?after=0');
    expect(feed.body.status.reminders.map(({ kind }) => kind)).toEqual(['days_30']);
  });

  test('of another org is not', async () => {
    const other = await server.signUp();
    let told = 0;
    await goTo(server, `${year + 1}-10-22T12:00:00`);
    server.parts.changes.subscribe(other.orgId, () => {
      told += 1;
    });
    await goTo(server, `${year + 1}-10-23T00:00:00`);
    expect((await other.status()).reminders).toEqual([]);
    expect(told).toBe(0);
  });
});

test('what was given is a fact: the database refuses to change or delete it', async () => {
  await goTo(server, `${year + 1}-10-23T00:00:00`);
  for (const text of ["update plan_reminder set kind = 'due'", 'delete from plan_reminder']) {
    await expect(server.sql(text)).rejects.toMatchObject({ code: '23001' });
  }
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
