// The simulation of worlds: `npm run test:sim`. SIM_RUNS says how many worlds (200), SIM_FROM at which seed they begin (0), SIM_LANES
// how many processes share them (2). SIM_OUT names a file that keeps a line for each batch of 25: a run that was stopped goes on
// behind what stands there for the same commit. SIM_SEED plays one world again. Ends with 1 on any finding, and where a kind of
// fault never happened.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startThrowawayPostgres } from '../../../sync-server/store/throwaway.ts';
import { batchSize, runBatch } from './batch.ts';
import { prepareDatabases } from './cluster.ts';
import { watchDisks } from './disk.ts';
import { emptiness } from './emptiness.ts';
import { addLine, readLines, sumOf } from './record.ts';

const { env } = process;
const one = env.SIM_SEED === undefined ? null : Number(env.SIM_SEED);
const from = one ?? Number(env.SIM_FROM ?? 0);
const runs = one === null ? Number(env.SIM_RUNS ?? 200) : 1;
const steps = Number(env.SIM_STEPS ?? 8);
const lanes = one === null ? Number(env.SIM_LANES ?? 2) : 1;
/** In memory where the machine has such a place: power is only played here, and a disk's wait proves nothing. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
  cwd: import.meta.dirname,
  encoding: 'utf8',
}).trim();
const settings = ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off', '-c max_connections=300'];
const say = (line: string) => console.log(line);

function batches(): number[][] {
  const seeds = Array.from({ length: runs }, (_, number) => from + number);
  return [...Map.groupBy(seeds, (seed) => Math.floor(seed / batchSize)).values()];
}

/** One of several processes: every so manieth batch. */
async function lane(number: number, clusterUrl: string, out: string): Promise<void> {
  watchDisks();
  const folder = mkdtempSync(join(place, 'pharmapulse-worlds-'));
  const databases = await prepareDatabases(clusterUrl, `lane${number}_${process.pid}`);
  const done = new Set(
    readLines(out)
      .filter((line) => line.commit === commit)
      .map((line) => line.from),
  );
  try {
    for (const [index, seeds] of batches().entries()) {
      const [first = 0, last = 0] = [seeds[0], seeds.at(-1)];
      if (index % lanes !== number || done.has(first)) continue;
      const began = performance.now();
      const { url, drop } = await databases.make();
      const { findings, happened, figures } = await runBatch({ databaseUrl: url, folder, seeds, steps });
      await drop();
      const ms = Math.round(performance.now() - began);
      addLine(out, { commit, from: first, to: last, ms, findings, happened: Object.fromEntries(happened), figures });
      say(`seeds ${first} to ${last}: ${ms} ms, ${findings.length} findings`);
      for (const { seed, what } of findings.slice(0, 30)) say(`FINDING SIM_SEED=${seed} at ${commit}: ${what}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function parent(): Promise<number> {
  const kept = mkdtempSync(join(tmpdir(), 'pharmapulse-sim-'));
  const out = env.SIM_OUT ?? join(kept, 'lines.jsonl');
  say(`simulation of worlds: seeds ${from} to ${from + runs - 1} at ${commit}, ${steps} steps, ${lanes} processes`);
  const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, settings);
  const began = performance.now();
  try {
    const ends = Array.from({ length: lanes }, (_, number) => {
      const more = { SIM_LANE: String(number), SIM_CLUSTER: postgres.url, SIM_OUT: out };
      const child = spawn(process.execPath, [import.meta.filename], { env: { ...env, ...more }, stdio: 'inherit' });
      return new Promise<number>((ended) => void child.once('exit', (code) => ended(code ?? 1)));
    });
    const codes = await Promise.all(ends);
    const mine = readLines(out).filter((line) => line.commit === commit && line.from >= from && line.to < from + runs);
    const sum = sumOf(mine);
    const missing = sum.worlds < 100 ? [] : emptiness(sum.happened, sum.figures);
    const seconds = (performance.now() - began) / 1000;
    say(JSON.stringify({ ...sum, happened: Object.fromEntries(sum.happened) }, null, 2));
    for (const what of missing) say(what);
    say(`${sum.worlds} worlds, ${sum.findings.length} findings, ${Math.round(seconds)} s in this go`);
    return sum.findings.length + missing.length > 0 || codes.some((code) => code !== 0) ? 1 : 0;
  } finally {
    await postgres.stop();
    rmSync(kept, { recursive: true, force: true });
  }
}

if (env.SIM_LANE === undefined) process.exitCode = await parent();
else {
  await lane(Number(env.SIM_LANE), env.SIM_CLUSTER ?? '', env.SIM_OUT ?? '');
  process.exit(0);
}
