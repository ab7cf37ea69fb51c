// A small turn of the year in every run of the tests; `npm run test:numbers` makes the large one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { killAll } from '../../integration/server/program.ts';
import { makeDatabase } from '../../integration/server/started.ts';
import { lanes, runYearEnd } from './year-end.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-year-end-'));
afterAll(() => {
  killAll();
  rmSync(folder, { recursive: true, force: true });
});

const seed = 20_270_331;
const each = 4;

test(`${lanes} × ${each} settlements at two processes that are killed while they hold a number, over the turn of the year: numbers follow without gap or double (seed ${seed})`, {
  timeout: 240_000,
}, async () => {
  const { databaseUrl, drop } = await makeDatabase();
  try {
    const { findings, figures } = await runYearEnd({ databaseUrl, folder, seed, each, kills: 3 });
    console.log(`year end ${seed}: ${JSON.stringify(figures)}`);
    expect(findings).toEqual([]);
  } finally {
    await drop();
  }
});
