// The keys that sign entitlements change while servers run: announced by the key before, used after an overlap, in every
// process; and a counter follows from the keys that it got at activation, however many changes it slept through.
import { decodeProtectedHeader } from 'jose';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeEntitlement } from '../../../main/session/entitlement.ts';
import { followStatements } from '../../../main/session/key-ring.ts';
import type { BillingStatus } from '../../../shared/contract/billing.ts';
import type { EntitlementKeys } from '../../../shared/contract/devices.ts';
import { migrate } from '../../../sync-server/store/migrate.ts';
import { openSigner, rotateSigningKey } from '../../../sync-server/store/signing-keys.ts';
import { admin } from '../admin/command.ts';
import { type Counter, makeDatabase, playedClock, type Started, started } from './started.ts';

const day = 86_400_000;
let first: Started;
let second: Started;
let counter: Counter;
let pinned: EntitlementKeys;
const clock = playedClock();
beforeAll(async () => {
  first = await started({}, clock);
  second = await started({ DATABASE_URL: first.databaseUrl }, clock);
  counter = await first.signUp();
  pinned = counter.entitlementKeys;
});
afterAll(async () => {
  await second.dispose();
  await first.dispose();
});

const kidOf = (status: BillingStatus) => decodeProtectedHeader(status.entitlement).kid;
const statusAt = async (server: Started): Promise<BillingStatus> => {
  const answer = await server.request<BillingStatus>('GET', '/api/billing/status', { token: counter.deviceToken });
  expect(answer.status).toBe(200);
  return answer.body;
};
/** As a counter would that has the keys of its sign-up, and nothing since. */
function judge({ entitlement, entitlementKeyChain, serverTime }: BillingStatus) {
  const { ring, faults } = followStatements(pinned, entitlementKeyChain);
  expect(faults).toEqual([]);
  return judgeEntitlement(entitlement, { orgId: counter.orgId, ring, held: null, serverTime: new Date(serverTime) });
}
const rotate = (overlapMs: number) => rotateSigningKey(first.parts.database.unscoped, clock.now(), overlapMs);
/** The word about a new key comes to each process on a connection of its own. */
async function heard(server: Started, kid: string): Promise<void> {
  await expect.poll(async () => (await server.parts.signer.keys()).keys.map((key) => key.kid)).toContain(kid);
}

describe('a running server', () => {
  test('has one key and no statement to begin with, and names the kind of what it signs', async () => {
    const status = await statusAt(first);
    expect(status.entitlementKeyChain).toEqual([]);
    expect(pinned.keys).toHaveLength(1);
    expect(decodeProtectedHeader(status.entitlement)).toEqual({
      alg: 'EdDSA',
      kid: pinned.keys[0]?.kid,
      typ: 'entitlement+jwt',
    });
  });

  test('announces a new key at once, in every process, and signs with the old one until the overlap is over', async () => {
    const old = pinned.keys[0]?.kid;
    const { kid, signsFrom } = await rotate(day);
    expect(signsFrom).toEqual(new Date(clock.now().getTime() + day));
    for (const server of [first, second]) {
      await heard(server, kid);
      const status = await statusAt(server);
      expect(kidOf(status)).toBe(old);
      expect(status.entitlementKeyChain).toHaveLength(1);
      expect(judge(status).ok).toBe(true);
    }
    clock.advance(day - 1);
    expect(kidOf(await statusAt(first))).toBe(old);
    clock.advance(1);
    for (const server of [first, second]) {
      const status = await statusAt(server);
      expect(kidOf(status)).toBe(kid);
      expect(judge(status).ok).toBe(true);
    }
  });

  test('gives new counters the keys of now, the newest first', async () => {
    const { entitlementKeys } = await second.signUp();
    expect(entitlementKeys.keys).toHaveLength(2);
    expect(entitlementKeys.keys[1]).toEqual(pinned.keys[0]);
    expect(kidOf(await statusAt(first))).toBe(entitlementKeys.keys[0]?.kid);
    expect(JSON.stringify(entitlementKeys)).not.toContain('"d"');
  });

  test('keeps the private part of a key that has not signed for a day no longer', async () => {
    const kept = async () =>
      (
        await first.sql<{ kept: boolean }>('select private_jwk is not null as kept from signing_key order by place')
      ).map((row) => row.kept);
    expect(await kept()).toEqual([true, true]);
    clock.advance(day);
    await statusAt(first);
    expect(await kept()).toEqual([false, true]);
  });

  test('a key that may be in wrong hands is replaced at once, by the command line, and its private part is gone', async () => {
    const said = await admin({ DATABASE_URL: first.databaseUrl }, 'rotate-entitlement-key', '--at-once', '--json');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const { kid } = JSON.parse(said.stdout) as { kid: string };
    for (const server of [first, second]) {
      await heard(server, kid);
      const status = await statusAt(server);
      expect(kidOf(status)).toBe(kid);
      expect(judge(status).ok).toBe(true);
    }
    const rows = await first.sql('select kid from signing_key where private_jwk is not null');
    expect(rows).toEqual([{ kid }]);
  });

  test('changes its keys by ten operators at once into one chain, which a counter of the first day follows to its end', async () => {
    await Promise.all(Array.from({ length: 10 }, () => rotate(0)));
    const places = await first.sql<{ place: number }>('select place from signing_key order by place');
    expect(places.map(({ place }) => place)).toEqual(Array.from({ length: 13 }, (_, at) => at + 1));
    const [newest] = await first.sql<{ kid: string }>('select kid from signing_key order by place desc limit 1');
    for (const server of [first, second]) {
      await heard(server, newest?.kid ?? '');
      const status = await statusAt(server);
      expect(kidOf(status)).toBe(newest?.kid);
      expect(status.entitlementKeyChain).toHaveLength(12);
      expect(judge(status).ok).toBe(true);
      expect(followStatements({ keys: [] }, status.entitlementKeyChain).ring.statements).toEqual([]);
    }
  });

  test('signs on with the same key and chain after a restart', async () => {
    const before = await statusAt(second);
    await second.restart();
    const after = await statusAt(second);
    expect([kidOf(after), after.entitlementKeyChain]).toEqual([kidOf(before), before.entitlementKeyChain]);
  });
});

describe('the database', () => {
  test.each([
    ['another public part', "update signing_key set public_jwk = '{}'"],
    ['a private part where none is', "update signing_key set private_jwk = '{}'"],
    ['another time', 'update signing_key set signs_from = now()'],
    ['none at all', 'delete from signing_key'],
  ])('refuses %s for a key that was announced, to its owner too', async (_what, statement) => {
    await expect(first.sql(statement)).rejects.toMatchObject({ code: '23001' });
  });

  test('that has keys from before they could change gets their places, and one of them signs', async () => {
    const { databaseUrl, drop } = await makeDatabase();
    const pool = new Pool({ connectionString: databaseUrl });
    await migrate(pool, 6);
    const old = pinned.keys[0];
    const kept = await first.sql('select kid from signing_key where place = 1');
    expect(kept).toEqual([{ kid: old?.kid }]);
    await pool.query('insert into signing_key (kid, private_jwk, public_jwk, created_at) values ($1, $2, $3, $4)', [
      old?.kid,
      { kty: 'OKP' },
      old,
      '2026-11-01T00:00:00.000Z',
    ]);
    await migrate(pool);
    const { rows } = await pool.query('select place, statement, signs_from = created_at as at_once from signing_key');
    expect(rows).toEqual([{ place: 1, statement: null, at_once: true }]);
    await pool.end();
    await drop();
  });
});

test('a process that hears of nothing reads the keys anew for everything that it signs', async () => {
  const deaf = { subscribeSigningKeys: () => undefined, listening: () => false };
  const signer = await openSigner(first.parts.database.unscoped, deaf, clock);
  const { kid } = await rotate(0);
  expect((await signer.keys()).keys[0]?.kid).toBe(kid);
});
