// A small storm in every run of the tests, on the seeds below: two servers, faults of every kind, kills, lost and tripled events,
// and an auditor that shares no code with the server. `npm run test:storm` makes the large one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killAll } from '../../integration/server/program.ts';
import { makeDatabase } from '../../integration/server/started.ts';
import { runStorm } from './storm.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pharmapulse-storm-'));
});
afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

const seeds = [1, 2];

test.each(seeds)(
  'after a storm every payment at the provider has its effect exactly once, and nothing else has any (seed %i)',
  { timeout: 240_000 },
  async (seed) => {
    const { databaseUrl, drop } = await makeDatabase();
    const say = (line: string) => console.log(`storm ${seed}: ${line}`);
    try {
      const size = { purchases: 100, orgs: 8, kills: 1, faults: 0.06 };
      const storm = await runStorm({ databaseUrl, folder: join(folder, String(seed)), seed, ...size, say });
      say(JSON.stringify(storm.figures));
      expect(storm.findings).toEqual([]);
    } finally {
      await drop();
    }
  },
);

test('the auditor imports nothing of the server, of what it shares with the counter, or of the storm', () => {
  const own = ['auditor.ts', 'auditor-books.ts', 'auditor-series.ts'];
  for (const file of own) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    const from = [...text.matchAll(/from '([^']+)'/g)].map(([, path]) => path);
    expect(from.filter((path) => path !== 'pg' && !own.includes(path?.replace('./', '') ?? ''))).toEqual([]);
  }
});
