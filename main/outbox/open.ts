// Opens outbox.db: what exists nowhere else. It is never dropped. A damaged file is kept, and every row of it that can
// still be read is carried into a new one before anything else happens.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { CannotStart } from '../cannot-start.ts';
import { Damaged, type FileKind, openDatabase } from '../disk/open.ts';
import { setAside } from '../disk/set-aside.ts';
import type { Sqlite } from '../disk/sqlite.ts';
import { withKeptStatements } from '../disk/statements.ts';
import type { Log } from '../ports.ts';
import { outboxMigrations } from './migrations.ts';

/** 'PPO1' */
export const outboxFile: FileKind = { application: 0x50504f31, migrations: outboxMigrations };

/** salvaged: this start had to carry rows over from a damaged file; some may be missing. */
export interface Outbox {
  readonly db: BetterSQLite3Database;
  readonly sqlite: Sqlite;
  readonly salvaged: boolean;
}

/** Throws `CannotStart` for a file of a newer app, or a damaged one of which nothing can be carried over. */
export function openOutbox(dataDir: string, log: Log): Outbox {
  const path = join(dataDir, 'outbox.db');
  try {
    const sqlite = withKeptStatements(openDatabase(path, outboxFile));
    return { db: drizzle({ client: sqlite }), sqlite, salvaged: false };
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    const aside = setAside(path);
    log('error', 'the outbox was damaged; carrying over what can be read', { reason: error.message, kept: aside });
    const sqlite = openDatabase(path, outboxFile);
    const rows = carryOver(sqlite, aside, log);
    log('warn', 'rows carried over from the damaged outbox', rows);
    const kept = withKeptStatements(sqlite);
    return { db: drizzle({ client: kept }), sqlite: kept, salvaged: true };
  }
}

const tables = ['session', 'setting', 'item', 'told'] as const;

function carryOver(into: Sqlite, damagedPath: string, log: Log): Record<string, number> {
  let damaged: Sqlite;
  try {
    damaged = new Database(damagedPath, { readonly: true, fileMustExist: true });
    damaged.pragma('user_version');
  } catch (error) {
    into.close();
    setAside(into.name);
    throw new CannotStart(
      'damaged_outbox',
      damagedPath,
      `The list of waiting purchases is damaged and cannot be read. It is kept in ${damagedPath}; please ask support ` +
        'before you go on. Starting again begins with an empty list.',
      error,
    );
  }
  try {
    return Object.fromEntries(tables.map((table) => [table, carryTable(into, damaged, table, log)]));
  } finally {
    damaged.close();
  }
}

/** Row by row, so that one bad page costs only the rows behind it. */
function carryTable(into: Sqlite, damaged: Sqlite, table: string, log: Log): number {
  let carried = 0;
  try {
    for (const row of damaged.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).iterate()) {
      const names = Object.keys(row);
      const places = names.map((name) => `@${name}`).join(', ');
      into.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${places})`).run(row);
      carried += 1;
    }
  } catch (error) {
    log('error', 'the rest of a damaged table cannot be read', { table, carried, reason: String(error) });
  }
  return carried;
}
