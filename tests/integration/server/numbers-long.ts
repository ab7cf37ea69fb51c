// The long run of numbers.test.ts: sixteen at once, two hundred times each, or as NUMBERS_EACH and NUMBERS_SEED say.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const words = ['run', '--config', 'tests/vitest.config.ts', '--project', 'integration'];
const { status } = spawnSync(process.execPath, [vitest, ...words, 'tests/integration/server/numbers.test.ts'], {
  cwd: fileURLToPath(new URL('../../../', import.meta.url)),
  env: { ...process.env, NUMBERS_EACH: process.env.NUMBERS_EACH ?? '200' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
