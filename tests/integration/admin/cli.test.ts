// The operator's command line as a real process: what it prints, what it changes, and how it ends.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdjustAnswer, AdminOrgAnswer, VerifyAnswer, WebhookItem } from '../../../shared/contract/admin.ts';
import { EmbeddedPostgresFailed, findCluster, runProgram } from '../../../sync-server/store/embedded-files.ts';
import { killAll, startProgram } from '../server/program.ts';
import { type Counter, makeDatabase, orderOf } from '../server/started.ts';
import { nextPaymentId, tell } from '../server/webhooks.ts';
import { admin } from './command.ts';
import { type Operated, operated } from './operator.ts';

let op: Operated;
let owner: Counter;
let env: Record<string, string>;
beforeAll(async () => {
  op = await operated();
  owner = await op.server.signUp();
  await owner.ownPlan();
  env = { DATABASE_URL: op.server.databaseUrl };
});
afterAll(async () => {
  killAll();
  await op.server.dispose();
});

const oneLine = expect.stringMatching(/^[^\n]+\n$/);

describe('verify', () => {
  test('of right books says what was checked and ends with 0, for a person and as JSON', async () => {
    const [text, json] = await Promise.all([
      admin(env, 'verify'),
      admin(env, 'verify', '--org', owner.orgId, '--json'),
    ]);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /^checked 1 orgs, 1 entries, 0 holds, 1 purchases, 1 documents, as of .*\n\nno faults\n$/,
    );
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(json.stdout) as VerifyAnswer).toMatchObject({
      ok: true,
      faults: [],
      checked: { orgs: 1, entries: 1 },
    });
  });
});

describe('orgs, org, audit, webhooks', () => {
  test('show the same as the routes do', async () => {
    const [orgs, none, org, audit, webhooks] = await Promise.all([
      admin(env, 'orgs', 'asha', 'medicals', '--json'),
      admin(env, 'orgs', 'nobody'),
      admin(env, 'org', owner.orgId, '--json'),
      admin(env, 'audit', owner.orgId, '--json'),
      admin(env, 'webhooks', '--state=applied', '--json'),
    ]);
    for (const { code, stderr } of [orgs, none, org, audit, webhooks])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const asked = async (path: string) => (await op.ask('GET', path)).body;
    expect(JSON.parse(orgs.stdout)).toEqual(await asked('/api/admin/orgs?query=asha%20medicals&limit=200'));
    expect(none.stdout).toBe('(none)\n');
    const shown = JSON.parse(org.stdout) as AdminOrgAnswer;
    // The address of the pay page is the server's own, which only it knows.
    const purchases = expect.any(Array);
    const told = (await asked(`/api/admin/orgs/${owner.orgId}`)) as AdminOrgAnswer;
    // The command line has the machine's own clock, on another day than the server's here.
    const subscription = { ...told.subscription, daysLeft: expect.any(Number) };
    expect(shown).toEqual({ ...told, subscription, purchases });
    expect(shown.purchases.map(({ id, state }) => [id, state])).toEqual([[expect.stringMatching(/^pur_/), 'paid']]);
    expect(JSON.parse(audit.stdout)).toEqual(await asked(`/api/admin/audit?org=${owner.orgId}&limit=200`));
    expect(JSON.parse(webhooks.stdout)).toEqual(await asked('/api/admin/webhooks?state=applied&limit=200'));
  });

  test('are tables for a person', async () => {
    const [orgs, org] = await Promise.all([admin(env, 'orgs'), admin(env, 'org', owner.orgId)]);
    expect(orgs.stdout).toMatch(
      /^ID +NAME +GSTIN +PHONE +PLAN +BALANCE +SINCE\norg_\w+ +Asha Medicals +- +- +\w+ +50000 +2026-11-22\n$/,
    );
    expect(org.stdout).toContain('plan.pharmapulse-one  1    paid   15000.00');
    expect(org.stdout).toContain('Front counter');
  });
});

describe('credits', () => {
  test('gives and takes with a reason, as the route does; the same key again is the same adjustment', async () => {
    const counter = await op.server.signUp({ legalName: 'Given' });
    const give = await admin(
      env,
      'credits',
      counter.orgId,
      '700',
      'goodwill for',
      'ticket 42',
      '--key',
      'ticket-42',
      '--json',
    );
    expect(give).toMatchObject({ code: 0, stderr: '' });
    const given = JSON.parse(give.stdout) as AdjustAnswer;
    expect(given).toMatchObject({
      entry: { seq: 1, delta: 700, kind: 'adjustment', actor: 'operator', reference: 'goodwill for ticket 42' },
      balance: 700,
      available: 700,
    });
    const same = { delta: 700, reason: 'goodwill for ticket 42' };
    const again = await op.ask('POST', `/api/admin/orgs/${counter.orgId}/credits`, { body: same, key: 'ticket-42' });
    expect(again).toMatchObject({ status: 200, body: given });
    const take = await admin(env, 'credits', counter.orgId, '-200', 'a mistake');
    expect(take).toEqual({ code: 0, stderr: '', stdout: 'entry 2: -200, balance 500, available 500\n' });
    expect((await op.verify(counter.orgId)).faults).toEqual([]);
  });

  test('below what is available, or of an org that is none, is one line and 2', async () => {
    const [much, nobody] = await Promise.all([
      admin(env, 'credits', owner.orgId, '-50001', 'x'),
      admin(env, 'credits', 'org_none', '5', 'x'),
    ]);
    expect(much).toEqual({ code: 2, stdout: '', stderr: oneLine });
    expect(much.stderr).toContain('insufficient_credits');
    expect(much.stderr).toContain('available 50000 required 50001');
    expect(nobody).toEqual({ code: 2, stdout: '', stderr: oneLine });
    expect(nobody.stderr).toContain('org org_none: not_found');
  });
});

describe('replay', () => {
  test('applies a stored webhook by itself, and says what became of it', async () => {
    const counter = await op.server.signUp({ legalName: 'Replayed' });
    const plan = await counter.buyPlan();
    const orderId = orderOf(plan);
    await op.server.sql(
      "create function refuse_all() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$",
    );
    await op.server.sql(
      'create trigger refuse_all before insert on billing_payment for each row execute function refuse_all()',
    );
    await tell(op.server, { orderId, event: 'payment.captured', paymentId: nextPaymentId(), amount: 1_500_000 });
    await op.server.settle();
    await op.server.sql("update webhook_inbox set state = 'parked' where order_id = $1", [orderId]);
    await op.server.sql('drop trigger refuse_all on billing_payment');
    const parked = JSON.parse((await admin(env, 'webhooks', '--state', 'parked', '--json')).stdout) as {
      items: WebhookItem[];
    };
    expect(parked.items.length).toBe(1);
    const replayed = await admin(env, 'replay', parked.items[0]?.id ?? '');
    expect(replayed).toMatchObject({ code: 0, stderr: '' });
    expect(replayed.stdout).toMatch(/payment\.captured +applied +1 +\S+ +settled/);
    expect((await counter.purchase(plan.id)).state).toBe('paid');
    expect((await op.verify()).faults).toEqual([]);
    const missing = await admin(env, 'replay', '999999');
    expect(missing).toEqual({ code: 2, stdout: '', stderr: oneLine });
  });
});

describe('what cannot be', () => {
  test('wrong arguments are one line, and 64', async () => {
    const ended = await admin({}, 'repair');
    expect(ended).toEqual({ code: 64, stdout: '', stderr: oneLine });
    expect(ended.stderr).toContain('no command repair');
  });

  test('--help says what there is', async () => {
    const ended = await admin({}, '--help');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const names = [
      'verify',
      'orgs',
      'org ID',
      'credits',
      'refund',
      'reconcile',
      'audit',
      'webhooks',
      'replay',
      'alarms',
    ];
    for (const name of names) expect(ended.stdout).toContain(name);
  });

  test('bad settings are one line each, and 78', async () => {
    const ended = await admin({ DATABASE_URL: 'mysql://x', PORT: 'http' }, 'verify');
    expect(ended).toMatchObject({ code: 78, stdout: '' });
    expect(
      ended.stderr
        .trimEnd()
        .split('\n')
        .map((line) => line.split(':')[0])
        .toSorted(),
    ).toEqual(['DATABASE_URL', 'PORT']);
  });

  test('a database that is away, not there, empty, or newer is one line without its password, and 2', async () => {
    const empty = await makeDatabase();
    const newer = await makeDatabase();
    const client = new Client({ connectionString: newer.databaseUrl });
    await client.connect();
    await client.query(
      'create table schema_migration (number integer, name text); insert into schema_migration values (999)',
    );
    await client.end();
    const missing = new URL(empty.databaseUrl);
    missing.pathname = '/no_such_database';
    const cases = [
      ['postgres://postgres:hush@127.0.0.1:1/postgres', 'DATABASE_URL: no PostgreSQL answers there'],
      [missing.href, 'DATABASE_URL: '],
      [empty.databaseUrl, 'start the server once'],
      [newer.databaseUrl, 'run a newer version of the program'],
    ] as const;
    for (const [DATABASE_URL, said] of cases) {
      const ended = await admin({ DATABASE_URL }, 'verify');
      expect(ended).toEqual({ code: 2, stdout: '', stderr: oneLine });
      expect(ended.stderr).toContain(said);
      expect(ended.stderr).not.toMatch(/hush/);
    }
    const asked = new Client({ connectionString: empty.databaseUrl });
    await asked.connect();
    expect((await asked.query("select from pg_tables where schemaname = 'public'")).rows).toEqual([]);
    await asked.end();
    await Promise.all([empty.drop(), newer.drop()]);
  });
});

describe('the embedded database under DATA_DIR', () => {
  test('is used as it runs and left running; one that does not run is started for the command alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-cli-'));
    const settings = { DATA_DIR: folder };
    const runs = async () => {
      const cluster = findCluster(folder);
      return (await runProgram(cluster, 'pg_ctl', ['status', '-D', cluster.data])).code === 0;
    };
    try {
      const nothing = await admin(settings, 'orgs');
      expect(nothing).toEqual({ code: 2, stdout: '', stderr: oneLine });
      expect(nothing.stderr).toContain('DATA_DIR: there is no database');
      expect(existsSync(join(findCluster(folder).data, 'PG_VERSION'))).toBe(false);
      const program = startProgram({ ...settings, PORT: '0' });
      const url = await program.url;
      expect(await admin(settings, 'orgs')).toEqual({ code: 0, stdout: '(none)\n', stderr: '' });
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      program.process.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
      expect(await runs()).toBe(false);
      expect(await admin(settings, 'verify')).toMatchObject({ code: 0, stderr: '' });
      expect(await runs()).toBe(false);
      expect(existsSync(join(folder, 'server.pid'))).toBe(false);
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresFailed)) throw error;
      throw new Error('the embedded PostgreSQL is not installed', { cause: error });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
