// One counter per data folder: two would send the same purchases twice as often and show each other's half-done work.
// The lease is a lock that the operating system holds for the process, so it ends with it: a killed counter leaves
// nothing stale behind, and no process id has to be guessed about.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { CannotStart } from '../cannot-start.ts';

/** Takes the folder or throws `CannotStart` (`in_use`); the function that it returns gives the folder back. */
export function ownFolder(dataDir: string): () => void {
  const lock = new Database(join(dataDir, 'owner.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new CannotStart(
        'in_use',
        dataDir,
        `Another counter is already running on the data folder ${dataDir}.`,
        error,
      );
    }
    throw error;
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}
