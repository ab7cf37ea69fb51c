// Type-checks every folder under its own tsconfig, so that a name of the wrong runtime fails where it stands.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const projects = ['shared', 'main', 'main/hosts/electron', 'renderer', 'sync-server', 'tests', 'bench'].filter(
  (folder) =>
    existsSync(join(folder, 'tsconfig.json')) &&
    readdirSync(folder, { recursive: true }).some((name) => /\.tsx?$/.test(String(name))),
);
let failed = 0;
for (const project of projects) {
  const run = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
  if (run.status !== 0) {
    failed += 1;
    console.error(`types: ${project} does not compile`);
  }
}
if (failed > 0) process.exit(1);
console.log(`types: ${projects.length} folders compile`);
