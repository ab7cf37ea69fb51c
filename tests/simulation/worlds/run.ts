// Simulation of worlds.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startThrowawayPostgres } from '../../../sync-server/store/throwaway.ts';
import { batchSize, runBatch } from './batch.ts';
import { prepareDatabases } from './cluster.ts';
import { watchDisks } from './disk.ts';

const seed = process.env.SIM_SEED === undefined ? null : Number(process.env.SIM_SEED);
const runs = Number(process.env.SIM_RUNS ?? 100);
const steps = Number(process.env.SIM_STEPS ?? 16);
const memory = '/dev/shm';
const folder = mkdtempSync(join(memory, 'pharmapulse-worlds-'));
const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off']);
watchDisks();
try {
  const databases = await prepareDatabases(postgres.url, 'one');
  const batches = seed === null ? Array.from({ length: Math.ceil(runs / batchSize) }, (_, batch) => Array.from({ length: Math.min(batchSize, runs - batch * batchSize) }, (__, one) => batch * batchSize + one)) : [[seed]];
  for (const seeds of batches) {
    const began = Date.now();
    const { url, drop } = await databases.make();
    const end = await runBatch({ databaseUrl: url, folder, seeds, steps });
    await drop();
    console.log(`${seeds[0]}..${seeds.at(-1)} in ${Date.now() - began} ms, ${end.findings.length} findings`);
    for (const { seed: of, what } of end.findings.slice(0, 40)) console.log(`  seed ${of}: ${what}`);
    if (process.env.SIM_SHOW === '1') console.log(end.figures, Object.fromEntries([...end.happened].toSorted()));
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
