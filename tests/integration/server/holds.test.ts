// Holds over HTTP, on the real server and database: credits are reserved, taken once, given back, and never oversold.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import {
  balanceOf,
  capture,
  closed,
  expectProved,
  ownerOf,
  place,
  placed,
  refusal,
  release,
  signedUp,
} from './holding.ts';
import { type Started, started, uniqueKey } from './started.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

describe('placing a hold', () => {
  test('reserves the credits: available goes down, balance stays, and a spend cannot have them', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 30_000);
    expect(hold).toEqual({
      holdId: expect.stringMatching(/^hold_/),
      expiresAt: new Date(server.clock.now().getTime() + 600_000).toISOString(),
      available: 20_000,
    });
    expect(await balanceOf(counter)).toEqual({ balance: 50_000, held: 30_000, available: 20_000, seq: 1 });
    const spend = { body: { amount: 20_001, feature: 'ai.assist' }, key: uniqueKey() };
    expect(await counter.request('POST', '/api/credits/spend', spend)).toMatchObject({
      status: 402,
      body: { error: { code: 'insufficient_credits', details: { available: 20_000, required: 20_001 } } },
    });
    await expectProved(server, counter);
  });

  test('of more than is available is insufficient_credits with both numbers and holds nothing; of exactly that is done', async () => {
    const counter = await ownerOf(server);
    await placed(counter, 20_000);
    const refused = await changesNothing(server, () => place(counter, 30_001));
    expect(refused).toMatchObject({
      status: 402,
      body: { error: { code: 'insufficient_credits', details: { available: 30_000, required: 30_001 } } },
    });
    expect(await placed(counter, 30_000)).toMatchObject({ available: 0 });
  });

  test('without a plan is plan_required; on a feature that the lapse turned off feature_unavailable', async () => {
    const stranger = await signedUp(server);
    expect(await changesNothing(server, () => place(stranger, 1))).toMatchObject({
      status: 403,
      ...refusal('plan_required'),
    });
    const counter = await ownerOf(server);
    const before = server.clock.now().toISOString();
    server.clock.set('2027-12-06T18:30:00.000Z');
    expect(await changesNothing(server, () => place(counter, 1, { feature: 'ai.batch' }))).toMatchObject({
      status: 403,
      ...refusal('feature_unavailable'),
    });
    const held = await placed(counter, 1);
    expect((await release(counter, held.holdId)).status).toBe(200);
    server.clock.set(before);
  });

  test('ten equal first requests at once: one 201, nine 200 with the same answer, and one hold', async () => {
    const counter = await ownerOf(server);
    const key = uniqueKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => place(counter, 4_000, {}, key)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(await balanceOf(counter)).toMatchObject({ held: 4_000 });
    await capture(counter, answers[0]?.body.holdId ?? '', 1);
    const later = await changesNothing(server, () => place(counter, 4_000, {}, key));
    expect(later).toMatchObject({ status: 200, body: answers[0]?.body });
  });

  test('a key that a spend or a capture used, or another body, is idempotency_key_reused; and the other way round', async () => {
    const counter = await ownerOf(server);
    const spent = uniqueKey();
    const spend = (key: string) =>
      counter.request('POST', '/api/credits/spend', { body: { amount: 5, feature: 'ai.assist' }, key });
    await spend(spent);
    const key = uniqueKey();
    const { body: hold } = await place(counter, 10, {}, key);
    const captured = uniqueKey();
    await capture(counter, hold.holdId, 5, captured);
    const other = await placed(counter, 10);
    const reused = { status: 409, ...refusal('idempotency_key_reused') };
    await changesNothing(server, async () => {
      expect(await place(counter, 10, {}, spent)).toMatchObject(reused);
      expect(await place(counter, 10, {}, captured)).toMatchObject(reused);
      expect(await place(counter, 11, {}, key)).toMatchObject(reused);
      expect(await spend(key)).toMatchObject(reused);
      expect(await spend(captured)).toMatchObject(reused);
      expect(await capture(counter, other.holdId, 5, key)).toMatchObject(reused);
      expect(await capture(counter, other.holdId, 5, spent)).toMatchObject(reused);
      expect(await capture(counter, other.holdId, 5, captured)).toMatchObject(reused);
    });
  });

  test('50 at once, of 2,000 against 50,000, while 25 spends of 1,000 run: never oversold, and every credit accounted for', async () => {
    const counter = await ownerOf(server);
    const spend = () =>
      counter.request('POST', '/api/credits/spend', {
        body: { amount: 1_000, feature: 'ai.assist' },
        key: uniqueKey(),
      });
    const [holds, spends] = await Promise.all([
      Promise.all(Array.from({ length: 50 }, () => place(counter, 2_000))),
      Promise.all(Array.from({ length: 25 }, spend)),
    ]);
    const done = holds.filter(({ status }) => status === 201).length;
    const spent = spends.filter(({ status }) => status === 200).length;
    expect(holds.every(({ status }) => status === 201 || status === 402)).toBe(true);
    expect(spends.every(({ status }) => status === 200 || status === 402)).toBe(true);
    expect(done * 2_000 + spent * 1_000).toBe(50_000);
    expect(await balanceOf(counter)).toMatchObject({
      balance: 50_000 - spent * 1_000,
      held: done * 2_000,
      available: 0,
    });
    await expectProved(server, counter);
  });
});

describe('capturing a hold', () => {
  test('takes less than was held, returns the rest, and writes one entry that names the hold', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 1_000, { feature: 'ai.batch' });
    await placed(counter, 300);
    const key = uniqueKey();
    const { status, body } = await capture(counter, hold.holdId, 640, key);
    expect(status).toBe(200);
    expect(body.available).toBe(49_060);
    expect(body.entry).toMatchObject({
      seq: 2,
      delta: -640,
      balanceAfter: 49_360,
      kind: 'spend',
      reference: hold.holdId,
      idempotencyKey: key,
      actor: counter.deviceId,
      feature: 'ai.batch',
    });
    expect(await balanceOf(counter)).toEqual({ balance: 49_360, held: 300, available: 49_060, seq: 2 });
    const rows = await server.sql<{ held: string; hashed: number }>(
      'select held_after as held, length(body_hash) as hashed from credits_ledger where org_id = $1 and seq = 2',
      [counter.orgId],
    );
    expect(rows).toEqual([{ held: '300', hashed: 32 }]);
    const again = await changesNothing(server, () => capture(counter, hold.holdId, 640, key));
    expect(again).toMatchObject({ status: 200, body });
    await expectProved(server, counter);
  });

  test('leaves the holds beside it alone, and they can be taken to the last credit', async () => {
    const counter = await ownerOf(server);
    const first = await placed(counter, 30_000);
    const second = await placed(counter, 20_000);
    expect((await capture(counter, first.holdId, 30_000)).body).toMatchObject({ available: 0 });
    expect((await capture(counter, second.holdId, 20_000)).body).toMatchObject({ available: 0 });
    expect(await balanceOf(counter)).toMatchObject({ balance: 0, held: 0 });
    await expectProved(server, counter);
  });

  test('of more than is held is invalid_request, and the hold stays', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 100);
    const answer = await changesNothing(server, () => capture(counter, hold.holdId, 101));
    expect(answer).toMatchObject({ status: 400, body: { error: { details: { faults: [{ path: 'amount' }] } } } });
    expect((await capture(counter, hold.holdId, 100)).status).toBe(200);
  });

  test('twenty at once with keys of their own: one takes, nineteen are hold_closed', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 100);
    const answers = await Promise.all(Array.from({ length: 20 }, () => capture(counter, hold.holdId, 60)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(409)]);
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_940, held: 0 });
  });

  test('ten at once with one key answer alike and take once', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 100);
    const key = uniqueKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => capture(counter, hold.holdId, 60, key)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: answers[0]?.body });
    expect(await balanceOf(counter)).toMatchObject({ balance: 49_940, held: 0 });
  });

  test('needs a key; release needs none', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 100);
    const keyless = { body: { amount: 5 } };
    const path = `/api/credits/holds/${hold.holdId}/capture`;
    const answer = await changesNothing(server, () => counter.request<ErrorBody>('POST', path, keyless));
    expect(answer.body.error.details?.faults).toMatchObject([{ path: 'headers.idempotency-key' }]);
    const body = { amount: 5, feature: 'ai.assist', ttlSeconds: 5 };
    expect((await counter.request('POST', '/api/credits/holds', { body })).status).toBe(400);
    expect((await release(counter, hold.holdId)).status).toBe(200);
  });
});

describe('releasing a hold', () => {
  test('returns all of it and writes no entry; a second end of any kind is hold_closed', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 700);
    expect(await release(counter, hold.holdId)).toMatchObject({
      status: 200,
      body: { holdId: hold.holdId, available: 50_000 },
    });
    expect(await balanceOf(counter)).toEqual({ balance: 50_000, held: 0, available: 50_000, seq: 1 });
    const taken = await placed(counter, 700);
    await capture(counter, taken.holdId, 700);
    await changesNothing(server, async () => {
      for (const { holdId } of [hold, taken]) {
        expect(await release(counter, holdId)).toMatchObject(closed);
        expect(await capture(counter, holdId, 1)).toMatchObject(closed);
      }
    });
  });

  test('against a capture at the same moment: one of the two, never both', async () => {
    const counter = await ownerOf(server);
    for (let round = 0; round < 8; round += 1) {
      const hold = await placed(counter, 10);
      const before = await balanceOf(counter);
      const [taken, returned] = await Promise.all([capture(counter, hold.holdId, 10), release(counter, hold.holdId)]);
      expect([taken.status, returned.status].sort()).toEqual([200, 409]);
      const after = await balanceOf(counter);
      expect(after).toMatchObject({ held: 0, balance: before.balance - (taken.status === 200 ? 10 : 0) });
    }
    await expectProved(server, counter);
  });
});

test('placing, capturing, releasing and expiring each tell the counters of the org that something is new', async () => {
  const counter = await ownerOf(server);
  const announce = vi.spyOn(server.parts.changes, 'announceEntries');
  const tells = async <T>(work: () => Promise<T>): Promise<T> => {
    announce.mockClear();
    const result = await work();
    expect(announce.mock.calls.filter(([orgIds]) => orgIds.includes(counter.orgId))).toHaveLength(1);
    return result;
  };
  const first = await tells(() => placed(counter, 5));
  await tells(() => capture(counter, first.holdId, 5));
  const second = await tells(() => placed(counter, 5));
  await tells(() => release(counter, second.holdId));
  await placed(counter, 5, { ttlSeconds: 30 });
  server.clock.advance(30_000);
  await tells(() => server.runDueJobs());
  announce.mockRestore();
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
