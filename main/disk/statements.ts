// Statements that are prepared once: a counter asks the same few questions all day long, and preparing one costs more than running it.
// What is handed out knows `run`, `get`, `all`, `raw` and `pluck`, which is what the query builder and our own queries use.
import type Database from 'better-sqlite3';
import type { Sqlite } from './sqlite.ts';

/** Runs an act on the connection of the moment. */
export type OnConnection = <T>(act: (sqlite: Sqlite) => T) => T;

interface Kept {
  run(...given: unknown[]): Database.RunResult;
  get(...given: unknown[]): unknown;
  all(...given: unknown[]): unknown[];
  /** Rows as lists of their values. */
  raw(): Kept;
  /** Of each row its first value. */
  pluck(): Kept;
}

/** More are not kept: a question with a list in it is another text for each length of the list. */
const mostKept = 200;

/** `prepare` of a connection that may be replaced: a statement is prepared when it is first run, and again on each new connection. */
export function keepStatements(on: OnConnection): (sql: string) => Kept {
  const kept = new Map<string, Kept>();
  return (sql) => {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    const made = statement(on, sql);
    kept.set(sql, made);
    return made;
  };
}

/** The connection with `prepare` as above; all else is its own. */
export function withKeptStatements(sqlite: Sqlite): Sqlite {
  const prepare = keepStatements((act) => act(sqlite));
  return new Proxy(sqlite, {
    get(target, name) {
      if (name === 'prepare') return prepare;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function statement(on: OnConnection, sql: string): Kept {
  const form = (set: (made: Database.Statement<unknown[]>) => unknown): Omit<Kept, 'raw' | 'pluck'> => {
    let preparedOn: Sqlite | null = null;
    let prepared: Database.Statement<unknown[]> | null = null;
    const ready = (sqlite: Sqlite): Database.Statement<unknown[]> => {
      if (prepared === null || preparedOn !== sqlite) {
        prepared = sqlite.prepare<unknown[]>(sql);
        set(prepared);
        preparedOn = sqlite;
      }
      return prepared;
    };
    return {
      run: (...given) => on((sqlite) => ready(sqlite).run(...given)),
      get: (...given) => on((sqlite) => ready(sqlite).get(...given)),
      all: (...given) => on((sqlite) => ready(sqlite).all(...given)),
    };
  };
  // One statement a form: better-sqlite3 turns the form on for the statement itself, and it stays so.
  const lists: Kept = { ...form((made) => made.raw()), raw: () => lists, pluck: () => firsts };
  const firsts: Kept = { ...form((made) => made.pluck()), raw: () => lists, pluck: () => firsts };
  return { ...form(() => undefined), raw: () => lists, pluck: () => firsts };
}
