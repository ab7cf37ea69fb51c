import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepStatements, withKeptStatements } from '../../../main/disk/statements.ts';

let connection: Database.Database;
beforeEach(() => {
  connection = new Database(':memory:');
  connection.exec(
    "CREATE TABLE pack (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO pack VALUES (1, 'one'), (2, 'two')",
  );
});
afterEach(() => {
  connection.close();
});

/** The connection, and how often it was asked to prepare something. */
function counted(): { sqlite: Database.Database; prepared: () => number } {
  let times = 0;
  const sqlite = new Proxy(connection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === 'prepare') times += 1;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { sqlite, prepared: () => times };
}

describe('statements that are kept', () => {
  test('a question that is asked again is prepared once', () => {
    const { sqlite, prepared } = counted();
    const kept = withKeptStatements(sqlite);
    for (const id of [1, 2, 1]) kept.prepare('SELECT name FROM pack WHERE id = ?').get(id);
    expect(prepared()).toBe(1);
  });

  test('rows come in the form that was asked for, whichever form was asked for before', () => {
    const kept = withKeptStatements(connection);
    const ask = () => kept.prepare('SELECT id, name FROM pack ORDER BY id');
    const objects = [
      { id: 1, name: 'one' },
      { id: 2, name: 'two' },
    ];
    for (let again = 0; again < 2; again += 1) {
      expect(ask().all()).toEqual(objects);
      expect(ask().raw().all()).toEqual([
        [1, 'one'],
        [2, 'two'],
      ]);
      expect(ask().pluck().all()).toEqual([1, 2]);
      expect(ask().raw().pluck().get()).toBe(1);
      expect(ask().get()).toEqual(objects[0]);
    }
  });

  test('on a new connection a question is prepared anew', () => {
    const other = new Database(':memory:');
    other.exec("CREATE TABLE pack (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO pack VALUES (1, 'other')");
    let current = connection;
    const prepare = keepStatements((act) => act(current));
    const ask = () => prepare('SELECT name FROM pack WHERE id = 1').pluck().get();
    expect(ask()).toBe('one');
    current = other;
    expect(ask()).toBe('other');
    other.close();
  });

  test('a statement that failed may be run again', () => {
    const kept = withKeptStatements(connection);
    const insert = () => kept.prepare('INSERT INTO pack VALUES (?, ?)');
    expect(() => insert().run(1, 'again')).toThrow('UNIQUE');
    expect(insert().run(3, 'three').changes).toBe(1);
  });

  test('no more than some are kept, the newest', () => {
    const { sqlite, prepared } = counted();
    const kept = withKeptStatements(sqlite);
    for (let number = 0; number < 1_000; number += 1) kept.prepare(`SELECT ${number}`).get();
    kept.prepare('SELECT 999').get();
    expect(prepared()).toBe(1_000);
    kept.prepare('SELECT 0').get();
    expect(prepared()).toBe(1_001);
  });
});
