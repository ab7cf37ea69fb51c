// Opens mirror.db: a copy that can always be pulled again, so a damaged one is set aside and begun anew. It holds nothing
// that the server does not have; what must never be lost is in the outbox.
import { join } from 'node:path';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { Damaged, type FileKind, openDatabase } from '../disk/open.ts';
import { setAside } from '../disk/set-aside.ts';
import type { Sqlite } from '../disk/sqlite.ts';
import type { Log } from '../ports.ts';
import { mirrorMigrations } from './migrations.ts';

/** 'PPM1' */
export const mirrorFile: FileKind = { application: 0x50504d31, migrations: mirrorMigrations };

export interface Mirror {
  readonly db: BetterSQLite3Database;
  readonly sqlite: Sqlite;
}

/** Throws `CannotStart` for a file of a newer app; a damaged one never stops the counter. */
export function openMirror(dataDir: string, log: Log): Mirror {
  const path = join(dataDir, 'mirror.db');
  const sqlite = openOrRebuild(path, log);
  return { db: drizzle({ client: sqlite }), sqlite };
}

function openOrRebuild(path: string, log: Log): Sqlite {
  try {
    return openDatabase(path, mirrorFile);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    log('warn', 'the mirror was damaged and is begun anew', { reason: error.message, kept: setAside(path) });
    return openDatabase(path, mirrorFile);
  }
}
