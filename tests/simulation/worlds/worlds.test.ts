// A few worlds in every run of the tests; `npm run test:sim` plays as many as it is told. What a world once found is guarded by
// a test of its own beside the part that was wrong.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDatabase } from '../../integration/server/started.ts';
import { runBatch } from './batch.ts';
import { watchDisks } from './disk.ts';
import { emptiness } from './emptiness.ts';

let folder: string;
let stopWatching: () => void;
beforeAll(() => {
  stopWatching = watchDisks();
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'pharmapulse-worlds-'));
});
afterAll(() => {
  stopWatching();
  rmSync(folder, { recursive: true, force: true });
});

async function play(seeds: readonly number[]) {
  const { databaseUrl, drop } = await makeDatabase();
  try {
    const end = await runBatch({ databaseUrl, folder, seeds, steps: 8 });
    console.log(`worlds ${seeds.join(', ')}: ${JSON.stringify(end.figures)}`);
    return end;
  } finally {
    await drop();
  }
}

const rule =
  'whatever befalls counters, network, server and provider, every wish ends once, and every screen told the truth';

const seeds = [0, 1, 2, 3, 4, 5, 6, 7, 68, 79];

test(`${rule} (seeds ${seeds.join(', ')})`, { timeout: 240_000 }, async () => {
  const { findings, figures } = await play(seeds);
  expect(findings).toEqual([]);
  expect(figures).toMatchObject({ worlds: seeds.length });
});

test('a run in which a fault never happened says so', () => {
  expect(emptiness(new Map([['drop', 1]]), {})).toContain('the run was empty: "cut after send" never happened');
});

test('the auditor imports nothing of the programs, of what they share, or of the simulation', () => {
  const here = readdirSync(import.meta.dirname).filter((file) => file.startsWith('auditor'));
  const allowed = ['pg', 'better-sqlite3', 'node:crypto', 'node:fs', 'node:path', ...here.map((file) => `./${file}`)];
  for (const file of here) {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    const from = [...text.matchAll(/from '([^']+)'/g)].map(([, path]) => path ?? '');
    expect(from.filter((path) => !allowed.includes(path))).toEqual([]);
  }
});
