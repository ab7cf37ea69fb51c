// Holds that end by themselves, holds of others, and what the database itself refuses.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { audited, changesNothing } from './facts.ts';
import { balanceOf, capture, closed, expectProved, ownerOf, place, placed, refusal, release } from './holding.ts';
import { type Counter, type Started, started } from './started.ts';

let server: Started;
beforeAll(async () => {
  server = await started();
});
afterAll(() => server.dispose());

describe('a hold whose time is over', () => {
  test('is closed by the clock before the job ran, and the job returns its credits once', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 500, { ttlSeconds: 10 });
    const longer = await placed(counter, 200, { ttlSeconds: 11 });
    server.clock.advance(10_000);
    await changesNothing(server, async () => {
      expect(await capture(counter, hold.holdId, 1)).toMatchObject(closed);
      expect(await release(counter, hold.holdId)).toMatchObject(closed);
    });
    expect(await balanceOf(counter)).toMatchObject({ held: 700 });
    await Promise.all([server.runDueJobs(), server.runDueJobs()]);
    expect(await balanceOf(counter)).toEqual({ balance: 50_000, held: 200, available: 49_800, seq: 1 });
    expect(await audited(server, counter.orgId)).toMatchObject({ 'hold.expired': 1 });
    expect((await capture(counter, longer.holdId, 200)).status).toBe(200);
    expect(await capture(counter, hold.holdId, 1)).toMatchObject(closed);
    await expectProved(server, counter);
  });

  test('one millisecond before, it can still be taken', async () => {
    const counter = await ownerOf(server);
    const hold = await placed(counter, 500, { ttlSeconds: 900 });
    server.clock.advance(899_999);
    expect((await capture(counter, hold.holdId, 500)).status).toBe(200);
  });

  test('450 of three orgs expire in one run', async () => {
    const counters = [await ownerOf(server), await ownerOf(server), await ownerOf(server)];
    for (const { orgId, deviceId } of counters) {
      await server.sql(
        `insert into credit_hold (org_id, hold_id, amount, feature, actor, created_at, expires_at)
         select $1, 'hold_' || n, 3, 'ai.assist', $2, $3::timestamptz - interval '1 hour', $3::timestamptz - interval '1 second'
         from generate_series(1, 150) n`,
        [orgId, deviceId, server.clock.now()],
      );
      await server.sql('update credit_balance_cache set held = 450 where org_id = $1', [orgId]);
    }
    await server.runDueJobs();
    for (const counter of counters) {
      expect(await balanceOf(counter)).toMatchObject({ held: 0, available: 50_000 });
      await expectProved(server, counter);
    }
  });
});

describe("another org's hold", () => {
  test('is not_found, and so is an id that nobody has', async () => {
    const counter = await ownerOf(server);
    const stranger = await ownerOf(server);
    const hold = await placed(counter, 100);
    await changesNothing(server, async () => {
      for (const id of [hold.holdId, 'hold_none', '%00', "'%20or%20''%3D'"]) {
        expect(await capture(stranger, id, 1)).toMatchObject({ status: 404, ...refusal('not_found') });
        expect(await release(stranger, id)).toMatchObject({ status: 404, ...refusal('not_found') });
      }
    });
    expect((await capture(counter, hold.holdId, 100)).status).toBe(200);
  });
});

describe('what a hold may be', () => {
  let counter: Counter;
  beforeAll(async () => {
    counter = await ownerOf(server);
  });

  test.each([
    ['amount', 0],
    ['amount', 1.5],
    ['amount', 1_000_000_000_001],
    ['amount', undefined],
    ['ttlSeconds', 0],
    ['ttlSeconds', 901],
    ['ttlSeconds', 1.5],
    ['ttlSeconds', undefined],
    ['feature', ''],
    ['feature', undefined],
  ])('%s %s is invalid_request', async (field, value) => {
    const answer = await place(counter, 5, { [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { error: { details: { faults: [{ path: field }] } } } });
  });
});

describe('the database itself', () => {
  test('refuses a second end, a change of what a hold was, and its deletion; to the owner too', async () => {
    const counter = await ownerOf(server);
    const open = await placed(counter, 10);
    const done = await placed(counter, 10);
    await capture(counter, done.holdId, 10);
    const one = 'where org_id = $1 and hold_id = $2';
    const no = (text: string, id: string) =>
      expect(server.sql(text, [counter.orgId, id])).rejects.toThrow(/is refused|violates/);
    await no(`update credit_hold set amount = 5 ${one}`, open.holdId);
    await no(`update credit_hold set expires_at = expires_at + interval '1 day' ${one}`, open.holdId);
    await no(`update credit_hold set state = 'captured', closed_at = now() ${one}`, open.holdId);
    await no(`update credit_hold set state = 'released' ${one}`, open.holdId);
    await no(`update credit_hold set state = 'open', closed_at = null ${one}`, done.holdId);
    await no(`update credit_hold set closed_at = now() ${one}`, done.holdId);
    await no(`delete from credit_hold ${one}`, open.holdId);
    await expect(server.sql('truncate credit_hold')).rejects.toThrow('is refused');
    await expect(
      server.parts.database.app.query(`update credit_hold set amount = 5 ${one}`, [counter.orgId, open.holdId]),
    ).rejects.toThrow('permission denied');
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
