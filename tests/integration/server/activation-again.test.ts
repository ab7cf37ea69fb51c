// A sign-up or join whose answer was lost: the same request with the same key gives the counter that was made, and no other.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Activation, activation } from '../../../shared/contract/devices.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { changesNothing } from './facts.ts';
import { type Counter, counterOf, type Started, started } from './started.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started();
  counter = await server.signUp();
});
afterAll(() => server.dispose());

const key = 'key_4fQm2Zt9Lw0aXbC7';
const pharmacy = {
  ...{ legalName: 'Tulsi Medicals', address: '1 FC Road', stateCode: '27', pin: '411004' },
  deviceName: 'Till',
};
// Each try from an address of its own, so that they do not use up each other's share.
let from = 10;
const post = (path: string, body: object, sent: string | null) => {
  from += 1;
  const own = process.platform === 'darwin' ? {} : { from: `127.0.2.${from}` };
  return server.request<Activation>('POST', path, { body, ...(sent === null ? {} : { key: sent }), ...own });
};
const signUp = (body: object, sent: string | null) => post('/api/orgs', body, sent);
const joinCode = async () => {
  const answer = await counter.request<{ code: string }>('POST', '/api/devices/join-codes');
  return answer.body.code;
};
const join = (code: string, sent: string | null) => post('/api/devices/join', { code, deviceName: 'Back' }, sent);
const countOf = async (table: string) => {
  const [row] = await server.sql<{ count: string }>(`select count(*) from ${table}`);
  return Number(row?.count);
};

describe('a sign-up asked for again', () => {
  test('with its key is answered with the org, counter and token of the first, which works, and makes nothing', async () => {
    const first = await signUp(pharmacy, key);
    expect(first.status).toBe(201);
    const again = await changesNothing(server, () => signUp(pharmacy, key));
    expect(again.status).toBe(200);
    expect(activation.strict().parse(again.body)).toEqual({ ...first.body, serverTime: again.body.serverTime });
    const { status } = await counterOf(server, again.body).request('GET', '/api/billing/status');
    expect(status).toBe(200);
  });

  test('ten times at once makes one org', async () => {
    const before = await countOf('org');
    const body = { ...pharmacy, legalName: 'Ten At Once' };
    const all = await Promise.all(Array.from({ length: 10 }, () => signUp(body, 'key_TenAtOnce_0123456789')));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(all.map(({ body: { orgId, deviceToken } }) => `${orgId} ${deviceToken}`)).size).toBe(1);
    expect(await countOf('org')).toBe(before + 1);
  });

  test('with its key and another body is another sign-up: a stranger cannot use up the key of another', async () => {
    const first = await signUp(pharmacy, 'key_SharedByTwo_0123456');
    const other = await signUp({ ...pharmacy, legalName: 'Neem Medicals' }, 'key_SharedByTwo_0123456');
    expect(other.status).toBe(201);
    expect(other.body.orgId).not.toBe(first.body.orgId);
  });

  test('with a key that could be guessed, or without one, is another sign-up', async () => {
    for (const sent of ['short-key-15-ch', null]) {
      const [one, two] = [await signUp(pharmacy, sent), await signUp(pharmacy, sent)];
      expect([one.status, two.status]).toEqual([201, 201]);
      expect(one.body.deviceToken).not.toBe(two.body.deviceToken);
    }
  });

  test('with a key of letters that no key has is refused', async () => {
    const answer = await changesNothing(server, () => signUp(pharmacy, 'not a key, not at all'));
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
  });

  test('keeps no token that could be read without the key', async () => {
    const sent = 'key_SealedUnderThis_01';
    const { body } = await signUp(pharmacy, sent);
    const rows = await server.sql('select * from device where device_id = $1', [body.deviceId]);
    const dump = JSON.stringify(rows, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    );
    expect(dump).not.toContain(body.deviceToken);
    expect(dump).not.toContain(sent);
  });
});

describe('a join asked for again', () => {
  test('with its key is answered with the same counter, though the code is used up; without the key it is not found', async () => {
    const code = await joinCode();
    const first = await join(code, 'key_JoinAgain_01234567');
    expect(first.status).toBe(201);
    server.clock.advance(3_600_000);
    const again = await changesNothing(server, () => join(code, 'key_JoinAgain_01234567'));
    expect(again).toMatchObject({ status: 200, body: { deviceToken: first.body.deviceToken } });
    for (const sent of ['key_JoinAgain_0123456X', null]) expect((await join(code, sent)).status).toBe(404);
  });

  test('ten times at once makes one counter', async () => {
    const before = await countOf('device');
    const code = await joinCode();
    const all = await Promise.all(Array.from({ length: 10 }, () => join(code, 'key_JoinTenAtOnce_0123')));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(all.map(({ body }) => body.deviceToken)).size).toBe(1);
    expect(await countOf('device')).toBe(before + 1);
  });

  test('after the counter was revoked gives its token, which is refused as revoked', async () => {
    const code = await joinCode();
    const first = await join(code, 'key_RevokedSince_01234');
    await counter.request('DELETE', `/api/devices/${first.body.deviceId}`);
    const again = await join(code, 'key_RevokedSince_01234');
    expect(again.status).toBe(200);
    const answer = await counterOf(server, again.body).request('GET', '/api/billing/status');
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'device_revoked' } } });
  });
});

test('every answer kept the rules that hold for all of them', () => expectEveryAnswerKeptTheRules(server));
