// Years in the life of many orgs: `npm run test:life`. LIFE_ORGS, LIFE_YEARS and LIFE_SEED say how many, how long and which; without
// them it is 200 orgs in 3 years. LIFE_PACE, LIFE_OUTAGES and LIFE_KILLS are for shorter ones. LIFE_LONG=1 has both servers away for 400 days; so does every third seed. Ends with 1 on any finding.
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThrowawayPostgres } from '../../../sync-server/store/throwaway.ts';
import { runLife } from './life.ts';

const { env } = process;
const orgs = Number(env.LIFE_ORGS ?? 200);
const years = Number(env.LIFE_YEARS ?? 3);
const seed = Number(env.LIFE_SEED ?? randomInt(1, 1_000_000_000));
const longOutage = env.LIFE_LONG === undefined ? seed % 3 === 0 && years > 2 : env.LIFE_LONG === '1';
const weather = {
  pace: Number(env.LIFE_PACE ?? 1),
  outages: Number(env.LIFE_OUTAGES ?? 5),
  kills: Number(env.LIFE_KILLS ?? 0.4),
};
const say = (line: string) => console.log(`life ${seed}: ${line}`);
say(`LIFE_SEED=${seed} LIFE_ORGS=${orgs} LIFE_YEARS=${years} LIFE_LONG=${longOutage ? 1 : 0}`);

const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-life-'));
const settings = ['-c fsync=off', '-c max_connections=200'];
const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, settings);
try {
  const life = await runLife({
    databaseUrl: postgres.url,
    folder,
    seed,
    orgs,
    months: years * 12,
    ...weather,
    longOutage,
    say,
  });
  console.log(JSON.stringify(life.figures, null, 2));
  for (const finding of life.findings.slice(0, 200)) say(`FINDING ${finding}`);
  say(life.findings.length === 0 ? 'no finding' : `${life.findings.length} findings`);
  process.exitCode = life.findings.length === 0 ? 0 : 1;
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
