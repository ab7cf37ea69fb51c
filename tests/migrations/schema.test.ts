// The tables as drizzle knows them are the tables that the migrations make: every column, its type, whether it may be null.
import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../sync-server/store/migrate.ts';
import * as schema from '../../sync-server/store/schema.ts';
import * as paymentsSchema from '../../sync-server/store/schema-payments.ts';
import * as planSchema from '../../sync-server/store/schema-plan.ts';
import { makeDatabase } from '../integration/server/started.ts';

let database: { databaseUrl: string; drop: () => Promise<void> };
let pool: Pool;
beforeAll(async () => {
  database = await makeDatabase();
  pool = new Pool({ connectionString: database.databaseUrl });
  await migrate(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const tables = [schema, paymentsSchema, planSchema]
  .flatMap((module): unknown[] => Object.values(module))
  .flatMap((value) => (is(value, PgTable) ? [value] : []));

/** `timestamp (3) with time zone` as drizzle writes it, in information_schema's words. */
function typeInWords(sqlType: string): string {
  if (/^timestamp ?\(3\) with time zone$/.test(sqlType)) return 'timestamp with time zone 3';
  return sqlType;
}

async function columnsOf(table: string): Promise<Record<string, string>> {
  const { rows } = await pool.query<Record<'name' | 'type' | 'nullable' | 'identity', string>>(
    `select column_name as name, is_nullable as nullable, is_identity as identity,
       data_type || case when data_type like 'timestamp%' then ' ' || datetime_precision else '' end as type
     from information_schema.columns where table_schema = 'public' and table_name = $1`,
    [table],
  );
  return Object.fromEntries(
    rows.map(({ name, type, nullable, identity }) => [
      name,
      `${type}${nullable === 'YES' ? '' : ' not null'}${identity === 'YES' ? ' identity' : ''}`,
    ]),
  );
}

async function primaryKeyOf(table: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select a.attname as name from pg_index i
     join lateral unnest(i.indkey) with ordinality as k (attnum, place) on true
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
     where i.indrelid = $1::regclass and i.indisprimary order by k.place`,
    [table],
  );
  return rows.map(({ name }) => name);
}

test('schema.ts has every table of the database but the list of migrations, and no other', async () => {
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  const known = tables.map((table) => getTableConfig(table).name);
  expect([...known, 'schema_migration'].sort()).toEqual(rows.map(({ name }) => name).sort());
});

test.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
  '%s is as in the database',
  async (name, table) => {
    const columns = Object.values(getTableColumns(table));
    const inDrizzle = Object.fromEntries(
      columns.map((column) => [
        column.name,
        `${typeInWords(column.getSQLType())}${column.notNull ? ' not null' : ''}${column.generatedIdentity === undefined ? '' : ' identity'}`,
      ]),
    );
    expect(inDrizzle).toEqual(await columnsOf(name));
    const { primaryKeys } = getTableConfig(table);
    const single = columns.filter((column) => column.primary).map((column) => column.name);
    const key = primaryKeys[0]?.columns.map((column) => column.name) ?? single;
    expect(key).toEqual(await primaryKeyOf(name));
  },
);

test('a value that drizzle allows in a column of few words is one that the database allows, and the other way round', async () => {
  let compared = 0;
  for (const table of tables) {
    const { name } = getTableConfig(table);
    for (const column of Object.values(getTableColumns(table))) {
      if (column.enumValues === undefined || column.enumValues.length === 0) continue;
      const { rows } = await pool.query<{ check: string }>(
        `select pg_get_constraintdef(oid) as check from pg_constraint
         where conrelid = $1::regclass and contype = 'c' and pg_get_constraintdef(oid) like $2`,
        [name, `CHECK ((${column.name} = ANY%`],
      );
      const words = [...(rows[0]?.check ?? '').matchAll(/'([^']+)'::text/g)].map(([, word]) => word);
      expect(words.sort(), `${name}.${column.name}`).toEqual([...column.enumValues].sort());
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThanOrEqual(8);
});
