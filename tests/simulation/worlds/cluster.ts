// Where the batches' databases come from: a cluster, and in it one database that was migrated once and is copied for each batch.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as again } from 'node:timers/promises';
import { Client } from 'pg';
import pino from 'pino';
import { readConfig } from '../../../sync-server/config.ts';
import { startServer } from '../../../sync-server/server.ts';

export interface Databases {
  /** A fresh one; `drop` when nothing uses it any more. */
  make(): Promise<{ readonly url: string; readonly drop: () => Promise<void> }>;
  /** Drops what they are copied from. */
  end(): Promise<void>;
}

const named = (base: string, name: string) => {
  const url = new URL(base);
  url.pathname = `/${name}`;
  return url.href;
};

/** `clusterUrl`: its owner. `own`: a name of this process alone. */
export async function prepareDatabases(clusterUrl: string, own: string): Promise<Databases> {
  const asOwner = async (text: string) => {
    const client = new Client({ connectionString: clusterUrl });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  const left = async (name: string) => {
    const connected = `select from pg_stat_activity where datname = '${name}'`;
    for (let looks = 0; looks < 250 && (await asOwner(connected)).length > 0; looks += 1) await again(20);
  };
  const template = `worlds_${own}`;
  await asOwner(`create database ${template}`);
  await migrateOnce(named(clusterUrl, template));
  await left(template);
  let made = 0;
  return {
    async make() {
      made += 1;
      const name = `${template}_${made}`;
      await asOwner(`create database ${name} template ${template}`);
      return {
        url: named(clusterUrl, name),
        drop: async () => {
          await left(name);
          await asOwner(`drop database ${name} with (force)`);
        },
      };
    },
    async end() {
      await left(template);
      await asOwner(`drop database ${template} with (force)`);
    },
  };
}

/** A server's first start makes its tables, and those of its queue. */
async function migrateOnce(databaseUrl: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'worlds-template-'));
  const read = readConfig({ DATABASE_URL: databaseUrl, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' });
  if (!read.ok) throw new Error(read.faults.join('; '));
  const server = await startServer(read.config, {
    clock: { now: () => new Date('2026-11-01T00:00:00.000Z') },
    random: { bytes: (count) => randomBytes(count) },
    log: pino({ level: 'silent' }),
  });
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
