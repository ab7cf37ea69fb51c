// The long run of year-end.test.ts: sixteen lanes of two hundred settlements with kills of the processes, or as NUMBERS_EACH,
// NUMBERS_KILLS and NUMBERS_SEED say. Ends with 1 on any finding.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThrowawayPostgres } from '../../../sync-server/store/throwaway.ts';
import { runYearEnd } from './year-end.ts';

const { env } = process;
const seed = Number(env.NUMBERS_SEED ?? 20_270_331);
const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-numbers-'));
const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, ['-c max_connections=200']);
try {
  const { findings, figures } = await runYearEnd({
    ...{ databaseUrl: postgres.url, folder, seed },
    ...{ each: Number(env.NUMBERS_EACH ?? 200), kills: Number(env.NUMBERS_KILLS ?? 40) },
  });
  console.log(`numbers ${seed}: ${JSON.stringify(figures)}`);
  for (const finding of findings.slice(0, 200)) console.log(`numbers ${seed}: FINDING ${finding}`);
  console.log(`numbers ${seed}: ${findings.length === 0 ? 'no finding' : `${findings.length} findings`}`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
