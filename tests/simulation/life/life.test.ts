// A short life in every run of the tests, on the seeds below: two servers on one database, outages, a kill at a month's beginning,
// lost webhooks, renewals in time and late. `npm run test:life` makes the long one: 200 orgs in 3 years.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killAll } from '../../integration/server/program.ts';
import { makeDatabase } from '../../integration/server/started.ts';
import { runLife } from './life.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-life-'));
});
afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

const size = { orgs: 12, months: 15, pace: 3, outages: 2, kills: 0.15, longOutage: false };

test.each([1])(
  'over months and years every org has exactly the grants, credits, dates, reminders and documents that its payments are worth (seed %i)',
  { timeout: 240_000 },
  async (seed) => {
    const { databaseUrl, drop } = await makeDatabase();
    const say = (line: string) => console.log(`life ${seed}: ${line}`);
    try {
      const life = await runLife({ databaseUrl, folder: join(folder, String(seed)), seed, ...size, say });
      say(JSON.stringify(life.figures));
      expect(life.findings).toEqual([]);
    } finally {
      await drop();
    }
  },
);

test('the auditor imports nothing of the server, of what it shares with the counter, or of the simulation', () => {
  const here = readdirSync(new URL('.', import.meta.url)).filter((file) => file.startsWith('auditor'));
  const allowed = [
    'pg',
    'node:crypto',
    '../storm/auditor-books.ts',
    '../storm/auditor-series.ts',
    ...here.map((file) => `./${file}`),
  ];
  for (const file of here) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    const from = [...text.matchAll(/from '([^']+)'/g)].map(([, path]) => path ?? '');
    expect(from.filter((path) => !allowed.includes(path))).toEqual([]);
  }
});
