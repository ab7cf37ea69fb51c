// What becomes of a file that can be had again: a row altered, a row missing, the file gone. The counter is off meanwhile.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Chance, oneOf } from '../storm/chance.ts';

/** Does one of them to the mirror in this folder; answers what was done. */
export function rot(folder: string, chance: Chance): string {
  const path = join(folder, 'mirror.db');
  if (!existsSync(path)) return 'no mirror to spoil';
  switch (oneOf(chance, { row: 3, gone: 1 })) {
    case 'row':
      return spoilRow(path, chance);
    case 'gone':
      for (const tail of ['', '-wal', '-shm']) rmSync(`${path}${tail}`, { force: true });
      return 'mirror lost';
  }
}

function spoilRow(path: string, chance: Chance): string {
  const file = new Database(path);
  try {
    const sql = chance.is(0.5)
      ? 'update entry set delta = delta + 1 where seq = (select max(seq) / 2 + 1 from entry)'
      : 'delete from entry where seq = (select max(seq) / 2 + 1 from entry)';
    return file.prepare(sql).run().changes > 0 ? 'mirror row altered' : 'no row to alter';
  } finally {
    file.close();
  }
}
