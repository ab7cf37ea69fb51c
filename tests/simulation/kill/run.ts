// The long run of kills: `npm run test:kill`. KILLS says how many (2,000), KILL_LANES how many counters at once (2), KILL_SEED which
// moments. Ends with 1 on any finding.
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundle } from '../../../bench/bundle.ts';
import { startThrowawayPostgres } from '../../../sync-server/store/throwaway.ts';
import { prepareDatabases } from '../worlds/cluster.ts';
import { type KillEnd, runKills } from './kill.ts';
import { killHosts } from './program.ts';

const { env } = process;
const kills = Number(env.KILLS ?? 2_000);
const lanes = Number(env.KILL_LANES ?? 2);
const seed = Number(env.KILL_SEED ?? randomInt(1, 1_000_000_000));
const say = (line: string) => console.log(line);
say(`kills ${seed}: KILL_SEED=${seed} KILLS=${kills} KILL_LANES=${lanes}`);

const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-kills-'));
const program = await bundle('tests/simulation/kill/host');
const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, ['-c fsync=off']);
const began = performance.now();
try {
  const databases = await prepareDatabases(postgres.url, 'kills');
  const lane = async (number: number): Promise<KillEnd> => {
    const { url } = await databases.make();
    return runKills({
      ...{ databaseUrl: url, folder, program, seed: seed + number, kills: Math.ceil(kills / lanes), group: 50 },
      say: (line) => say(`lane ${number}, ${Math.round((performance.now() - began) / 1000)} s: ${line}`),
    });
  };
  const ends = await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  for (const { figures } of ends) say(JSON.stringify(figures));
  const findings = ends.flatMap((end) => end.findings);
  for (const finding of findings.slice(0, 50)) say(`FINDING ${finding}`);
  say(findings.length === 0 ? 'no finding' : `${findings.length} findings`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  killHosts();
  await postgres.stop();
  rmSync(dirname(program), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
