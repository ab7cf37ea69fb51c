// Opens one of the counter's SQLite files so that what is committed is on the disk, or says in words why not. Owns the
// pragmas and the order of checks; knows nothing of what the tables mean.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { CannotStart } from '../cannot-start.ts';
import { type Migration, migrate } from './migrate.ts';
import type { Sqlite } from './sqlite.ts';

/**
 * application: four bytes in the file's header that say whose it is. hasOurTables: whether the tables are exactly those of this
 * version, so that a header whose number was altered is not taken for another version's. trusted: nobody has touched the file
 * since it was closed, so its pages are not read through first.
 */
export interface FileKind {
  readonly application: number;
  readonly migrations: readonly Migration[];
  readonly hasOurTables?: (sqlite: Sqlite) => boolean;
  readonly trusted?: boolean;
}

/** The file cannot be read as what it should be; whether that is fatal is its owner's decision. */
export class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** SQLite's number for `PRAGMA synchronous = FULL`. */
const full = 2;

/** Throws `CannotStart` for a newer file or a disk that does not sync, `Damaged` for a file that is not sound. */
export function openDatabase(path: string, kind: FileKind): Sqlite {
  if (existsSync(path)) refuseTheFuture(path, kind);
  const sqlite = reading(path, () => new Database(path));
  try {
    reading(path, () => configure(sqlite));
    if (kind.trusted !== true) reading(path, () => checkSound(sqlite, path));
    migrate(sqlite, path, kind.application, kind.migrations);
    assertDurable(sqlite, path);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Looks through a read-only connection, so that a newer app finds its file as it left it. */
function refuseTheFuture(path: string, kind: FileKind): void {
  reading(path, () => {
    const sqlite = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const application = sqlite.pragma('application_id', { simple: true });
      const version = Number(sqlite.pragma('user_version', { simple: true }));
      if (application !== kind.application && version > 0) throw new Damaged(`${basename(path)} is not a file of ours`);
      if (version !== kind.migrations.length && kind.hasOurTables?.(sqlite) === true) {
        throw new Damaged(`${basename(path)}: the number in its header was altered`);
      }
      if (version > kind.migrations.length) {
        throw new CannotStart(
          'newer_data',
          path,
          `The data in ${path} was written by a newer version of PharmaPulse One billing. Update this app; nothing was changed.`,
        );
      }
    } finally {
      sqlite.close();
    }
  });
}

function configure(sqlite: Sqlite): void {
  sqlite.pragma('busy_timeout = 5000');
  sqlite.pragma('journal_mode = WAL');
  // Said on every open: this build of SQLite goes back to NORMAL in WAL mode, and NORMAL may lose commits in a power cut.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('trusted_schema = OFF');
  sqlite.pragma('cell_size_check = ON');
}

function checkSound(sqlite: Sqlite, path: string): void {
  const verdict = sqlite.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') throw new Damaged(`${basename(path)}: ${String(verdict)}`);
}

/** The setting is asserted after a write, because it is the first write that changes it when it was not said. */
function assertDurable(sqlite: Sqlite, path: string): void {
  sqlite.prepare('UPDATE opening SET times = times + 1').run();
  const level = sqlite.pragma('synchronous', { simple: true });
  const journal = sqlite.pragma('journal_mode', { simple: true });
  if (level === full && journal === 'wal') return;
  throw new CannotStart(
    'not_durable',
    path,
    `The disk under ${path} cannot promise to keep what is saved (journal ${String(journal)}, synchronous ${String(level)}).`,
  );
}

const damageCodes = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR_SHORT_READ'];

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError && damageCodes.some((code) => error.code.startsWith(code))) {
      throw new Damaged(`${basename(path)}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
