// A real PostgreSQL with fsync on, our schema, and orgs with credits; and the tables of the baselines beside it.
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { openDatabase } from '../../sync-server/store/database.ts';
import { migrate } from '../../sync-server/store/migrate.ts';
import type { InOrg } from '../../sync-server/store/scope.ts';
import { startThrowawayPostgres } from '../../sync-server/store/throwaway.ts';

export interface BenchDatabase {
  readonly url: string;
  readonly postmaster: number;
  readonly owner: Pool;
  readonly lanes: Pool;
  readonly inOrg: InOrg;
  /** For the baselines: as many connections as callers. */
  readonly plain: Pool;
  readonly orgIds: readonly string[];
  close(): Promise<void>;
}

export async function openBenchDatabase(orgs: number): Promise<BenchDatabase> {
  const settings = ['-c max_wal_size=8GB', '-c shared_buffers=512MB', '-c max_connections=300'];
  const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, settings);
  const database = openDatabase(postgres.url, (error) => {
    throw error;
  });
  await migrate(database.owner);
  await seed(database.owner, orgs);
  const plain = new Pool({ connectionString: postgres.url, max: 64 });
  // Connections that end with the server, after the last measurement.
  plain.on('error', () => undefined);
  const { rows } = await database.owner.query<{ org_id: string }>('select org_id from org order by 1');
  return {
    url: postgres.url,
    postmaster: postgres.pid,
    owner: database.owner,
    lanes: database.lanes,
    inOrg: database.inOrg,
    plain,
    orgIds: rows.map((row) => row.org_id),
    close: async () => {
      await plain.end();
      await database.close();
      await postgres.stop();
    },
  };
}

async function seed(owner: Pool, orgs: number): Promise<void> {
  await owner.query(
    `insert into org (org_id, legal_name, address, state_code, pin, created_at)
     select 'org_' || lpad(i::text, 26, '0'), 'Bench', 'Bench', '27', '400001', now() from generate_series(1, $1) i`,
    [orgs],
  );
  await owner.query(
    `insert into credit_balance_cache (org_id, balance, held, seq, hash, updated_at)
     select org_id, 1000000000000, 0, 0, decode(repeat('00', 32), 'hex'), now() from org`,
  );
  await owner.query(
    `create table baseline_balance as select org_id, balance from credit_balance_cache;
     alter table baseline_balance add primary key (org_id);
     create table baseline_ledger (
       id bigint generated always as identity primary key, org_id text not null, delta bigint not null,
       idempotency_key text not null, feature text, created_at timestamptz not null, unique (org_id, idempotency_key))`,
  );
  await owner.query('vacuum analyze');
}
