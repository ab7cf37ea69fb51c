// Which browser the end-to-end tests drive: an installed Chromium, Chrome or Edge; else one that this script installs
// (Debian's when root on Debian, Playwright's own elsewhere); else a sentence that says how to get one.
//
// Run as a program it makes sure that there is one and says which.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((root) => {
    const folder = process.env[root];
    if (folder === undefined) return [];
    return ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((file) =>
      join(folder, file),
    );
  }),
];

/** The browser's program, or null if there is none on this machine. */
export function findBrowser(): string | null {
  const named = process.env.E2E_BROWSER;
  if (named !== undefined && existsSync(named)) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
  if (onPath !== undefined) return onPath;
  const placed = places.find((file) => existsSync(file));
  if (placed !== undefined) return placed;
  const own = chromium.executablePath();
  return existsSync(own) ? own : null;
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

function install(): void {
  const root = process.getuid?.() === 0;
  if (root && existsSync('/etc/debian_version')) {
    console.log('no browser found: installing Debian’s chromium');
    if (run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-core']))
      return;
  }
  console.log('no browser found: installing Playwright’s own');
  run(process.execPath, [fileURLToPath(import.meta.resolve('@playwright/test/cli')), 'install', 'chromium']);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (findBrowser() === null) install();
  const found = findBrowser();
  if (found === null) {
    console.error(
      'The end-to-end tests need a browser and none could be installed: install Chromium, Chrome or Edge, or name one in E2E_BROWSER.',
    );
    process.exit(1);
  }
  console.log(`end-to-end tests drive ${found}`);
}
