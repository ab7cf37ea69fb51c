// The database's own rule: whoever works for one org sees and changes the rows of that org alone, in every table that has
// an org; whoever names none sees none; the role that looks across orgs changes nothing.
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminToken, bearer } from '../admin/operator.ts';
import { type Started, started } from '../server/started.ts';
import { type Pharmacy, pharmacy, tenantTables } from './two-orgs.ts';

let server: Started;
let mine: Pharmacy;
let theirs: Pharmacy;
let app: Client;
let reader: Client;
let tables: string[];
beforeAll(async () => {
  server = await started({ ADMIN_TOKEN: adminToken });
  mine = await pharmacy(server, 'Asha Medicals');
  theirs = await pharmacy(server, 'Bharat Medicals');
  const as = (role: string) => new Client({ connectionString: server.databaseUrl, options: `-c role=${role}` });
  app = as('pharmapulse_app');
  reader = as('pharmapulse_reader');
  await Promise.all([app.connect(), reader.connect()]);
  // Mandates have tests of their own; here no org has one.
  tables = (await tenantTables(server)).filter((table) => table !== 'mandate');
});
afterAll(async () => {
  await Promise.all([app.end(), reader.end()]);
  await server.dispose();
});

async function inOrgs<T>(orgs: string, work: () => Promise<T>): Promise<T> {
  await app.query('begin');
  await app.query("select set_config('app.orgs', $1, true)", [orgs]);
  try {
    return await work();
  } finally {
    await app.query('rollback');
  }
}

async function orgsSeen(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ org: string }>(`select distinct org_id as org from ${table} order by 1`);
  return rows.map(({ org }) => org);
}

test('every table that has an org has row-level security, forced on its owner too', async () => {
  const rows = await server.sql<{ name: string; on: boolean; forced: boolean }>(
    `select relname as name, relrowsecurity as on, relforcerowsecurity as forced from pg_class
     where relnamespace = 'public'::regnamespace and relname = any($1)`,
    [tables],
  );
  expect(rows.length).toBe(tables.length);
  expect(tables.length).toBeGreaterThanOrEqual(13);
  expect(rows.filter(({ on, forced }) => !on || !forced)).toEqual([]);
});

test('the roles cannot go round it: neither is a superuser, bypasses it, owns a table or may become the owner', async () => {
  for (const role of ['pharmapulse_app', 'pharmapulse_reader']) {
    const [row] = await server.sql(
      `select rolsuper or rolbypassrls as free, pg_has_role($1, current_user, 'member') as may_become_owner,
         exists (select from pg_class where relowner = r.oid) as owns from pg_roles r where rolname = $1`,
      [role],
    );
    expect(row).toEqual({ free: false, may_become_owner: false, owns: false });
  }
});

describe('the role that the server works as', () => {
  test('sees no row of any org before one is named, nor with an empty name', async () => {
    for (const table of tables) {
      expect(await orgsSeen(app, table), table).toEqual([]);
      expect(await inOrgs('', () => orgsSeen(app, table)), table).toEqual([]);
      expect(await inOrgs('org_nobody', () => orgsSeen(app, table)), table).toEqual([]);
    }
  });

  test('sees the rows of the orgs that are named, and of no other; the name ends with the transaction', async () => {
    const [a, b] = [mine.counter.orgId, theirs.counter.orgId];
    for (const table of tables) {
      expect(await inOrgs(a, () => orgsSeen(app, table)), table).toEqual([a]);
      expect(await inOrgs(`${a},${b}`, () => orgsSeen(app, table)), table).toEqual([a, b].sort());
      expect(await orgsSeen(app, table), table).toEqual([]);
    }
  });

  test("changes no row of an org that is not named, and cannot write one in another's name", async () => {
    for (const table of ['org', 'branch', 'device', 'subscription', 'credit_balance_cache', 'purchase']) {
      const moved = await inOrgs(mine.counter.orgId, async () => {
        await app.query('savepoint before');
        const text = `update ${table} set org_id = org_id where org_id = $1`;
        const { rowCount } = await app.query(text, [theirs.counter.orgId]);
        const given = app.query(`update ${table} set org_id = $1`, [theirs.counter.orgId]);
        await expect(given, table).rejects.toMatchObject({ code: '42501' });
        return rowCount;
      });
      expect(moved, table).toBe(0);
    }
    const audit = `insert into billing_audit_log (org_id, at, actor, action) values ($1, now(), 'system', 'x.y')`;
    const foreign = inOrgs(mine.counter.orgId, () => app.query(audit, [theirs.counter.orgId]));
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
  });
});

test('the role that looks across orgs reads them all, changes nothing, and never sees the keys that sign', async () => {
  for (const table of tables) {
    expect((await orgsSeen(reader, table)).length, table).toBe(2);
    for (const statement of [
      `insert into ${table} default values`,
      `update ${table} set org_id = 'x'`,
      `delete from ${table}`,
    ]) {
      await expect(reader.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    }
  }
  await expect(reader.query('select * from signing_key')).rejects.toMatchObject({ code: '42501' });
});

test('all of it holds where the owner of the database is no superuser, as with a hosted one', async () => {
  const name = `plain_owner_${process.pid}`;
  const password = randomBytes(9).toString('hex');
  const asSuperuser = async (url: string, ...statements: string[]) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  let superuserUrl = '';
  const hosted = await started({ ADMIN_TOKEN: adminToken }, undefined, async (url) => {
    superuserUrl = url;
    const plain = new URL(url);
    await asSuperuser(
      url,
      `create role ${name} login createrole nosuperuser nobypassrls password '${password}'`,
      `grant pharmapulse_app, pharmapulse_reader to ${name}`,
      `alter database ${plain.pathname.slice(1)} owner to ${name}`,
    );
    plain.username = name;
    plain.password = password;
    return plain.href;
  });
  try {
    const pharmacies = [await pharmacy(hosted, 'Asha Medicals'), await pharmacy(hosted, 'Bharat Medicals')];
    const verified = await hosted.request('GET', '/api/admin/verify', {
      headers: { authorization: bearer(adminToken) },
    });
    expect(verified).toMatchObject({ status: 200, body: { ok: true, faults: [] } });
    for (const { counter } of pharmacies) {
      expect(await counter.status()).toMatchObject({ plan: 'pharmapulse-one' });
    }
  } finally {
    await hosted.stop();
    await asSuperuser(
      superuserUrl,
      `reassign owned by ${name} to current_user`,
      `drop owned by ${name}`,
      `drop role ${name}`,
    );
    await hosted.dispose();
  }
});
