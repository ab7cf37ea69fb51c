// One real PostgreSQL for the whole run: the embedded one, in a folder that is thrown away, or the one that
// TEST_DATABASE_URL names. Every test file makes a database of its own in it (see server/started.ts).
import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { startThrowawayPostgres } from '../../sync-server/store/throwaway.ts';

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
  // Nothing here must survive a power cut, and the tests write a lot.
  const settings = ['-c fsync=off', '-c max_connections=400'];
  const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, settings);
  project.provide('postgresUrl', postgres.url);
  return () => postgres.stop();
}
