// The ledger: a spend is all or nothing under any concurrency, entries are a chain without a gap, the feed is the ledger.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpendAnswer } from '../../../shared/contract/credits.ts';
import type { FeedPage } from '../../../shared/contract/sync.ts';
import type { FeedEntry } from '../../../shared/ledger/entry.ts';
import { grantMonthlyCredits } from '../../../sync-server/store/ledger.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { type Counter, orderOf, type Started, started, uniqueKey } from './started.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

const owner = async (): Promise<Counter> => {
  const counter = await server.signUp();
  await counter.ownPlan();
  return counter;
};
const spend = (counter: Counter, amount: number, more: object = {}, key = uniqueKey()) =>
  counter.request<SpendAnswer>('POST', '/api/credits/spend', { body: { amount, feature: 'ai.assist', ...more }, key });
const feed = async (counter: Counter, query = ''): Promise<FeedPage> =>
  (await counter.request<FeedPage>('GET', `/api/sync/feed${query}`)).body;

describe('a spend', () => {
  test('writes one entry with who, what and why, and says what is left', async () => {
    const counter = await owner();
    const key = uniqueKey();
    const { status, body } = await spend(counter, 1_200, { feature: 'ai.batch', reference: 'bill 42' }, key);
    expect(status).toBe(200);
    expect(body).toMatchObject({ balance: 48_800, available: 48_800 });
    expect(body.entry).toEqual({
      seq: 2,
      delta: -1_200,
      balanceAfter: 48_800,
      kind: 'spend',
      reference: 'bill 42',
      idempotencyKey: key,
      actor: counter.deviceId,
      feature: 'ai.batch',
      occurredAt: '2026-11-22T06:30:00.000Z',
      createdAt: '2026-11-22T06:30:00.000Z',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect((await feed(counter)).entries[1]).toEqual(body.entry);
    const balance = await counter.request('GET', '/api/credits/balance');
    expect(balance.body).toEqual({ balance: 48_800, held: 0, available: 48_800, seq: 2 });
  });

  test('of more than is available is insufficient_credits with both numbers and takes nothing; of exactly that is done', async () => {
    const counter = await owner();
    const refused = await changesNothing(server, () => spend(counter, 50_001));
    expect(refused).toMatchObject({
      status: 402,
      body: { error: { code: 'insufficient_credits', details: { available: 50_000, required: 50_001 } } },
    });
    expect(await spend(counter, 50_000)).toMatchObject({ status: 200, body: { balance: 0 } });
    expect(await spend(counter, 1)).toMatchObject({
      status: 402,
      body: { error: { details: { available: 0, required: 1 } } },
    });
  });

  test('that is refused leaves every row as it was, also when time has gone on since the last entry', async () => {
    const counter = await owner();
    await spend(counter, 1);
    server.clock.advance(1_000);
    expect((await changesNothing(server, () => spend(counter, 50_000))).status).toBe(402);
  });

  test('that was done is answered again when its amount is no longer there; another body with its key is still 409', async () => {
    const counter = await owner();
    const key = uniqueKey();
    const first = await spend(counter, 30_000, {}, key);
    const others = Array.from({ length: 3 }, () => spend(counter, 5_000));
    const again = await Promise.all([spend(counter, 30_000, {}, key), ...others, spend(counter, 30_000, {}, key)]);
    expect(again.map(({ status }) => status)).toEqual(Array(5).fill(200));
    await changesNothing(server, async () => {
      expect((await spend(counter, 30_000, {}, key)).body).toEqual(first.body);
      expect(await spend(counter, 30_001, {}, key)).toMatchObject({
        status: 409,
        body: { error: { code: 'idempotency_key_reused' } },
      });
    });
    for (const { body } of [again[0], again[4]].filter((one) => one !== undefined)) expect(body).toEqual(first.body);
  });

  test('on a feature that the lapse turned off is feature_unavailable; the others stay', async () => {
    const counter = await owner();
    const before = server.clock.now();
    server.clock.set('2027-12-06T18:30:00.000Z');
    const refused = await changesNothing(server, () => spend(counter, 1, { feature: 'ai.batch' }));
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'feature_unavailable' } } });
    expect((await spend(counter, 1)).status).toBe(200);
    server.clock.set(before.toISOString());
  });
});

describe('50 spends of 2,000 against 50,000 at once', () => {
  test('exactly 25 are done, 25 refused, and nothing is left; the chain has no gap', async () => {
    const counter = await owner();
    const answers = await Promise.all(Array.from({ length: 50 }, () => spend(counter, 2_000)));
    const done = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 402);
    expect([done.length, refused.length]).toEqual([25, 25]);
    expect((await counter.status()).credits).toEqual({ balance: 0, held: 0, available: 0 });
    const { entries } = await feed(counter);
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 26 }, (_, at) => at + 1));
    expect(new Set(done.map(({ body }) => body.entry.seq)).size).toBe(25);
  });

  test('with a top-up among them, no credit is lost or made', async () => {
    const counter = await owner();
    const topup = await counter.topUp(1);
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 30 }, () => spend(counter, 3_000))),
      server.play(orderOf(topup), 'pay').then(() => server.settle()),
    ]);
    const spent = answers.filter(({ status }) => status === 200).length * 3_000;
    expect((await counter.status()).credits.balance).toBe(100_000 - spent);
  });
});

/** The hash as http-api.md defines it, in words of its own. */
function hashOf(previous: string, orgId: string, entry: FeedEntry): string {
  let text = previous;
  text += `\n${orgId}\n${entry.seq}\n${entry.delta}\n${entry.balanceAfter}\n${entry.kind}`;
  for (const field of [entry.reference, entry.idempotencyKey, entry.actor, entry.feature]) {
    text += '\n';
    if (field !== null) text += field;
  }
  text += `\n${entry.occurredAt}`;
  return createHash('sha256').update(Buffer.from(text, 'utf8')).digest('hex');
}

describe('the chain', () => {
  test('is as the contract defines it: each hash covers the one before and every field, also beyond ASCII', async () => {
    const counter = await owner();
    await spend(counter, 7, { reference: 'रसीद ७ 💊' });
    await spend(counter, 8);
    await server.play(orderOf(await counter.topUp(2)), 'pay');
    await server.settle();
    const { entries, head } = await feed(counter);
    expect(entries.map(({ kind }) => kind)).toEqual(['monthly_grant', 'spend', 'spend', 'topup']);
    let hash = '0'.repeat(64);
    let sum = 0;
    for (const entry of entries) {
      hash = hashOf(hash, counter.orgId, entry);
      sum += entry.delta;
      expect(entry.hash).toBe(hash);
      expect(entry.balanceAfter).toBe(sum);
    }
    expect(head).toEqual({ seq: 4, balance: 149_985, hash });
  });

  test('of an org without an entry stands at 0 with 64 zeros', async () => {
    const page = await feed(await server.signUp());
    expect(page.entries).toEqual([]);
    expect(page.head).toEqual({ seq: 0, balance: 0, hash: '0'.repeat(64) });
  });
});

describe('the feed', () => {
  test("page by page is the ledger, entry by entry, and only the org's own", async () => {
    const counter = await owner();
    for (let count = 0; count < 16; count += 1) await spend(counter, count + 1);
    const whole = await feed(counter);
    expect(whole.entries).toHaveLength(17);
    const paged: FeedEntry[] = [];
    for (let page = await feed(counter, '?limit=5'); page.entries.length > 0; ) {
      expect(page.entries.length).toBeLessThanOrEqual(5);
      expect(page.head).toEqual(whole.head);
      paged.push(...page.entries);
      page = await feed(counter, `?limit=5&after=${paged.length}`);
    }
    expect(paged).toEqual(whole.entries);
    const rows = await server.sql<{ seq: number; hash: string }>(
      `select seq::int, encode(hash, 'hex') as hash from credits_ledger where org_id = $1 order by seq`,
      [counter.orgId],
    );
    expect(rows).toEqual(paged.map(({ seq, hash }) => ({ seq, hash })));
  });

  test('carries the status of the same moment, and takes 5000 entries at a time', async () => {
    const counter = await owner();
    const page = await feed(counter, '?after=0&limit=5000');
    expect(page.status.credits.balance).toBe(page.head.balance);
    expect(page.serverTime).toBe(page.status.serverTime);
    const { entitlement: _feeds, ...inFeed } = page.status;
    const { entitlement: _own, ...alone } = await counter.status();
    expect(inFeed).toEqual(alone);
  });
});

describe('the monthly grant', () => {
  test('is one per org and month, however many write it at once; the database itself refuses a second', async () => {
    const counter = await owner();
    const now = server.clock.now();
    const { inOrg } = server.parts.database;
    const { orgId } = counter;
    const grant = () =>
      inOrg(orgId, (tx) => grantMonthlyCredits(tx, orgId, { month: '2026-12', at: now }, 50_000, now));
    const granted = await Promise.all(Array.from({ length: 8 }, grant));
    expect(granted.filter((entry) => entry !== null)).toHaveLength(1);
    expect((await counter.status()).credits.balance).toBe(100_000);
    const insert = `insert into credits_ledger
      select org_id, seq + 1, delta, balance_after + delta, kind, reference, null, actor, feature, occurred_at, created_at, hash
      from credits_ledger where org_id = $1 order by seq desc limit 1`;
    await expect(server.sql(insert, [counter.orgId])).rejects.toMatchObject({ constraint: 'credits_ledger_month' });
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
