// Migrations: an empty database becomes this program's, once, whoever does it and how many at a time; a newer one is
// refused in words and left as it is.
import { Client, Pool } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { migrate, readMigrations, SchemaTooNew } from '../../sync-server/store/migrate.ts';
import { makeDatabase, started } from '../integration/server/started.ts';

const cleaning: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function emptyDatabase(): Promise<string> {
  const { databaseUrl, drop } = await makeDatabase();
  cleaning.push(drop);
  return databaseUrl;
}

function poolOf(databaseUrl: string): Pool {
  const pool = new Pool({ connectionString: databaseUrl, max: 2 });
  cleaning.push(() => pool.end());
  return pool;
}

/** Everything there is in the schema, as text: tables, columns, constraints, indexes, triggers, functions, rights. */
async function shapeOf(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(`
    select format('column %s.%s %s null=%s default=%s', table_name, column_name, data_type, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public'
    union all select format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
    union all select format('right %s %s %s', grantee, privilege_type, table_name)
      from information_schema.role_table_grants where table_schema = 'public'
    order by 1`);
  return rows.map(({ line }) => line);
}

const done = async (pool: Pool) => (await pool.query('select number, name from schema_migration order by number')).rows;

describe('an empty database', () => {
  test('gets every migration once, in order, by its name', async () => {
    const pool = poolOf(await emptyDatabase());
    await migrate(pool);
    expect(await done(pool)).toEqual(readMigrations().map(({ number, name }) => ({ number, name })));
    const shape = await shapeOf(pool);
    expect(shape.length).toBeGreaterThan(100);
    await migrate(pool);
    expect(await shapeOf(pool)).toEqual(shape);
  });

  test('comes to the same shape one migration at a time', async () => {
    const [stepwise, whole] = [poolOf(await emptyDatabase()), poolOf(await emptyDatabase())];
    for (const { number } of readMigrations()) {
      await migrate(stepwise, number);
      expect(await done(stepwise)).toHaveLength(number);
    }
    await migrate(whole);
    expect(await shapeOf(stepwise)).toEqual(await shapeOf(whole));
  });

  test('can be migrated by several programs at once: all succeed, each migration is done once', async () => {
    const url = await emptyDatabase();
    const pools = Array.from({ length: 4 }, () => poolOf(url));
    await Promise.all(pools.map((pool) => migrate(pool)));
    const [first] = pools;
    expect(first === undefined ? [] : await done(first)).toHaveLength(readMigrations().length);
  });

  test('can be migrated while other databases of the same cluster are: roles are shared by all of them', async () => {
    const urls = [await emptyDatabase(), await emptyDatabase(), await emptyDatabase(), await emptyDatabase()];
    await Promise.all(urls.map((url) => migrate(poolOf(url))));
  });
});

describe('a migration that fails', () => {
  test('leaves nothing of itself behind, and is done by the next start', async () => {
    const pool = poolOf(await emptyDatabase());
    await pool.query('create view subscription as select 1 as in_the_way');
    await expect(migrate(pool)).rejects.toThrow('migration 1 foundation failed');
    expect(await done(pool)).toEqual([]);
    expect((await pool.query("select from pg_tables where tablename = 'org'")).rows).toEqual([]);
    await pool.query('drop view subscription');
    await migrate(pool);
    expect(await done(pool)).toHaveLength(readMigrations().length);
  });
});

describe('a database that is newer than the program', () => {
  test('is refused in words and not touched', async () => {
    const pool = poolOf(await emptyDatabase());
    await migrate(pool);
    const newest = readMigrations().length + 1;
    await pool.query('insert into schema_migration (number, name) values ($1, $2)', [newest, 'from_the_future']);
    await pool.query('create table from_the_future (id integer)');
    const before = await shapeOf(pool);
    const refused = migrate(pool);
    await expect(refused).rejects.toBeInstanceOf(SchemaTooNew);
    await expect(refused).rejects.toThrow(
      `the database has schema ${newest} and this program knows ${newest - 1}: run a newer version of the program`,
    );
    expect(await shapeOf(pool)).toEqual(before);
    expect(await done(pool)).toHaveLength(newest);
  });

  test('also where it lacks one of ours: a gap is not filled below a newer one', async () => {
    const pool = poolOf(await emptyDatabase());
    await migrate(pool, 0);
    await pool.query('insert into schema_migration (number, name) values (9999, $1)', ['from_the_future']);
    await expect(migrate(pool)).rejects.toBeInstanceOf(SchemaTooNew);
    expect((await pool.query("select from pg_tables where tablename = 'org'")).rows).toEqual([]);
  });
});

test('two servers can start on one empty database at the same moment', async () => {
  const url = await emptyDatabase();
  const servers = await Promise.all([started({ DATABASE_URL: url }), started({ DATABASE_URL: url })]);
  for (const server of servers) expect((await server.request('GET', '/readyz')).status).toBe(200);
  // Both sign with the one key, and each hears what the other writes.
  const [first, second] = await Promise.all(servers.map((server) => server.signUp()));
  expect(first?.entitlementKeys).toEqual(second?.entitlementKeys);
  for (const server of servers) await server.dispose();
  const client = new Client({ connectionString: url });
  await client.connect();
  expect((await client.query('select from signing_key')).rows).toHaveLength(1);
  await client.end();
});
