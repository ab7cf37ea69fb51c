// Several processes at once and kills at any point: one grant each, whoever does it. The processes are real and end by
// SIGKILL; what they leave behind is proven by SQL that knows nothing of the program.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, Pool } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { faultsOf, proveGrants, seedPharmacies } from '../../../bench/grants/pharmacies.ts';
import { runCommand } from '../../../sync-server/admin/commands.ts';
import { grantDueMonths } from '../../../sync-server/jobs/grant-months.ts';
import { createMetrics } from '../../../sync-server/metrics.ts';
import { type Started, started } from '../server/started.ts';
import { india } from './stage.ts';

const month = '2027-04';
const orgs = 240;
let server: Started;
let owner: Pool;
beforeEach(async () => {
  server = await started();
  owner = new Pool({ connectionString: server.databaseUrl, max: 4 });
  await seedPharmacies(owner, orgs, month);
  server.clock.set(india(`${month}-01T00:00:00`));
});
afterEach(async () => {
  await owner.end();
  await server.dispose();
});

const script = fileURLToPath(new URL('worker.ts', import.meta.url));
/** One process of the job; `killAfter`: it is killed when it has committed so many chunks. True if it came to its end. */
function work(chunk: number, killAfter = Number.POSITIVE_INFINITY): Promise<boolean> {
  const child = spawn(process.execPath, [script, server.databaseUrl, server.clock.now().toISOString(), String(chunk)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let chunks = 0;
  let ended = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'end') ended = true;
    if (line.includes('a chunk is done')) chunks += 1;
    if (chunks >= killAfter) child.kill('SIGKILL');
  });
  return new Promise((done) => child.on('close', () => done(ended)));
}

async function expectOneEach(): Promise<void> {
  expect(faultsOf(await proveGrants(owner, month), orgs)).toEqual([]);
  expect(await server.sql('select month, granted::int, passed::int from grant_run where month >= $1', [month])).toEqual(
    [{ month, granted: orgs, passed: 0 }],
  );
}

test('two processes at once share the work: one grant each', async () => {
  expect(await Promise.all([work(10), work(10)])).toEqual([true, true]);
  await expectOneEach();
});

test('a process that is killed after each few chunks loses and doubles nothing; the next goes on where it stood', async () => {
  let kills = 0;
  for (const chunks of [1, 3, 2]) {
    if (!(await work(10, chunks))) kills += 1;
    const [{ granted } = { granted: 0 }] = await server.sql<{ granted: number }>(
      "select count(*)::int as granted from credits_ledger where reference = $1 and kind = 'monthly_grant'",
      [month],
    );
    expect(await server.sql('select granted::int from grant_run where month = $1', [month])).toEqual([{ granted }]);
  }
  expect(kills).toBe(3);
  expect(await work(10)).toBe(true);
  await expectOneEach();
});

test('two processes at once, one of them killed again and again, and this server besides', async () => {
  const killed = async () => {
    let kills = 0;
    for (let at = 0; at < 3; at += 1) kills += (await work(5, 2)) ? 0 : 1;
    return kills;
  };
  await Promise.all([killed(), work(7), server.runDueJobs()]);
  expect(await work(10)).toBe(true);
  await expectOneEach();
});

test('an org that another transaction is busy with is waited for, so that all are done when the job ends', async () => {
  const busy = new Client({ connectionString: server.databaseUrl });
  await busy.connect();
  const [org] = await server.sql<{ id: string }>('select min(org_id) as id from org');
  await busy.query('begin');
  await busy.query('select from subscription where org_id = $1 for update', [org?.id]);
  const left = async () =>
    (
      await server.sql<{ n: number }>('select count(*)::int as n from subscription where next_grant_at <= $1', [
        server.clock.now(),
      ])
    )[0]?.n;
  let done = false;
  const job = grantDueMonths(server.parts, () => true).then(() => {
    done = true;
  });
  // The last one's lock is what it waits for: PostgreSQL says so.
  const waits =
    "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  for (let n: number | undefined = 0; n === 0; ) n = (await server.sql<{ n: number }>(waits))[0]?.n;
  expect([done, await left()]).toEqual([false, 1]);
  await busy.query('commit');
  await job;
  await busy.end();
  await expectOneEach();
});

test('a stop between two chunks leaves the rest, marked as such; the next run ends it', async () => {
  let chunks = 0;
  const parts = { ...server.parts, metrics: createMetrics({ ledgerWaiting: () => 0, ofProcess: false }) };
  await grantDueMonths(parts, () => chunks++ < 6, 20);
  const progress = async () => {
    const done = await runCommand(server.parts, { name: 'grants' });
    if (!done.ok) throw new Error(done.sentence);
    return done;
  };
  const { left, runs } = (await progress()).value as {
    left: number;
    runs: { month: string; granted: number; left: number; finishedAt: string | null }[];
  };
  expect(left).toBeGreaterThan(0);
  expect(runs[0]).toMatchObject({ month, granted: orgs - left, left, finishedAt: null });
  expect(await parts.metrics.text()).toContain(`pharmapulse_grants_left ${left}`);
  await grantDueMonths(parts, () => true, 20);
  const after = await progress();
  expect(after.text).toContain('nothing is left to grant');
  expect(after.value).toMatchObject({
    left: 0,
    runs: [{ granted: orgs, left: 0, finishedAt: server.clock.now().toISOString() }, { month: '2026-11' }],
  });
  expect(await parts.metrics.text()).toContain(`pharmapulse_grants_total ${orgs}`);
  await expectOneEach();
});
