// The language that the user chose, for a counter that cannot start: read from its file as it lies there, and changed in nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { languageTag } from '../shared/contract/settings.ts';
import type { Log } from './ports.ts';

/** Null where none was chosen, or where the file cannot be read; then it is the operating system's. */
export function chosenLanguage(dataDir: string, log: Log): string | null {
  const path = join(dataDir, 'outbox.db');
  if (!existsSync(path)) return null;
  try {
    const file = new Database(path, { readonly: true, fileMustExist: true, timeout: 200 });
    try {
      const row = file.prepare<[], { value: string }>("SELECT value FROM setting WHERE name = 'language'").get();
      return row === undefined ? null : languageTag.nullable().parse(JSON.parse(row.value));
    } finally {
      file.close();
    }
  } catch (error) {
    log('warn', 'the chosen language cannot be read', { reason: String(error) });
    return null;
  }
}
