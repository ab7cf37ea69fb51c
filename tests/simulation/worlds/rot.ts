// What a disk does to a file that can be had again: a row altered or missing, a byte changed, the file gone. The counter is off meanwhile.
import { closeSync, existsSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Chance, oneOf } from '../storm/chance.ts';

/** Does one of them to the mirror in this folder; answers what was done. */
export function rot(folder: string, chance: Chance): string {
  const path = join(folder, 'mirror.db');
  if (!existsSync(path)) return 'no mirror to spoil';
  switch (oneOf(chance, { row: 3, byte: 2, gone: 1 })) {
    case 'row':
      return spoilRow(path, chance);
    case 'byte':
      return spoilByte(path, chance);
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
  } catch (error) {
    // Switched off in the middle of its beginning, or spoiled before and not opened since.
    if (error instanceof Database.SqliteError) return 'no mirror to spoil';
    throw error;
  } finally {
    file.close();
  }
}

function spoilByte(path: string, chance: Chance): string {
  const at = chance.below(statSync(path).size);
  const file = openSync(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ (1 << chance.below(8));
    writeSync(file, byte, 0, 1, at);
    return 'mirror byte changed';
  } finally {
    closeSync(file);
  }
}
