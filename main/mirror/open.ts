// Opens mirror.db: a copy that can always be pulled again, so a damaged one is set aside and begun anew, at the start or
// later. It holds nothing that the server does not have; what must never be lost is in the outbox.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { Damaged, type FileKind, openDatabase } from '../disk/open.ts';
import { setAside } from '../disk/set-aside.ts';
import type { Sqlite } from '../disk/sqlite.ts';
import type { Log } from '../ports.ts';
import { checkIndexes, checkTables, hasOurTables } from './checks.ts';
import { guard, isDamage } from './guard.ts';
import { mirrorMigrations } from './migrations.ts';
import { isAsLeft, type Left } from './stamp.ts';

/** 'PPM1' */
export const mirrorFile: FileKind = { application: 0x50504d31, migrations: mirrorMigrations };

export interface Mirror {
  readonly db: BetterSQLite3Database;
  readonly sqlite: Sqlite;
  readonly path: string;
  /** How the file was left by the start before, where nobody has touched it since; null where every row is to be looked at. */
  readonly asLeft: Left | null;
  /** How often the file was begun anew since the start: what was known of its rows before does not hold any more. */
  readonly begunAnew: () => number;
  /** How often rows of the ledger that were held were put in place of others, or taken out, since the start. */
  readonly replaced: { times: number };
  /** Set by whoever wants to know at once. Called in the middle of a query. */
  readonly onBegunAnew: { tell: (reason: string) => void };
}

/** Throws `CannotStart` for a file of a newer app; a damaged one never stops the counter. left: as saved by the start before. */
export function openMirror(dataDir: string, log: Log, left: Left | null = null): Mirror {
  const path = join(dataDir, 'mirror.db');
  const asLeft = isAsLeft(path, left) ? left : null;
  const onBegunAnew = { tell: (_reason: string): void => undefined };
  const first = openOrRebuild(path, log, asLeft !== null);
  const { sqlite, times } = guard(first.sqlite, (broken, reason) => {
    broken.close();
    log('error', 'the mirror is damaged and is begun anew', { reason, kept: setAside(path) });
    onBegunAnew.tell(reason);
    return openDatabase(path, mirrorFile);
  });
  return {
    db: drizzle({ client: sqlite }),
    sqlite,
    path,
    asLeft: first.rebuilt ? null : asLeft,
    begunAnew: times,
    replaced: { times: 0 },
    onBegunAnew,
  };
}

/** trusted: nobody has touched the file since it was closed, so it need not be read from end to end before it is used. */
function openOrRebuild(path: string, log: Log, trusted: boolean): { sqlite: Sqlite; rebuilt: boolean } {
  try {
    return { sqlite: openSound(path, trusted), rebuilt: false };
  } catch (error) {
    if (!(error instanceof Damaged) && !isDamage(error) && !isReadOnly(error)) throw error;
    const { message } = error as Error;
    log('warn', 'the mirror was damaged and is begun anew', { reason: message, kept: setAside(path) });
    return { sqlite: openDatabase(path, mirrorFile), rebuilt: true };
  }
}

/** A header byte can make a file one that SQLite only reads. Where the disk itself is read-only the new file fails as well. */
const isReadOnly = (error: unknown) =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_READONLY');

function openSound(path: string, trusted: boolean): Sqlite {
  const sqlite = openDatabase(path, { ...mirrorFile, hasOurTables, trusted });
  try {
    checkTables(sqlite);
    if (!trusted) checkIndexes(sqlite);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}
