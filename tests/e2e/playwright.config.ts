import { defineConfig } from '@playwright/test';
import { findBrowser } from './browser.ts';
import { electronProgram } from './electron.ts';

const executablePath = findBrowser();

// One worker: every test runs a server and counters of its own, and two cores are all there is. No retries.
export default defineConfig({
  testDir: '.',
  testMatch: process.env.PICTURES === '1' ? ['pictures.ts', '*.pictures.ts'] : '*.spec.ts',
  outputDir: './.results',
  globalSetup: './postgres.ts',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  // The same specs over both transports; the desktop app wherever its binary is, but for what only a browser does: `npm start`
  // without it, and downloads.
  projects: [
    { name: 'browser' },
    ...(electronProgram === null
      ? []
      : [{ name: 'electron', testIgnore: ['start.spec.ts', 'invoices.spec.ts', 'screens.spec.ts'] }]),
  ],
  use: {
    viewport: { width: 1366, height: 768 },
    locale: 'en-IN',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
