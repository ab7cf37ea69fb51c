// The long run of the ledger's properties and kills: `npm run test:ledger`. LEDGER_RUNS, LEDGER_KILLS and LEDGER_SEED say how
// long and which; without them it is some minutes with a seed that is printed.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = new URL('../../..', import.meta.url).pathname;
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const env = { LEDGER_RUNS: '60', LEDGER_KILLS: '100', ...process.env };
const options = ['run', '--config', 'tests/vitest.config.ts', '--project', 'integration', '--maxWorkers=1'];
const files = process.argv.length > 2 ? process.argv.slice(2) : ['tests/integration/ledger'];
const run = spawnSync(process.execPath, [vitest, ...options, ...files], { cwd: root, env, stdio: 'inherit' });
process.exitCode = run.status ?? 1;
