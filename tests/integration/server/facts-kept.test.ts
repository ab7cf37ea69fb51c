// Facts are kept: no entry, audit row, invoice or received webhook can be changed or deleted, by the server's own role or
// by the owner of the tables.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf } from './facts.ts';
import { type Started, started } from './started.ts';

const tables = {
  credits_ledger: 'delta = delta + 1',
  billing_audit_log: "action = 'nothing.happened'",
  billing_invoice: "number = 'PP/26-27/999999'",
  webhook_inbox: "body = ''",
} as const;
type Table = keyof typeof tables;
const names = Object.keys(tables) as Table[];

let server: Started;
let asOwner: Client;
let asApp: Client;
let before: Record<string, string>;
beforeAll(async () => {
  server = await started();
  await (await server.signUp()).ownPlan();
  asOwner = new Client({ connectionString: server.databaseUrl });
  asApp = new Client({ connectionString: server.databaseUrl, options: '-c role=pharmapulse_app' });
  await Promise.all([asOwner.connect(), asApp.connect()]);
  before = await contentOf(server);
  for (const table of names) expect(before[table], table).not.toMatch(/^0 /);
});
afterAll(async () => {
  expect(await contentOf(server)).toEqual(before);
  await Promise.all([asOwner.end(), asApp.end()]);
  await server.dispose();
});

const changes = (table: Table) => [
  `update ${table} set ${tables[table]}`,
  `delete from ${table}`,
  `truncate ${table} cascade`,
];

describe.each(names)('%s', (table) => {
  test("refuses UPDATE, DELETE and TRUNCATE to the tables' owner by its triggers", async () => {
    for (const statement of changes(table)) {
      await expect(asOwner.query(statement), statement).rejects.toMatchObject({ code: '23001' });
    }
  });

  test('refuses them to pharmapulse_app by its rights', async () => {
    for (const statement of changes(table)) {
      await expect(asApp.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('cannot be freed of its triggers by pharmapulse_app', async () => {
    for (const statement of [
      `alter table ${table} disable trigger all`,
      `drop table ${table}`,
      `drop trigger ${table}_is_kept on ${table}`,
      `set session_replication_role = replica`,
      `create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'`,
    ]) {
      await expect(asApp.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('the inbox', () => {
  test('lets what became of an event move on, for both, and nothing else of it', async () => {
    for (const client of [asOwner, asApp]) {
      await client.query('begin');
      await client.query("update webhook_inbox set state = 'parked', attempts = attempts + 1, reason = 'tried'");
      await client.query('rollback');
      for (const column of ['event', 'event_id', 'order_id', 'payment_id', 'provider', 'mode']) {
        const refused = client.query(`update webhook_inbox set ${column} = 'live'`);
        await expect(refused, column).rejects.toMatchObject({ code: client === asApp ? '42501' : '23001' });
      }
      await expect(client.query('update webhook_inbox set received_at = now()')).rejects.toThrow();
    }
  });
});

describe('the role pharmapulse_app', () => {
  test('cannot log in, owns nothing and is no superuser', async () => {
    const { rows } = await asOwner.query(
      "select rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = 'pharmapulse_app'",
    );
    expect(rows).toEqual([
      { rolcanlogin: false, rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false },
    ]);
    const owned = await asOwner.query(
      "select relname from pg_class where relowner = (select oid from pg_roles where rolname = 'pharmapulse_app')",
    );
    expect(owned.rows).toEqual([]);
  });

  test('is what the server works as, and it cannot delete a row of any table', async () => {
    const { rows } = await server.parts.database.app.query<{ role: string }>('select current_user as role');
    expect(rows).toEqual([{ role: 'pharmapulse_app' }]);
    for (const table of Object.keys(before)) {
      await expect(asApp.query(`delete from ${table}`), table).rejects.toMatchObject({ code: '42501' });
    }
  });
});
