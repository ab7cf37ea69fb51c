// One real PostgreSQL for the whole run: the embedded one, in a folder that is thrown away, or the one that
// TEST_DATABASE_URL names. Every test file makes a database of its own in it (see server/started.ts).
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../sync-server/store/embedded.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined) {
    project.provide('postgresUrl', given);
    return async () => undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-tests-'));
  // Nothing here must survive a power cut, and the tests write a lot.
  const postgres = await startEmbeddedPostgres(folder, { bytes: (count) => randomBytes(count) }, [
    '-c fsync=off',
    '-c max_connections=400',
  ]);
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
