// An embedded PostgreSQL for one run of tests or benchmarks, gone with its files when it is stopped.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../clock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';

export async function startThrowawayPostgres(random: Random, settings: readonly string[]): Promise<EmbeddedPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-throwaway-'));
  // Where root runs this, PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder, random, settings);
  return {
    ...postgres,
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
