// What is looked at when mirror.db is opened, beside SQLite's own check of its pages: that the tables are those that our
// migrations make, and that the indexes say what the tables say.
import Database from 'better-sqlite3';
import { Damaged } from '../disk/open.ts';
import type { Sqlite } from '../disk/sqlite.ts';
import { mirrorMigrations } from './migrations.ts';

const definitions = (sqlite: Sqlite): string =>
  JSON.stringify(sqlite.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all());

let expected: string | null = null;

function expectedDefinitions(): string {
  if (expected !== null) return expected;
  const fresh = new Database(':memory:');
  for (const step of mirrorMigrations) fresh.exec(step.sql);
  expected = definitions(fresh);
  fresh.close();
  return expected;
}

/** Whether the file has exactly the tables of this app's version, whatever number its header says. */
export const hasOurTables = (sqlite: Sqlite): boolean => definitions(sqlite) === expectedDefinitions();

/** Throws `Damaged`: a table that is called otherwise by one letter is no table of ours. */
export function checkTables(sqlite: Sqlite): void {
  if (!hasOurTables(sqlite)) throw new Damaged('mirror.db: its tables are not those of this version');
}

/** The tables that have indexes; the entries, which may be millions, have none. */
const indexed = ['purchase', 'document', 'document_pdf'];

/** An index that disagrees with its table is made anew; throws `Damaged` where that does not help. */
export function checkIndexes(sqlite: Sqlite): void {
  for (const table of indexed) {
    if (isSound(sqlite, table)) continue;
    sqlite.exec(`REINDEX ${table}`);
    if (!isSound(sqlite, table)) throw new Damaged(`mirror.db: ${table} is not sound`);
  }
}

const isSound = (sqlite: Sqlite, table: string): boolean =>
  sqlite.pragma(`integrity_check('${table}')`, { simple: true }) === 'ok';
