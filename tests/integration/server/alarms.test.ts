// Alarms: raised once and counted up, listed for the operator, closed by one, told to the metrics.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlarmItem } from '../../../shared/contract/alarms.ts';
import type { NewAlarm } from '../../../sync-server/store/alarms.ts';
import { raiseAlarm } from '../../../sync-server/store/alarms.ts';
import { admin } from '../admin/command.ts';
import { type Operated, operated } from '../admin/operator.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { audited, changesNothing } from './facts.ts';
import { pass } from './passing.ts';
import type { Counter } from './started.ts';

interface Page {
  readonly items: AlarmItem[];
  readonly nextCursor: string | null;
}

let op: Operated;
let counter: Counter;
beforeAll(async () => {
  op = await operated();
  counter = await op.server.signUp();
});
afterAll(() => op.server.dispose());

const raise = (alarm: NewAlarm) => {
  const { inOrg, unscoped } = op.server.parts.database;
  const now = op.server.clock.now();
  return alarm.orgId === null
    ? unscoped.transaction((tx) => raiseAlarm(tx, alarm, now))
    : inOrg(alarm.orgId, (tx) => raiseAlarm(tx, alarm, now));
};
const ofOrg = (subject: string, details: Record<string, unknown> = {}): NewAlarm => ({
  ...{ kind: 'no_webhook', subject, details },
  orgId: counter.orgId,
});
const list = async (query = '') => (await op.ask<Page>('GET', `/api/admin/alarms${query}`)).body;
const about = async (subject: string, state = 'all') =>
  (await list(`?state=${state}&limit=200`)).items.filter((alarm) => alarm.subject === subject);
const close = (id: string) => op.ask<AlarmItem>('POST', `/api/admin/alarms/${id}/close`);

describe('an alarm', () => {
  test('that is raised again while it is open is the same one, counted, with what was last', async () => {
    await raise(ofOrg('pur_again', { first: true }));
    const firstAt = op.server.clock.now().toISOString();
    op.server.clock.advance(60_000);
    await Promise.all(Array.from({ length: 9 }, (_, time) => raise(ofOrg('pur_again', { time }))));
    expect(await about('pur_again')).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        kind: 'no_webhook',
        meaning: expect.stringContaining('no webhook'),
        advice: expect.stringContaining('dashboard'),
        subject: 'pur_again',
        orgId: counter.orgId,
        details: { time: expect.any(Number) },
        times: 10,
        firstAt,
        lastAt: op.server.clock.now().toISOString(),
        closedAt: null,
        closedBy: null,
      },
    ]);
    expect((await audited(op.server, counter.orgId))['alarm.no_webhook']).toBe(1);
  });

  test('of another kind or about another thing is another one', async () => {
    await raise(ofOrg('pur_kinds'));
    await raise({ ...ofOrg('pur_kinds'), kind: 'effect_without_money' });
    expect((await about('pur_kinds')).map(({ kind, times }) => [kind, times])).toEqual([
      ['effect_without_money', 1],
      ['no_webhook', 1],
    ]);
  });

  test('is undone with the transaction that raised it', async () => {
    const failing = op.server.parts.database.inOrg(counter.orgId, async (tx) => {
      await raiseAlarm(tx, ofOrg('pur_undone'), op.server.clock.now());
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await about('pur_undone')).toEqual([]);
  });

  test('of one org is not raised by work for another', async () => {
    const other = await op.server.signUp();
    const foreign = op.server.parts.database.inOrg(other.orgId, (tx) =>
      raiseAlarm(tx, ofOrg('pur_foreign'), op.server.clock.now()),
    );
    await expect(foreign).rejects.toThrow();
    expect(await about('pur_foreign')).toEqual([]);
  });
});

describe('GET /api/admin/alarms', () => {
  test('has the open ones alone unless asked, newest first, page by page, each once', async () => {
    for (let at = 0; at < 5; at += 1) await raise(ofOrg(`pur_page${at}`));
    const [newest] = await about('pur_page4');
    await close(newest?.id ?? '');
    const paged: AlarmItem[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page = await list(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.items);
      cursor = page.nextCursor;
    }
    const [{ count } = { count: 0 }] = await op.server.sql<{ count: number }>(
      'select count(*)::int as count from billing_alarm where closed_at is null',
    );
    expect(paged.length).toBe(count);
    expect(paged.filter(({ closedAt }) => closedAt !== null)).toEqual([]);
    const ids = paged.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
    expect(await about('pur_page4', 'open')).toEqual([]);
    expect((await about('pur_page4', 'closed')).length).toBe(1);
    expect((await about('pur_page3', 'closed')).length).toBe(0);
  });

  test.each([
    ['?state=lost', 'querystring.state'],
    ['?limit=201', 'querystring.limit'],
    ['?cursor=nonsense', 'querystring.cursor'],
  ])('%s is 400 invalid_request', async (query, at) => {
    expect(await op.ask('GET', `/api/admin/alarms${query}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', details: { faults: [{ path: at }] } } },
    });
  });
});

describe('POST /api/admin/alarms/:id/close', () => {
  test('closes it for ever, with who and when; what happens after it is a new alarm', async () => {
    await raise(ofOrg('pur_closed'));
    const [open] = await about('pur_closed');
    const closed = await close(open?.id ?? '');
    expect(closed).toMatchObject({
      status: 200,
      body: { id: open?.id, closedAt: op.server.clock.now().toISOString(), closedBy: 'operator' },
    });
    op.server.clock.advance(1_000);
    expect(await changesNothing(op.server, () => close(open?.id ?? ''))).toMatchObject({
      status: 200,
      body: closed.body,
    });
    await raise(ofOrg('pur_closed'));
    expect((await about('pur_closed')).map(({ times, closedAt }) => [times, closedAt === null])).toEqual([
      [1, true],
      [1, false],
    ]);
    const [{ details } = { details: null }] = await op.server.sql(
      "select details from billing_audit_log where org_id = $1 and action = 'alarm.closed' and subject = 'pur_closed'",
      [counter.orgId],
    );
    expect(details).toEqual({ kind: 'no_webhook', times: 1 });
  });

  test('of an alarm of no org works, and of an id that is none is 404', async () => {
    await raise({ kind: 'signature_failures', subject: 'razorpay', orgId: null, details: { failures: 7 } });
    const [open] = await about('razorpay');
    expect(await close(open?.id ?? '')).toMatchObject({ status: 200, body: { orgId: null, closedBy: 'operator' } });
    for (const id of ['999999', 'x', '1'.repeat(16)]) expect((await close(id)).status, id).toBe(404);
  });
});

describe('the metrics', () => {
  const metric = async (name: string, kind: string) => {
    const { body } = await op.server.request<string>('GET', '/metrics');
    const line = `pharmapulse_${name}{kind="${kind}"} `;
    const found = body.split('\n').find((one) => one.startsWith(line));
    return found === undefined ? null : Number(found.slice(line.length));
  };

  test('tell of every kind how many are open, and how often it was raised in all', async () => {
    expect(await metric('alarms_open', 'dispute_open')).toBe(0);
    for (const subject of ['a', 'b', 'b']) {
      await raise({ kind: 'dispute_open', subject, orgId: null, details: {} });
    }
    await pass(op.server, 0);
    expect([await metric('alarms_open', 'dispute_open'), await metric('alarms_raised_total', 'dispute_open')]).toEqual([
      2, 3,
    ]);
    const [alarm] = await about('b');
    await close(alarm?.id ?? '');
    await pass(op.server, 0);
    expect([await metric('alarms_open', 'dispute_open'), await metric('alarms_raised_total', 'dispute_open')]).toEqual([
      1, 3,
    ]);
  });
});

describe('npm run admin -- alarms', () => {
  test('shows what the route shows, and closes one', async () => {
    await raise(ofOrg('pur_cli'));
    const env = { DATABASE_URL: op.server.databaseUrl };
    const [json, text] = await Promise.all([admin(env, 'alarms', '--state', 'all', '--json'), admin(env, 'alarms')]);
    expect([json.stderr, text.stderr]).toEqual(['', '']);
    expect(JSON.parse(json.stdout)).toEqual(await list('?state=all&limit=200'));
    expect(text.stdout).toContain('pur_cli');
    expect(text.stdout).toContain('no_webhook: an order was found paid by a look-up');
    const [open] = await about('pur_cli');
    expect(await admin(env, 'alarms', 'close', open?.id ?? '')).toMatchObject({ code: 0, stderr: '' });
    expect(await about('pur_cli', 'open')).toEqual([]);
    const missing = await admin(env, 'alarms', 'close', '999999');
    expect(missing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('not_found') });
  }, 120_000);
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(op.server));
