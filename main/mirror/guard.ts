// A connection that outlives its file. A damaged page may show at any query, days after the start; the file is then set
// aside, begun anew and the query asked again, while the counter goes on. What the mirror held comes again from the server.
import Database from 'better-sqlite3';
import type { Sqlite } from '../disk/sqlite.ts';
import { keepStatements } from '../disk/statements.ts';

/** A transaction met damage: nothing of it was done, and the mirror is empty now. Whoever writes pages begins again. */
export class BegunAnew extends Error {
  override readonly name = 'BegunAnew';
}

export interface Guarded {
  readonly sqlite: Sqlite;
  /** How often the file was begun anew since the start. */
  readonly times: () => number;
}

/** A file that is begun anew more often within one start is not what is damaged: then the error is told as it is. */
const mostTimes = 3;

const damage = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR_SHORT_READ', 'SQLITE_CONSTRAINT'];

/**
 * Our statements are fixed, and were right when the file was opened: one that names no table any more, or breaks a key, has met
 * a changed file.
 */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code === 'SQLITE_ERROR' || damage.some((code) => error.code.startsWith(code));
}

/** beginAnew: sets the file of the connection aside, closed or not, and opens an empty one. */
export function guard(first: Sqlite, beginAnew: (broken: Sqlite, reason: string) => Sqlite): Guarded {
  let current = first;
  let times = 0;
  /** Set where damage met a transaction: the connection is replaced when that has ended. */
  let broken: Error | null = null;

  const replace = (error: Error): void => {
    if (times >= mostTimes) throw error;
    times += 1;
    broken = null;
    current = beginAnew(current, error.message);
  };
  const connection = (): Sqlite => {
    if (broken !== null && !current.inTransaction) replace(broken);
    return current;
  };
  const guarded = <T>(act: (sqlite: Sqlite) => T): T => {
    try {
      return act(connection());
    } catch (error) {
      if (!(error instanceof Error) || !isDamage(error)) throw error;
      if (current.inTransaction) {
        broken = error;
        throw error;
      }
      replace(error);
      return act(current);
    }
  };
  const transaction = (run: (...given: unknown[]) => unknown) => {
    const inside =
      (how: 'deferred' | 'immediate' | 'exclusive') =>
      (...given: unknown[]) => {
        const on = connection();
        const all = on.transaction(run);
        try {
          return all[how](...given);
        } catch (error) {
          if (!(error instanceof Error) || !(broken !== null || isDamage(error)) || on.inTransaction) throw error;
          replace(error);
          throw new BegunAnew(error.message, { cause: error });
        }
      };
    return Object.assign(inside('deferred'), { immediate: inside('immediate'), exclusive: inside('exclusive') });
  };
  const prepare = keepStatements(guarded);
  const sqlite = new Proxy(first, {
    get(_first, name) {
      if (name === 'prepare') return prepare;
      if (name === 'exec') return (sql: string) => guarded((on) => on.exec(sql));
      if (name === 'transaction') return transaction;
      const value: unknown = Reflect.get(current, name, current);
      return typeof value === 'function' ? value.bind(current) : value;
    },
  });
  return { sqlite, times: () => times };
}
