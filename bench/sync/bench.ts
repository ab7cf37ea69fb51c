// First sync end to end: real PostgreSQL, the real server over HTTP, and a real counter that writes mirror.db with every
// commit on the disk; beside it what a bare insert of the same rows costs, and PouchDB and RxDB replicating them.
// BENCH_ENTRIES, BENCH_BASELINE_ENTRIES and BENCH_SEEN say how much.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { bundle } from '../bundle.ts';
import { openBenchDatabase } from '../ledger/database.ts';
import { costOf } from '../measure.ts';
import type { Row, Section } from '../section.ts';
import { startBenchServer } from '../started.ts';
import { pouchReplication, rawInserts, rxReplication } from './baselines.ts';
import { type BenchCounter, startCounter } from './counter.ts';
import { badLines } from './lines.ts';
import { joinCode, makeRows, type Pharmacy, seedLedger, signUp, spendOne } from './seed.ts';

const entries = Number(process.env.BENCH_ENTRIES ?? 1_000_000);
const baselineEntries = Number(process.env.BENCH_BASELINE_ENTRIES ?? 20_000);
const seenCount = Number(process.env.BENCH_SEEN ?? 200);
const queued = 500;

const whole = (name: string, perSecond: number): Row => ({ name, perSecond, p50Ms: 0, p99Ms: 0 });

export async function* syncBench(): AsyncIterable<Section> {
  const program = await bundle('bench/sync/counter-process');
  const database = await openBenchDatabase(1);
  const server = await startBenchServer({ DATABASE_URL: database.url });
  try {
    const pharmacy = await signUp(server.url);
    await seedLedger(database.owner, pharmacy.orgId, entries);
    await database.owner.query(
      `update subscription set plan_type = 'one_time', one_time_purchased_at = now(), one_time_amount_paise = 1500000,
         service_renewal_next_due = current_date + 300, branches_included = 1 where org_id = $1`,
      [pharmacy.orgId],
    );
    const counter = await startCounter({ program, serverUrl: server.url });
    const { result, cost } = await costOf(server.pid, database.postmaster, async () =>
      counter.join(await joinCode(server.url, pharmacy), entries),
    );
    const rows = [...makeRows(pharmacy.orgId, baselineEntries)];
    const raw = rawInserts(rows);
    const pouch = await pouchReplication(rows);
    const rx = await rxReplication(rows);
    const perSecond = (entries / result.wholeMs) * 1000;
    const wire = result.wireBytes / entries;
    const ratio = (name: string, value: number, bound: string, met: boolean) => ({ name, value, bound, met });
    yield {
      title: 'First sync',
      how: `${entries} entries from PostgreSQL over HTTP into mirror.db; baselines with ${baselineEntries} of the same rows.`,
      rows: [
        { ...whole('first sync, end to end', perSecond), rssMb: result.rssMb, postgresCpu: cost.postgresCpu ?? 0 },
        whole('bare inserts of better-sqlite3', raw),
        whole('PouchDB 9, database to database', pouch),
        whole('RxDB 17, into memory', rx),
      ],
      ratios: [
        ratio('entries a second', perSecond, 'at least 60,000', perSecond >= 60_000),
        ratio('resident memory of the counter, MB', result.rssMb, 'below 300', result.rssMb < 300),
        ratio('bytes an entry on the wire', wire, 'at most 90', wire <= 90),
        ratio('times PouchDB', perSecond / pouch, 'at least 10', perSecond >= 10 * pouch),
        ratio('times RxDB, which keeps nothing on the disk', perSecond / rx, 'for comparison', true),
        ratio('share of bare inserts', perSecond / raw, 'for comparison', true),
      ],
      notes: [
        `on the screen after ${Math.round(result.firstMs)} ms; ${result.requests} requests; mirror.db ${Math.round(result.fileMb)} MB`,
        `CPU of the counter ${result.cpuSeconds.toFixed(1)} s: ${Math.round(entries / result.cpuSeconds)} entries a second of its own core`,
      ],
    };
    yield await seenSection(server.url, pharmacy, counter);
    await counter.stop();
    yield* badLines({ program, url: server.url, pharmacy });
  } finally {
    await server.stop();
    await database.close();
    rmSync(dirname(program), { recursive: true, force: true });
  }
}

/** What one counter spends, on another; and what waits on the disk before it is said to be queued. */
async function seenSection(url: string, pharmacy: Pharmacy, counter: BenchCounter): Promise<Section> {
  const took: number[] = [];
  for (let at = 0; at < seenCount; at += 1) {
    const { seq, at: answered } = await spendOne(url, pharmacy, `bench-${process.pid}-${at}`);
    took.push(Math.max(0, (await counter.sees(seq)) - answered));
  }
  const disk = await counter.queue(queued);
  const of = (list: number[], share: number) => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)] ?? 0;
  const row = (name: string, list: number[]): Row => ({
    ...{ name, p50Ms: of(list, 0.5), p99Ms: of(list, 0.99) },
    perSecond: 1000 / Math.max(0.001, of(list, 0.5)),
  });
  const p95 = of(took, 0.95);
  const p99 = of(disk, 0.99);
  return {
    title: 'One entry on another counter, and one purchase on the disk',
    how: `${seenCount} spends one after another, from the answer to the spend until the other counter shows it by push; ${queued} purchases queued.`,
    rows: [row('seen by push', took), row('queued', disk)],
    ratios: [
      { name: 'seen, p95 ms', value: p95, bound: 'below 250', met: p95 < 250 },
      { name: 'queued, p99 ms', value: p99, bound: 'below 10', met: p99 < 10 },
    ],
  };
}
