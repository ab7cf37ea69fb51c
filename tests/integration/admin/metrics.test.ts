// What /metrics counts, and what it never tells; and the hourly verification.
import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedgers, verifySchedule } from '../../../sync-server/jobs/verify-ledgers.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { orderOf, uniqueKey } from '../server/started.ts';
import { eventBody, nextPaymentId, post, tell } from '../server/webhooks.ts';
import { type Operated, operated } from './operator.ts';

let op: Operated;
beforeAll(async () => {
  op = await operated();
});
afterAll(() => op.server.dispose());

async function read(): Promise<string> {
  const answer = await op.server.request<string>('GET', '/metrics');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.body;
}

/** The value of one line, e.g. `pharmapulse_settles_total{outcome="settled"}`. */
function metric(text: string, name: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no ${name}`);
  return Number(line.slice(name.length + 1));
}
const outcome = (name: string, of: string) => `pharmapulse_${name}_total{outcome="${of}"}`;

/** How much each of these lines grew by the work. */
async function grownBy(lines: readonly string[], work: () => Promise<unknown>): Promise<number[]> {
  const before = await read();
  await work();
  const after = await read();
  return lines.map((line) => metric(after, line) - metric(before, line));
}

describe('GET /metrics', () => {
  test('needs no token, and has the process and every outcome at 0 from the start', async () => {
    const text = await read();
    for (const name of [
      'process_cpu_user_seconds_total',
      'nodejs_eventloop_lag_seconds',
      'process_resident_memory_bytes',
    ]) {
      expect(metric(text, name)).toBeGreaterThanOrEqual(0);
    }
    for (const line of [
      outcome('webhooks_received', 'invalid_signature'),
      outcome('webhooks_applied', 'parked'),
      outcome('settles', 'review'),
      outcome('alarms', 'verify_faults'),
      outcome('job_failures', 'verify'),
      'pharmapulse_ledger_waiting',
      'pharmapulse_verify_last_run_timestamp_seconds',
    ]) {
      expect(metric(text, line), line).toBe(0);
    }
  });

  test('times requests by route as declared and status; what fits no route is one line', async () => {
    const counter = await op.server.signUp();
    const count = (method: string, route: string, status: number) =>
      `pharmapulse_http_request_seconds_count{method="${method}",route="${route}",status="${status}"}`;
    await counter.request('GET', '/api/billing/purchases/pur_1');
    await counter.request('GET', '/api/billing/purchases/pur_2');
    await op.server.request('GET', '/nothing/here');
    await op.server.request('DELETE', '/nothing/there');
    const text = await read();
    expect(metric(text, count('GET', '/api/billing/purchases/:id', 404))).toBe(2);
    expect(metric(text, count('POST', '/api/orgs', 201))).toBe(1);
    expect(metric(text, count('any', 'none', 404))).toBe(2);
    expect(text).not.toContain('pur_1');
    expect(text).not.toContain('/nothing');
  });

  test('counts webhooks, settles and alarms by what came of them', async () => {
    const counter = await op.server.signUp();
    const plan = await counter.buyPlan();
    const right = { orderId: orderOf(plan), event: 'payment.captured', paymentId: nextPaymentId(), amount: 1_500_000 };
    const lines = [
      outcome('webhooks_received', 'stored'),
      outcome('webhooks_received', 'repeated'),
      outcome('webhooks_received', 'invalid_signature'),
      outcome('webhooks_received', 'no_event'),
      outcome('webhooks_applied', 'applied'),
      outcome('settles', 'settled'),
      outcome('settles', 'known'),
      outcome('settles', 'review'),
      outcome('alarms', 'money_review'),
    ];
    const grown = await grownBy(lines, async () => {
      const body = eventBody(op.server.clock.now(), right);
      await post(op.server, body, { 'x-razorpay-event-id': 'evtSame0000001' });
      await post(op.server, body, { 'x-razorpay-event-id': 'evtSame0000001' });
      await post(op.server, body, { 'x-razorpay-signature': 'wrong' });
      await post(op.server, '[]');
      await tell(op.server, { ...right, event: 'order.paid' });
      await tell(op.server, { ...right, paymentId: nextPaymentId() });
      await op.server.settle();
    });
    expect(grown).toEqual([3, 1, 1, 1, 3, 1, 1, 1, 1]);
  });

  test('tells of no org, counter, purchase, key or name', async () => {
    const counter = await op.server.signUp({ legalName: 'Verborgen Medicals' });
    await counter.ownPlan();
    const key = uniqueKey();
    await counter.request('POST', '/api/credits/spend', { body: { amount: 7, feature: 'ai.assist' }, key });
    await op.ask('GET', `/api/admin/orgs/${counter.orgId}?x=${key}`);
    const text = await read();
    for (const secret of [counter.orgId, counter.deviceId, counter.deviceToken, key, 'Verborgen', 'pur_', 'org_']) {
      expect(text).not.toContain(secret);
    }
  });

  test('asks nothing of the database', async () => {
    const { app, owner } = op.server.parts.database;
    const spent: unknown[] = [];
    const note = () => spent.push(1);
    for (const pool of [app, owner]) pool.on('acquire', note);
    await read();
    for (const pool of [app, owner]) pool.off('acquire', note);
    expect(spent).toEqual([]);
  });

  test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(op.server));
});

describe('the hourly verification', () => {
  test('stands in the queue’s timetable, once for all processes, and one run at a time', async () => {
    const schedules = await op.server.sql<{ cron: string }>(
      "select cron from pgboss.schedule where name = 'ledger-verify'",
    );
    expect(schedules).toEqual([{ cron: verifySchedule }]);
    expect(verifySchedule).toMatch(/^\d+ \* \* \* \*$/);
    const boss = new PgBoss({
      connectionString: op.server.databaseUrl,
      schema: 'pgboss',
      supervise: false,
      schedule: false,
    });
    await boss.start();
    const later = { startAfter: 3_600 };
    expect(await boss.send('ledger-verify', {}, later)).not.toBeNull();
    expect(await boss.send('ledger-verify', {}, later)).toBeNull();
    await boss.stop({ graceful: false });
  });

  test('sets gauges and an alarm by kind, with when it ran; a look at one org does not', async () => {
    const counter = await op.server.signUp();
    const kind = (of: string) => `pharmapulse_verify_faults{kind="${of}"}`;
    const lastRun = 'pharmapulse_verify_last_run_timestamp_seconds';
    await verifyLedgers(op.server.parts);
    expect(metric(await read(), lastRun)).toBe(op.server.clock.now().getTime() / 1000);
    op.server.clock.advance(3_600_000);
    const set = (seq: number) =>
      op.server.sql('update credit_balance_cache set seq = $1 where org_id = $2', [seq, counter.orgId]);
    await set(1);
    await op.verify(counter.orgId);
    expect(metric(await read(), kind('cache_seq'))).toBe(0);
    expect(
      await grownBy([kind('cache_seq'), kind('entry_hash'), outcome('alarms', 'verify_faults'), lastRun], () =>
        verifyLedgers(op.server.parts),
      ),
    ).toEqual([1, 0, 1, 3_600]);
    await set(0);
    await op.verify();
    const text = await read();
    expect([metric(text, kind('cache_seq')), metric(text, outcome('alarms', 'verify_faults'))]).toEqual([0, 1]);
  });

  test('that the server’s stop cuts short is no failure', async () => {
    const running = verifyLedgers(op.server.parts);
    op.server.parts.verifier.stop();
    await expect(running).resolves.toBeUndefined();
  });
});
