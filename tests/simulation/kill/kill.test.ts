// A few dozen real kills in every run of the tests; `npm run test:kill` makes 2,000.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundle } from '../../../bench/bundle.ts';
import { makeDatabase } from '../../integration/server/started.ts';
import { runKills } from './kill.ts';
import { killHosts } from './program.ts';

afterAll(killHosts);

test('a counter that is killed at any moment starts again, has lost nothing that it said it had, and sends it once', {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-kills-'));
  const { databaseUrl, drop } = await makeDatabase();
  const program = await bundle('tests/simulation/kill/host');
  const say = (line: string) => console.log(line);
  try {
    const { findings, figures } = await runKills({ databaseUrl, folder, program, seed: 1, kills: 24, group: 24, say });
    console.log(JSON.stringify(figures));
    expect(findings).toEqual([]);
    expect(figures.kills).toBe(24);
    expect(figures.atServer).toBe(figures.queued + figures.unsaid + 1);
    expect(figures.queued).toBeGreaterThan(0);
  } finally {
    await drop();
    rmSync(dirname(program), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
});
