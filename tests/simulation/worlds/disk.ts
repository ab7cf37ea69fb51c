// Power cuts. Every write that a counter makes to its files passes here and is counted; at the one that was chosen the
// folder's files are copied as they are at that moment, which is what the cut leaves, and whatever the program that lost its
// power still does goes nowhere. Knows files and SQLite's connections, and nothing of what is written.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

export interface Disk {
  readonly folder: string;
  /** Writes since it was opened. */
  writes: number;
  /** The cut comes before this many more writes; null: none is planned. */
  cutIn: number | null;
  /** Nothing is written any more. */
  dead: boolean;
  readonly onCut: () => void;
}

const disks = new Map<string, Disk>();
const diskOf = new WeakMap<object, Disk | null>();
const files = ['outbox.db', 'mirror.db'];
const tails = ['', '-wal', '-journal'];

export function openDisk(folder: string, onCut: () => void): Disk {
  const disk: Disk = { folder, writes: 0, cutIn: null, dead: false, onCut };
  disks.set(folder, disk);
  return disk;
}

/** What is under a folder that lost its power, as it is at this moment. */
export function copyFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of files)
    for (const tail of tails)
      if (existsSync(join(from, `${file}${tail}`)))
        copyFileSync(join(from, `${file}${tail}`), join(to, `${file}${tail}`));
}

function ofConnection(connection: { readonly name: string }): Disk | null {
  const known = diskOf.get(connection);
  if (known !== undefined) return known;
  const named = files.some((file) => connection.name.endsWith(`/${file}`));
  const disk = named ? (disks.get(dirname(connection.name)) ?? null) : null;
  diskOf.set(connection, disk);
  return disk;
}

/** Whether the write may be made. */
function mayWrite(disk: Disk | null): boolean {
  if (disk === null) return true;
  if (disk.dead) return false;
  disk.writes += 1;
  if (disk.cutIn === null) return true;
  disk.cutIn -= 1;
  if (disk.cutIn > 0) return true;
  disk.onCut();
  return false;
}

const nothing: Database.RunResult = { changes: 0, lastInsertRowid: 0 };

/** Once a process: from here on all writes through better-sqlite3 are seen. Returns how to stop. */
export function watchDisks(): () => void {
  const statement = Object.getPrototypeOf(new Database(':memory:').prepare('select 1')) as {
    run: (this: { readonly database: Database.Database }, ...values: unknown[]) => Database.RunResult;
  };
  const database = Database.prototype as { exec: (this: Database.Database, sql: string) => Database.Database };
  const [run, exec] = [statement.run, database.exec];
  statement.run = function (...values) {
    return mayWrite(ofConnection(this.database)) ? run.apply(this, values) : nothing;
  };
  database.exec = function (sql) {
    return mayWrite(ofConnection(this)) ? exec.call(this, sql) : this;
  };
  return () => {
    statement.run = run;
    database.exec = exec;
  };
}

export function closeDisk(disk: Disk): void {
  disk.dead = true;
  disks.delete(disk.folder);
}
