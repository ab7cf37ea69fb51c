// Runs pictures.ts through Playwright; a program of its own, since setting a variable differs from shell to shell.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root } from './program.ts';

const cli = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
const args = [cli, 'test', '--config', 'tests/e2e/playwright.config.ts', '--project', 'browser'];
const ran = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PICTURES: '1' } });
process.exit(ran.status ?? 1);
