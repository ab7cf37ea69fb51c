// An operator gives and takes credits: once per key, with a reason, and never below what is available.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdjustAnswer, AuditItem } from '../../../shared/contract/admin.ts';
import type { FeedPage } from '../../../shared/contract/sync.ts';
import { expectEveryAnswerKeptTheRules } from '../server/every-answer.ts';
import { audited, changesNothing } from '../server/facts.ts';
import { type Counter, uniqueKey } from '../server/started.ts';
import { type Operated, operated } from './operator.ts';

interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

let op: Operated;
let owner: Counter;
beforeAll(async () => {
  op = await operated();
  owner = await op.server.signUp();
  await owner.ownPlan();
});
afterAll(() => op.server.dispose());

describe('POST /api/admin/orgs/:id/credits', () => {
  const adjust = (counter: Counter, body: unknown, key?: string) =>
    op.ask<AdjustAnswer>('POST', `/api/admin/orgs/${counter.orgId}/credits`, {
      body,
      ...(key === undefined ? {} : { key }),
    });

  test('gives: one adjustment entry by the operator with its reason, an audit row, and the counter’s feed has it', async () => {
    const counter = await op.server.signUp();
    const heard = new Promise<void>((done) => op.server.parts.changes.subscribe(counter.orgId, done));
    const { status, body } = await adjust(counter, { delta: 700, reason: '  goodwill for ticket 42 ' });
    expect(status).toBe(200);
    await heard;
    expect(body).toMatchObject({ balance: 700, available: 700 });
    expect(body.entry).toMatchObject({
      ...{ seq: 1, delta: 700, kind: 'adjustment', reference: 'goodwill for ticket 42' },
      ...{ actor: 'operator', idempotencyKey: null, feature: null },
    });
    const feed = await counter.request<FeedPage>('GET', '/api/sync/feed');
    expect(feed.body.entries).toEqual([body.entry]);
    const audit = await op.ask<Page<AuditItem>>('GET', `/api/admin/audit?org=${counter.orgId}`);
    expect(audit.body.items[0]).toMatchObject({
      ...{ orgId: counter.orgId, actor: 'operator', action: 'credits.adjusted', subject: 'entry 1' },
      details: { delta: 700, reason: 'goodwill for ticket 42', seq: 1, balance: 700 },
    });
    expect((await op.verify(counter.orgId)).faults).toEqual([]);
  });

  test('takes down to nothing and not below what is available: a hold is not touched', async () => {
    const counter = await op.server.signUp();
    await counter.ownPlan();
    const body = { amount: 20_000, feature: 'ai.assist', ttlSeconds: 600 };
    expect((await counter.request('POST', '/api/credits/holds', { body, key: uniqueKey() })).status).toBe(201);
    const refused = await changesNothing(op.server, () => adjust(counter, { delta: -30_001, reason: 'too much' }));
    expect(refused).toMatchObject({
      status: 402,
      body: { error: { code: 'insufficient_credits', details: { available: 30_000, required: 30_001 } } },
    });
    expect((await adjust(counter, { delta: -30_000, reason: 'all of it' })).body).toMatchObject({
      balance: 20_000,
      available: 0,
    });
    expect((await op.verify(counter.orgId)).faults).toEqual([]);
  });

  test('the same key and body is one adjustment, also at once; another body is 409; without a key each is its own', async () => {
    const counter = await op.server.signUp();
    const key = uniqueKey();
    const wish = { delta: 5, reason: 'once' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => adjust(counter, wish, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body.entry.idempotencyKey).toBe(key);
    expect(await adjust(counter, { ...wish, delta: 6 }, key)).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_key_reused' } },
    });
    await adjust(counter, wish);
    expect((await adjust(counter, wish)).body.balance).toBe(15);
    expect(await audited(op.server, counter.orgId)).toMatchObject({ 'credits.adjusted': 3 });
  });

  test('a key that a counter spent with is 409, and the other way round', async () => {
    const counter = await op.server.signUp();
    await counter.ownPlan();
    const spend = (key: string) =>
      counter.request('POST', '/api/credits/spend', { body: { amount: 1, feature: 'ai.assist' }, key });
    const [first, second] = [uniqueKey(), uniqueKey()];
    expect((await spend(first)).status).toBe(200);
    expect((await adjust(counter, { delta: 1, reason: 'x' }, second)).status).toBe(200);
    await changesNothing(op.server, async () => {
      for (const answer of [await adjust(counter, { delta: 1, reason: 'x' }, first), await spend(second)]) {
        expect(answer).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_reused' } } });
      }
    });
  });

  test('many at once with spends between them leave a ledger without a fault', async () => {
    const counter = await op.server.signUp();
    await counter.ownPlan();
    const spend = () =>
      counter.request('POST', '/api/credits/spend', { body: { amount: 3, feature: 'ai.assist' }, key: uniqueKey() });
    const work = Array.from({ length: 30 }, (_, at) =>
      at % 3 === 0 ? adjust(counter, { delta: at % 2 === 0 ? 10 : -10, reason: 'to and fro' }) : spend(),
    );
    expect((await Promise.all(work)).every(({ status }) => status === 200)).toBe(true);
    expect((await op.verify(counter.orgId)).faults).toEqual([]);
    expect((await counter.status()).credits.balance).toBe(50_000 - 60);
  });

  test('refuses what is malformed with the place of the fault, and an org that is none', () =>
    changesNothing(op.server, async () => {
      const bad: [string, unknown][] = [
        ...[0, 1.5, '5', null, 1_000_000_000_001, -1_000_000_000_001].map((delta): [string, unknown] => [
          'delta',
          { delta, reason: 'x' },
        ]),
        ...['', '  ', 'a\nb', 'a\u0000b', 'a\ud800', 'x'.repeat(201), 7, undefined].map((reason): [string, unknown] => [
          'reason',
          { delta: 1, reason },
        ]),
      ];
      for (const [at, body] of bad) {
        const answer = await adjust(owner, body);
        expect(answer, JSON.stringify(body)).toMatchObject({
          status: 400,
          body: { error: { code: 'invalid_request', details: { faults: [{ path: at }] } } },
        });
      }
      expect((await adjust(owner, { delta: 1, reason: 'x' }, 'not a key')).status).toBe(400);
      const nobody = await op.ask('POST', '/api/admin/orgs/org_none/credits', { body: { delta: 1, reason: 'x' } });
      expect(nobody).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    }));
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(op.server));
