// The long storm: `npm run test:storm`. STORM_PURCHASES, STORM_ORGS, STORM_KILLS and STORM_SEED say how large and which;
// without them it is 100,000 purchases of 1,000 orgs. Ends with 1 on any finding.
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThrowawayPostgres } from '../../../sync-server/store/throwaway.ts';
import { runStorm } from './storm.ts';

const { env } = process;
const purchases = Number(env.STORM_PURCHASES ?? 100_000);
const orgs = Number(env.STORM_ORGS ?? Math.min(1000, Math.ceil(purchases / 10)));
const kills = Number(env.STORM_KILLS ?? Math.max(2, Math.floor(purchases / 2500)));
const seed = Number(env.STORM_SEED ?? randomInt(1, 1_000_000_000));
const faults = Number(env.STORM_FAULTS ?? 0.02);
const say = (line: string) => console.log(`storm ${seed}: ${line}`);
say(`STORM_SEED=${seed} STORM_PURCHASES=${purchases} STORM_ORGS=${orgs} STORM_KILLS=${kills} STORM_FAULTS=${faults}`);

const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-storm-'));
const settings = ['-c fsync=off', '-c max_connections=400', '-c shared_buffers=256MB'];
const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, settings);
try {
  const storm = await runStorm({ databaseUrl: postgres.url, folder, seed, purchases, orgs, kills, faults, say });
  console.log(JSON.stringify(storm.figures, null, 2));
  for (const finding of storm.findings.slice(0, 100)) say(`FINDING ${finding}`);
  say(storm.findings.length === 0 ? 'no finding' : `${storm.findings.length} findings`);
  process.exitCode = storm.findings.length === 0 ? 0 : 1;
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
