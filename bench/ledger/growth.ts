// The cost of growth: the same things done on a ledger of 10^4 and of 10^7 rows, with the same number of orgs. An org with a
// past has 1,000 entries, spread over the last 100 days and written between those of the others; ten orgs have one, or all
// of them. What one org asks for is the same, and only what lies around it grows.
import { readFeed } from '../../sync-server/store/feed.ts';
import { getCreditBalance } from '../../sync-server/store/ledger.ts';
import type { Tx } from '../../sync-server/store/tx.ts';
import { readUsage } from '../../sync-server/store/usage.ts';
import { measure } from '../measure.ts';
import type { Ratio, Row, Section } from '../section.ts';
import { type BenchDatabase, openBenchDatabase } from './database.ts';
import { ours } from './spends.ts';

const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const entriesEach = 1_000;
const small = 10;
const large = Number(process.env.BENCH_LARGE_ORGS ?? 10_000);

export async function* growthSections(): AsyncIterable<Section> {
  const before = await sized(small, large);
  yield before.section;
  const after = await sized(large, large);
  yield { ...after.section, ratios: compare(before.section.rows, after.section.rows) };
}

/** `orgs` of `all` have a past. */
async function sized(orgs: number, all: number): Promise<{ section: Section }> {
  const database = await openBenchDatabase(all);
  try {
    const begun = performance.now();
    await fill(database, orgs);
    const filled = (performance.now() - begun) / 1000;
    const rows = await run(database, orgs);
    const section = {
      title: `Growth: ${(orgs * entriesEach).toLocaleString('en-IN')} rows`,
      how: `${orgs.toLocaleString('en-IN')} of ${all.toLocaleString('en-IN')} orgs with ${entriesEach} entries, filled in ${filled.toFixed(0)} s; ${seconds} s each.`,
      rows,
      ratios: [],
      notes: await plans(database),
    };
    return { section };
  } finally {
    await database.close();
  }
}

/** Entries made by the database: right in number, time and sum; their hashes are of no matter here but the last one's. */
async function fill({ owner, orgIds }: BenchDatabase, orgs: number): Promise<void> {
  const last = orgIds[orgs - 1] ?? '';
  await owner.query('set statement_timeout = 0');
  await owner.query(
    `insert into credits_ledger (org_id, seq, delta, balance_after, kind, idempotency_key, actor, feature, occurred_at,
       created_at, hash, body_hash)
     select c.org_id, i, -1, 1000000000000 - i, 'spend', 'fill-' || i, 'dev_' || i % 3,
       (array['ai.assist', 'ai.batch', 'ai.chat'])[1 + i % 3], written, written,
       sha256(convert_to(c.org_id || i, 'UTF8')), decode(repeat('00', 32), 'hex')
     from generate_series(1, ${entriesEach}) i
     cross join (select org_id from credit_balance_cache where org_id <= $1) c
     cross join lateral (select now() - (${entriesEach} - i) * interval '144 minutes' as written) w`,
    [last],
  );
  await owner.query(
    `update credit_balance_cache set seq = ${entriesEach}, balance = 1000000000000 - ${entriesEach},
       hash = sha256(convert_to(org_id || ${entriesEach}, 'UTF8')) where org_id <= $1`,
    [last],
  );
  await owner.query('vacuum analyze');
  await owner.query('checkpoint');
}

async function run(database: BenchDatabase, orgs: number): Promise<Row[]> {
  const spend = ours(database);
  const one = (of: number) => database.orgIds[Math.floor(Math.random() * of)] ?? '';
  const any = () => one(database.orgIds.length);
  /** As the server reads: in a transaction for the org, under row-level security. */
  const read = (work: (tx: Tx, orgId: string) => Promise<unknown>) => {
    const orgId = one(orgs);
    return database.inOrg(orgId, (tx) => work(tx, orgId));
  };
  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  const month = { from: day(30), to: day(0), by: 'day' as const };
  const loads: readonly { name: string; inFlight: number; work: () => Promise<unknown> }[] = [
    { name: 'spend, one hot org, 512 in flight', inFlight: 512, work: () => spend(database.orgIds[0] ?? '') },
    { name: 'spend, any org, 64 in flight', inFlight: 64, work: () => spend(any()) },
    { name: 'spend, one at a time', inFlight: 1, work: () => spend(any()) },
    { name: 'balance', inFlight: 8, work: () => read(getCreditBalance) },
    { name: 'feed page of 500', inFlight: 4, work: () => read((tx, org) => readFeed(tx, org, 400, 500)) },
    { name: 'usage of 30 days by day', inFlight: 4, work: () => read((tx, org) => readUsage(tx, org, month)) },
  ];
  const rows: Row[] = [];
  for (const { name, inFlight, work } of loads) {
    const load = { name, inFlight, seconds, postmaster: database.postmaster };
    rows.push(await measure({ ...load, work: async () => void (await work()) }));
  }
  return rows;
}

function compare(before: readonly Row[], after: readonly Row[]): Ratio[] {
  return before.map((row, at) => {
    const value = row.perSecond / (after[at]?.perSecond ?? 0);
    return { name: `${row.name}: times slower`, value, bound: 'at most 1.5', met: value <= 1.5 };
  });
}

/** The plans of the three reads, as the database would run them now. */
async function plans({ owner, orgIds }: BenchDatabase): Promise<string[]> {
  const org = orgIds[0] ?? '';
  const reads = [
    ['balance', `select * from credit_balance_cache where org_id = '${org}'`],
    [
      'feed',
      `select * from credits_ledger where org_id = '${org}' and seq > 400 and seq <= 1000 order by seq limit 500`,
    ],
    [
      'usage',
      `select to_char(created_at at time zone 'Asia/Kolkata', 'YYYY-MM-DD'), sum(delta) from credits_ledger
       where org_id = '${org}' and created_at >= now() - interval '30 days'
         and seq >= (select first_entry_since('${org}', now() - interval '30 days')) group by 1`,
    ],
  ] as const;
  const lines: string[] = [];
  for (const [name, text] of reads) {
    const { rows } = await owner.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`);
    lines.push(`plan of ${name}:`, ...rows.map((row) => `    ${row['QUERY PLAN']}`));
  }
  return lines;
}
