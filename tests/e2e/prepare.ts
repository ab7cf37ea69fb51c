// Before the end-to-end tests: the pages are built (the whole desktop app where Electron is), and there is a browser.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { electronProgram } from './electron.ts';

const root = resolve(import.meta.dirname, '../..');

function run(what: string, args: readonly string[]): void {
  const ran = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (ran.status !== 0) {
    console.error(`${what} failed; see above`);
    process.exit(1);
  }
}

const vite = 'node_modules/vite/bin/vite.js';
const configs = ['renderer/vite.config.ts'];
if (electronProgram !== null) configs.push('main/vite.main.config.ts', 'main/vite.preload.config.ts');
for (const config of configs) run(`building ${config}`, [vite, 'build', '--config', config, '--logLevel', 'warn']);
run('finding a browser', ['tests/e2e/browser.ts']);
