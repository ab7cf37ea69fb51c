// Moves a damaged file out of the way, with its journal, keeping the newest one for whoever supports the counter.
import { existsSync, renameSync, rmSync } from 'node:fs';

/** Returns where the file is now. Only the last damaged one is kept, so that a bad disk does not fill itself. */
export function setAside(path: string): string {
  const aside = `${path}.damaged`;
  for (const tail of ['', '-wal', '-shm']) {
    rmSync(`${aside}${tail}`, { force: true });
    if (existsSync(`${path}${tail}`)) renameSync(`${path}${tail}`, `${aside}${tail}`);
  }
  return aside;
}
