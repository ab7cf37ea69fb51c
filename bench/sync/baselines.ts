// What first sync is held against, over the same rows: better-sqlite3 with nothing around it, PouchDB replicating them from one
// LevelDB database into another on this machine, and RxDB into its memory; no network lies between.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import PouchDB from 'pouchdb';
import { createRxDatabase } from 'rxdb';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import type { SeedRow } from './seed.ts';

/** Rows a second of one prepared insert, 2,500 rows a transaction, in WAL with every commit on the disk. */
export function rawInserts(rows: readonly SeedRow[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-bench-raw-'));
  const file = new Database(join(folder, 'raw.db'));
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  file.exec(`CREATE TABLE entry (seq INTEGER PRIMARY KEY, delta INTEGER NOT NULL, balanceAfter INTEGER NOT NULL,
    kind TEXT NOT NULL, reference TEXT, idempotencyKey TEXT, actor TEXT, feature TEXT, occurredAt TEXT NOT NULL,
    createdAt TEXT NOT NULL, hash TEXT NOT NULL) STRICT`);
  const insert =
    file.prepare(`INSERT INTO entry VALUES (@seq, @delta, @balanceAfter, @kind, @reference, @idempotencyKey,
    @actor, @feature, @occurredAt, @createdAt, @hash)`);
  const page = file.transaction((some: readonly SeedRow[]) => {
    for (const row of some) insert.run(row);
  });
  const begun = performance.now();
  for (let at = 0; at < rows.length; at += 2_500) page(rows.slice(at, at + 2_500));
  const seconds = (performance.now() - begun) / 1000;
  file.close();
  rmSync(folder, { recursive: true, force: true });
  return rows.length / seconds;
}

/** Rows a second of `replicate.to`; the first database is filled before. */
export async function pouchReplication(rows: readonly SeedRow[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-bench-pouch-'));
  const from = new PouchDB(join(folder, 'from'));
  const to = new PouchDB(join(folder, 'to'));
  for (let at = 0; at < rows.length; at += 2_500) {
    await from.bulkDocs(rows.slice(at, at + 2_500).map((row) => ({ _id: String(row.seq).padStart(12, '0'), ...row })));
  }
  const begun = performance.now();
  await from.replicate.to(to, { batch_size: 2_500 });
  const seconds = (performance.now() - begun) / 1000;
  const { doc_count } = await to.info();
  if (doc_count !== rows.length) throw new Error(`PouchDB holds ${doc_count} rows, not ${rows.length}`);
  await from.close();
  await to.close();
  rmSync(folder, { recursive: true, force: true });
  return rows.length / seconds;
}

/**
 * Rows a second that RxDB replicates into memory. Its storages that keep rows on a Node program's disk are sold, and the trial of one
 * holds 500 rows: what is measured here ends with the program.
 */
export async function rxReplication(rows: readonly SeedRow[]): Promise<number> {
  const database = await createRxDatabase({
    name: `bench-${process.pid}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  });
  const [text, number, maybe] = [{ type: 'string' }, { type: 'number' }, { type: ['string', 'null'] }];
  const properties = {
    ...{ id: { type: 'string', maxLength: 12 }, seq: number, delta: number, balanceAfter: number, kind: text },
    ...{ reference: maybe, idempotencyKey: maybe, actor: maybe, feature: maybe },
    ...{ occurredAt: text, createdAt: text, hash: text },
  };
  const { entry } = await database.addCollections({
    entry: { schema: { version: 0, primaryKey: 'id', type: 'object', properties } },
  });
  if (entry === undefined) throw new Error('RxDB made no collection');
  const documents = rows.map((row) => ({ id: String(row.seq).padStart(12, '0'), ...row, _deleted: false }));
  const begun = performance.now();
  const replication = replicateRxCollection<(typeof documents)[number], { readonly at: number }>({
    collection: entry,
    replicationIdentifier: 'bench',
    live: false,
    pull: {
      batchSize: 2_500,
      handler: async (checkpoint, size) => {
        const at = checkpoint?.at ?? 0;
        const page = documents.slice(at, at + size);
        return { documents: page, checkpoint: { at: at + page.length } };
      },
    },
  });
  await replication.awaitInitialReplication();
  const seconds = (performance.now() - begun) / 1000;
  const held = await entry.count().exec();
  if (held !== rows.length) throw new Error(`RxDB holds ${held} rows, not ${rows.length}`);
  await database.close();
  return rows.length / seconds;
}
