// A counter's folder read from beside: each file through a connection that can only read, so that it works while a counter runs on
// it, changes nothing, and shows a damaged file as what it is. Knows the tables that it names and no use case.
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
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

/** A file is there and cannot be read as what it should be. To say that it holds nothing would be wrong. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Throws `Unreadable` in place of what SQLite says. */
function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    throw new Unreadable(`${file} cannot be read (${error.message}). Start the app: it keeps what can be kept.`, {
      cause: error,
    });
  }
}

/** Null where there is no such file; throws `Unreadable` where there is one that is none of ours. */
export function openBeside(dataDir: string, file: string): Database.Database | null {
  const path = join(dataDir, file);
  if (!existsSync(path)) return null;
  return reading(file, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 2_000 });
    database.pragma('user_version');
    return database;
  });
}

/** Rows of a query, none where there is no file; throws `Unreadable` where they cannot be read. */
export function rowsOf(database: Database.Database | null, sql: string): readonly Row[] {
  return database === null ? [] : reading(basename(database.name), () => database.prepare<[], Row>(sql).all());
}

/** For a report that goes on: what was read, or why it could not be. */
export function orUnreadable<T>(read: () => T): T | { readonly unreadable: string } {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.message };
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
  const database = orUnreadable(() => openBeside(dataDir, file));
  if (database === null) return null;
  if ('unreadable' in database) return { file, bytes, version: null, integrity: database.unreadable, rows: {} };
  try {
    const version = Number(database.pragma('user_version', { simple: true }));
    return { file, bytes, version, integrity: integrityOf(database), rows: rowCounts(database) };
  } finally {
    database.close();
  }
}

/** -1 for a table that cannot be read. */
function rowCounts(database: Database.Database): Readonly<Record<string, number>> {
  const tables = orUnreadable(() =>
    rowsOf(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"),
  );
  if ('unreadable' in tables) return {};
  return Object.fromEntries(
    tables.map(({ name }) => {
      const counted = orUnreadable(() => rowsOf(database, `SELECT count(*) AS many FROM "${String(name)}"`));
      return [String(name), 'unreadable' in counted ? -1 : Number(counted[0]?.many)];
    }),
  );
}

function integrityOf(database: Database.Database): string {
  try {
    return String(database.pragma('integrity_check(5)', { simple: true }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
