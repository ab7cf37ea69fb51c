// Brings a file's tables up to this app's version, one numbered step at a time. A released migration is never edited:
// files that have run it will not run it again.
import { rmSync } from 'node:fs';
import type { Sqlite } from './sqlite.ts';

/** number: 1, 2, 3 … without a gap; it is the file's `user_version` once the step is done. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** Each step and its number are one transaction. A file that already holds data is copied beside itself first. */
export function migrate(sqlite: Sqlite, path: string, application: number, migrations: readonly Migration[]): void {
  const from = Number(sqlite.pragma('user_version', { simple: true }));
  const due = migrations.filter((step) => step.number > from);
  if (due.length === 0) return;
  if (from > 0) copyBeside(sqlite, `${path}.before-${from + 1}`);
  for (const step of due) {
    const run = sqlite.transaction(() => {
      sqlite.exec(step.sql);
      sqlite.pragma(`application_id = ${application}`);
      sqlite.pragma(`user_version = ${step.number}`);
    });
    run.immediate();
  }
}

function copyBeside(sqlite: Sqlite, copy: string): void {
  rmSync(copy, { force: true });
  sqlite.prepare('VACUUM INTO ?').run(copy);
}
