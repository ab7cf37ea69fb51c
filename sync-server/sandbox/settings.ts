// Owns the few facts of which there is one each: a name and a text, kept in the file.

import type { Db } from './database.ts';

export type SettingName = 'webhook_secret' | 'webhook_old_secret' | 'webhook_failing_since_ms' | 'webhook_disabled_ms';

export type Settings = ReturnType<typeof createSettings>;

export function createSettings(db: Db) {
  const read = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck();
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const forget = db.prepare<[string]>('DELETE FROM settings WHERE name = ?');
  return {
    get: (name: SettingName): string | null => read.get(name) ?? null,
    set(name: SettingName, value: string | null): void {
      if (value === null) forget.run(name);
      else write.run(name, value);
    },
  };
}
