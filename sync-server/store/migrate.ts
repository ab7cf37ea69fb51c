// Brings a database to this program's schema: numbered, named SQL files, each applied once, in order, in one transaction
// of its own. A database that is newer than the program is refused in words and not touched.
import { readdirSync, readFileSync } from 'node:fs';
import type { Pool, PoolClient } from 'pg';

const folder = new URL('./migrations/', import.meta.url);
/** Any number, the same for all: only one program migrates a database at a time. */
const migrationLock = 7_240_201;

export class SchemaTooNew extends Error {}

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export function readMigrations(): readonly Migration[] {
  const found = readdirSync(folder)
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 4)),
      name: file.slice(5, -4),
      sql: readFileSync(new URL(file, folder), 'utf8'),
    }));
  found.forEach((migration, index) => {
    if (migration.number !== index + 1) throw new Error(`migration ${index + 1} is missing`);
  });
  return found;
}

/** Applies what is missing. Throws SchemaTooNew when the database knows a migration that this program does not. */
export async function migrate(owner: Pool, upTo = Number.POSITIVE_INFINITY): Promise<void> {
  const migrations = readMigrations();
  const client = await owner.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    try {
      await ensureRole(client, 'pharmapulse_app');
      await ensureRole(client, 'pharmapulse_reader');
      await client.query(
        'create table if not exists schema_migration (number integer primary key, name text not null, applied_at timestamptz not null default now())',
      );
      const { rows } = await client.query<{ number: number }>('select number from schema_migration');
      const done = new Set(rows.map((row) => row.number));
      const newest = Math.max(0, ...done);
      if (newest > migrations.length) {
        throw new SchemaTooNew(
          `the database has schema ${newest} and this program knows ${migrations.length}: run a newer version of the program`,
        );
      }
      for (const migration of migrations) {
        if (!done.has(migration.number) && migration.number <= upTo) await apply(client, migration);
      }
    } finally {
      await client.query('select pg_advisory_unlock($1)', [migrationLock]);
    }
  } finally {
    client.release();
  }
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migration (number, name) values ($1, $2)', [
      migration.number,
      migration.name,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${migration.number} ${migration.name} failed`, { cause: error });
  }
}

/** Roles belong to the whole cluster, so another database's migration may make it at the same moment. */
async function ensureRole(client: PoolClient, role: 'pharmapulse_app' | 'pharmapulse_reader'): Promise<void> {
  await client.query(`
    do $$
    begin
      if not exists (select from pg_roles where rolname = '${role}') then
        create role ${role} nologin nosuperuser nobypassrls;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$;
  `);
  // Granted only where it is missing: two grants at once would run into each other.
  const { rows } = await client.query<{ may: boolean }>(
    `select case when current_setting('server_version_num')::int >= 160000 then pg_has_role('${role}', 'set')
       else pg_has_role('${role}', 'member') end as may`,
  );
  if (rows[0]?.may !== true) await client.query(`grant ${role} to current_user`);
}
