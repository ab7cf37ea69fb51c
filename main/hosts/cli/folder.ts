// A counter's folder read from beside: each file through a connection that can only read, so that it works while a counter runs on
// it, changes nothing, and shows a damaged file as what it is. Knows the tables that it names and no use case.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

export interface FileState {
  readonly file: string;
  readonly bytes: number;
  readonly version: number | null;
  /** `ok`, or what SQLite says is wrong. */
  readonly integrity: string;
  /** Rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Null where there is no such file or it cannot be read. */
export function openBeside(dataDir: string, file: string): Database.Database | null {
  const path = join(dataDir, file);
  if (!existsSync(path)) return null;
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 2_000 });
    database.pragma('user_version');
    return database;
  } catch (error) {
    if (error instanceof Database.SqliteError) return null;
    throw error;
  }
}

/** Rows of a query; none where the file has no such table, or it cannot be read. */
export function rowsOf(database: Database.Database | null, sql: string): readonly Row[] {
  if (database === null) return [];
  try {
    return database.prepare<[], Row>(sql).all();
  } catch (error) {
    if (error instanceof Database.SqliteError) return [];
    throw error;
  }
}

/** One counter at a time: whether somebody holds the folder now. Looks, and takes nothing. */
export function isInUse(dataDir: string): boolean {
  const path = join(dataDir, 'owner.lock');
  if (!existsSync(path)) return false;
  const lock = new Database(path, { readonly: true, timeout: 0 });
  try {
    lock.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return true;
    throw error;
  } finally {
    lock.close();
  }
}

export function stateOf(dataDir: string, file: string): FileState | null {
  const path = join(dataDir, file);
  if (!existsSync(path)) return null;
  const bytes = statSync(path).size;
  const database = openBeside(dataDir, file);
  if (database === null) return { file, bytes, version: null, integrity: 'cannot be opened as a database', rows: {} };
  try {
    const tables = rowsOf(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    const counted = tables.map(({ name }) => [String(name), countOf(database, String(name))] as const);
    const version = Number(database.pragma('user_version', { simple: true }));
    return { file, bytes, version, integrity: integrityOf(database), rows: Object.fromEntries(counted) };
  } finally {
    database.close();
  }
}

const countOf = (database: Database.Database, table: string) =>
  Number(rowsOf(database, `SELECT count(*) AS many FROM "${table}"`)[0]?.many ?? -1);

function integrityOf(database: Database.Database): string {
  try {
    return String(database.pragma('integrity_check(5)', { simple: true }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
