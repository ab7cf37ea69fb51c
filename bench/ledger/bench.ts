// `npm run bench -- ledger`: spends through our own code beside the baselines, over HTTP beside a no-op route, and the
// cost of growth. Rounds of each way are interleaved, and the median round is shown.
import { type Load, measure, median } from '../measure.ts';
import type { Ratio, Row, Section } from '../section.ts';
import { type BenchDatabase, openBenchDatabase } from './database.ts';
import { growthSections } from './growth.ts';
import { httpSection } from './http.ts';
import { oneStatement, ours, rawInsert, type Spend } from './spends.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 5);

export async function* ledgerBench(): AsyncIterable<Section> {
  const database = await openBenchDatabase(10_000);
  try {
    if (wanted('throughput')) yield await throughput(database);
    if (wanted('http')) yield await httpSection(database);
  } finally {
    await database.close();
  }
  if (wanted('growth')) yield* growthSections();
}

/** BENCH_PARTS=throughput,http,growth narrows the run while one part is worked on. */
function wanted(part: string): boolean {
  return (process.env.BENCH_PARTS ?? 'throughput,http,growth').split(',').includes(part);
}

async function throughput(database: BenchDatabase): Promise<Section> {
  const spend = { ours: ours(database), a: oneStatement(database) };
  const hot = () => database.orgIds[0] ?? '';
  const any = () => database.orgIds[Math.floor(Math.random() * database.orgIds.length)] ?? '';
  const load = (name: string, way: Spend, org: () => string, inFlight: number): Load => ({
    name,
    inFlight,
    seconds,
    work: () => way(org()),
    postmaster: database.postmaster,
  });
  const loads = [
    load('one hot org, 512 in flight: ours', spend.ours, hot, 512),
    load('one hot org, 512 in flight: (a)', spend.a, hot, 512),
    load('10,000 orgs, 64 in flight: ours', spend.ours, any, 64),
    load('10,000 orgs, 64 in flight: (a)', spend.a, any, 64),
    load('one at a time: ours', spend.ours, any, 1),
    load('one at a time: (a)', spend.a, any, 1),
  ];
  const batch = 512;
  const raw = load(`(b) raw inserts, ${batch} rows a statement, 2 in flight`, rawInsert(database, batch), hot, 2);
  const measured = new Map<string, Row[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const each of [...loads, raw]) {
      const rows = measured.get(each.name) ?? [];
      rows.push(await measure(each));
      measured.set(each.name, rows);
    }
  }
  const rows = loads.map(({ name }) => median(measured.get(name) ?? []));
  const limit = median(measured.get(raw.name) ?? []);
  return {
    title: 'Spends',
    how: `Real PostgreSQL, fsync on, same data; medians of ${rounds} interleaved rounds of ${seconds} s.`,
    rows: [...rows, { ...limit, perSecond: limit.perSecond * batch }],
    ratios: throughputRatios(rows),
  };
}

function throughputRatios(rows: readonly Row[]): Ratio[] {
  const [hot, hotA, spread, spreadA, single, singleA] = rows;
  if (!hot || !hotA || !spread || !spreadA || !single || !singleA) throw new Error('a row is missing');
  const ratio = (name: string, value: number, least: number): Ratio => ({
    name,
    value,
    bound: `at least ${least.toLocaleString('en-IN')}`,
    met: value >= least,
  });
  const slower = single.p50Ms / singleA.p50Ms;
  return [
    ratio('hot org, spends/s', hot.perSecond, 20_000),
    ratio('hot org, times (a)', hot.perSecond / hotA.perSecond, 8),
    ratio('10,000 orgs, spends/s', spread.perSecond, 9_000),
    ratio('10,000 orgs, times (a)', spread.perSecond / spreadA.perSecond, 1.3),
    { name: 'one at a time, p50 over that of (a)', value: slower, bound: 'at most 1.3', met: slower <= 1.3 },
  ];
}
