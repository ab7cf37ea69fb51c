// What a page must know to use the counter that runs on this folder. Kept in the folder, so that a page that is open finds the counter
// again after a start; only this user may read it, as the key beside it.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const form = /^[A-Za-z0-9_-]{43}$/;

/** make: 43 letters, digits, `-` and `_` that nobody can guess. A file that holds something else is written anew. Throws as `fs` does. */
export function keptPageToken(dataDir: string, make: () => string): string {
  const path = join(dataDir, 'page-token');
  if (existsSync(path)) {
    const kept = readFileSync(path, 'utf8');
    chmodSync(path, 0o600);
    if (form.test(kept)) return kept;
  }
  const token = make();
  writeFileSync(path, token, { mode: 0o600, flush: true });
  return token;
}
