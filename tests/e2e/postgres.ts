// One real PostgreSQL for all end-to-end tests; every test's server makes its own database in it.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../sync-server/store/embedded.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-e2e-'));
  const postgres = await startEmbeddedPostgres(folder, { bytes: (count) => randomBytes(count) }, ['-c fsync=off']);
  process.env.E2E_POSTGRES_URL = postgres.url;
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
