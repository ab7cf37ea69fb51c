// Counters: sign-up, joining with a one-time code, the list, revoking; and what each of them may see.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activation, type Device } from '../../../shared/contract/devices.ts';
import { expectEveryAnswerKeptTheRules } from './every-answer.ts';
import { audited, changesNothing } from './facts.ts';
import { hold, waiting } from './locks.ts';
import { goodGstin } from './refusal-bodies.ts';
import { type Counter, counterOf, type Started, started } from './started.ts';

let server: Started;
let counter: Counter;
beforeAll(async () => {
  server = await started();
  counter = await server.signUp();
});
afterAll(() => server.dispose());

interface Code {
  readonly code: string;
  readonly expiresAt: string;
}
const codeFor = async (who: Counter): Promise<Code> => {
  const answer = await who.request<Code>('POST', '/api/devices/join-codes');
  expect(answer.status).toBe(201);
  return answer.body;
};
// From addresses of their own, so that the tries do not use up each other's share.
let from = 10;
const join = (code: string, deviceName = 'Back counter') => {
  from += 1;
  const own = process.platform === 'darwin' ? {} : { from: `127.0.1.${from}` };
  return server.request<Counter>('POST', '/api/devices/join', { body: { code, deviceName }, ...own });
};
const devices = async (who: Counter) => (await who.request<{ items: Device[] }>('GET', '/api/devices')).body.items;

describe('sign-up', () => {
  test('makes org, first branch and first counter, and shows the token this once', async () => {
    const answer = await server.request('POST', '/api/orgs', {
      body: {
        legalName: '  Tulsi Medicals ',
        address: '1 FC Road',
        stateCode: '27',
        pin: '411004',
        gstin: '27 aapfu0939f1zv',
        phone: '+91 98220 12345',
        email: 'tulsi@example.in',
        branchName: 'Deccan',
        deviceName: 'Till',
      },
    });
    expect(answer.status).toBe(201);
    expect(activation.strict().parse(answer.body)).toEqual(answer.body);
    const { orgId, branchId, deviceId } = activation.parse(answer.body);
    const [org] = await server.sql('select legal_name, gstin, phone, email from org where org_id = $1', [orgId]);
    expect(org).toEqual({
      legal_name: 'Tulsi Medicals',
      gstin: goodGstin,
      phone: '+91 98220 12345',
      email: 'tulsi@example.in',
    });
    const [branch] = await server.sql('select name from branch where branch_id = $1', [branchId]);
    expect(branch).toEqual({ name: 'Deccan' });
    expect(await devices(counterOf(server, activation.parse(answer.body)))).toMatchObject([
      { id: deviceId, branchId, name: 'Till', current: true, revokedAt: null },
    ]);
  });

  test('without a GSTIN, or with an empty one, is a buyer without one', async () => {
    for (const gstin of [undefined, null, '']) {
      const { orgId } = await server.signUp({ gstin });
      const [org] = await server.sql('select gstin from org where org_id = $1', [orgId]);
      expect(org).toEqual({ gstin: null });
    }
  });
});

describe('a join code', () => {
  test('activates one more counter of the same org, typed in any case and with blanks and hyphens', async () => {
    const { code, expiresAt } = await codeFor(counter);
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
    expect(expiresAt).toBe('2026-11-22T06:40:00.000Z');
    // The list is by age.
    server.clock.advance(1);
    const typed = ` ${code.slice(0, 4).toLowerCase()}- ${code.slice(4).toLowerCase()} `;
    const joined = await join(typed, 'Night counter');
    expect(joined.status).toBe(201);
    expect(joined.body).toMatchObject({ orgId: counter.orgId, branchId: counter.branchId });
    expect(joined.body.deviceId).not.toBe(counter.deviceId);
    const second = counterOf(server, joined.body);
    expect((await second.status()).org.id).toBe(counter.orgId);
    expect(await devices(second)).toMatchObject([
      { id: counter.deviceId, current: false },
      { id: second.deviceId, current: true, name: 'Night counter' },
    ]);
    expect(await audited(server, counter.orgId)).toMatchObject({ 'device.joined': 1 });
  });

  test('works once: of five at the same moment one joins, and the others are 404', async () => {
    const { code } = await codeFor(counter);
    const answers = await Promise.all(Array.from({ length: 5 }, () => join(code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404, 404, 404]);
    expect((await join(code)).status).toBe(404);
  });

  test('works for 10 minutes, to the millisecond', async () => {
    const [early, late] = [await codeFor(counter), await codeFor(counter)];
    server.clock.set(early.expiresAt);
    server.clock.advance(-1);
    expect((await join(early.code)).status).toBe(201);
    server.clock.advance(1);
    const refused = await changesNothing(server, () => join(late.code));
    expect(refused).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  test('is stored as a hash only', async () => {
    const { code } = await codeFor(counter);
    const rows = await server.sql<{ row: string }>('select to_jsonb(join_code)::text as row from join_code');
    expect(rows.some(({ row }) => row.includes(code))).toBe(false);
  });

  test('does not stand in the way of another that is open', async () => {
    const [first, second] = [await codeFor(counter), await codeFor(counter)];
    expect((await join(second.code)).status).toBe(201);
    expect((await join(first.code)).status).toBe(201);
  });
});

describe('renaming', () => {
  const rename = (who: Counter, id: string, name: unknown) =>
    who.request<Device>('PATCH', `/api/devices/${id}`, { body: { name } });
  const pair = async () => {
    const owner = await server.signUp({ deviceName: 'Front counter' });
    const { code } = await codeFor(owner);
    return { owner, second: counterOf(server, (await join(code)).body) };
  };
  const faultAtName = {
    status: 400,
    body: { error: { code: 'invalid_request', details: { faults: [{ path: 'name' }] } } },
  };

  test('any counter names any counter of its org, itself too; the list and the audit say so, the token stays', async () => {
    const { owner, second } = await pair();
    const renamed = await rename(second, owner.deviceId, '  दवा काउंटर 💊 ');
    expect(renamed).toMatchObject({ status: 200, body: { id: owner.deviceId, name: 'दवा काउंटर 💊', current: false } });
    expect(await rename(second, second.deviceId, 'Night')).toMatchObject({ status: 200, body: { current: true } });
    expect((await devices(owner)).map(({ name }) => name).sort()).toEqual(['Night', 'दवा काउंटर 💊']);
    const [row] = await server.sql(
      "select actor, subject, details from billing_audit_log where org_id = $1 and action = 'device.renamed' order by audit_id limit 1",
      [owner.orgId],
    );
    expect(row).toEqual({
      actor: second.deviceId,
      subject: owner.deviceId,
      details: { from: 'Front counter', to: 'दवा काउंटर 💊' },
    });
    expect((await owner.status()).org.id).toBe(owner.orgId);
  });

  test('the name that it has already is no change', async () => {
    const { owner } = await pair();
    const again = await changesNothing(server, () => rename(owner, owner.deviceId, 'Front counter'));
    expect(again).toMatchObject({ status: 200, body: { name: 'Front counter' } });
  });

  test.each([
    ['ten thousand characters', 'x'.repeat(10_000)],
    ['blanks', '   '],
    ['what no font shows', '\u200b\u2060\u202e'],
    ['a line break', 'a\nb'],
    ['half a character', 'a\ud83d'],
    ['a number', 7],
    ['nothing', undefined],
  ])('%s is no name', async (_what, name) => {
    expect(await changesNothing(server, () => rename(counter, counter.deviceId, name))).toMatchObject(faultAtName);
  });

  test('a name of another counter is taken, however it is written, until that one is revoked', async () => {
    const { owner, second } = await pair();
    for (const name of ['Front counter', ' FRONT  counter ', 'ｆront counter']) {
      const taken = await changesNothing(server, () => rename(owner, second.deviceId, name));
      expect(taken, name).toMatchObject(faultAtName);
    }
    expect((await rename(owner, owner.deviceId, 'FRONT counter')).status).toBe(200);
    await owner.request('DELETE', `/api/devices/${second.deviceId}`);
    expect((await rename(owner, owner.deviceId, 'Back counter')).status).toBe(200);
  });

  test('of two counters that are given one name at the same moment, one gets it', async () => {
    const { owner, second } = await pair();
    await second.status();
    const release = await hold(server.databaseUrl, `select from device where org_id = '${owner.orgId}' for update`);
    const both = Promise.all([rename(owner, owner.deviceId, 'Till'), rename(second, second.deviceId, 'Till')]);
    await waiting(server.databaseUrl, '%"device"%', 2);
    await release();
    expect((await both).map(({ status }) => status).sort()).toEqual([200, 400]);
  });
});

describe('revoking', () => {
  test('stops the token at once, shows in the list, and may be asked twice', async () => {
    const owner = await server.signUp();
    const { code } = await codeFor(owner);
    const second = counterOf(server, (await join(code)).body);
    const gone = await owner.request('DELETE', `/api/devices/${second.deviceId}`);
    expect(gone).toMatchObject({ status: 204, body: '' });
    expect(await second.request('GET', '/api/billing/status')).toMatchObject({
      status: 401,
      body: { error: { code: 'device_revoked' } },
    });
    const revoked = (await devices(owner)).find((each) => each.id === second.deviceId);
    expect(revoked?.revokedAt).toBe(server.clock.now().toISOString());
    server.clock.advance(60_000);
    expect((await owner.request('DELETE', `/api/devices/${second.deviceId}`)).status).toBe(204);
    const after = (await devices(owner)).find((each) => each.id === second.deviceId);
    expect(after?.revokedAt).toBe(revoked?.revokedAt);
    expect((await owner.status()).org.id).toBe(owner.orgId);
  });
});

describe('branches', () => {
  test('beyond those that the plan includes are branch_limit; more included, one more is made', async () => {
    const owner = await server.signUp();
    await owner.ownPlan();
    const ask = () => owner.request('POST', '/api/branches', { body: { name: 'Kothrud' } });
    expect(await ask()).toMatchObject({ status: 403, body: { error: { code: 'branch_limit' } } });
    await server.sql('update subscription set branches_included = 2 where org_id = $1', [owner.orgId]);
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
    expect(answers.find(({ status }) => status === 201)?.body).toMatchObject({
      id: expect.stringMatching(/^br_/),
      name: 'Kothrud',
    });
  });
});

test('every answer of this file kept the rules of all answers', () => expectEveryAnswerKeptTheRules(server));
