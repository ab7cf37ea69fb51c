// `npm run bench -- inbox`: how soon a signed webhook is answered while the job that applies them runs as well, at a steady
// load and at the most that a fixed number of connections bring, beside a route that reads the same body and does nothing.
// Each purchase of the seed is told of by real events, and its money settles: grant, invoice and audit.
import autocannon from 'autocannon';
import { type BenchDatabase, openBenchDatabase } from '../ledger/database.ts';
import { costOf, median } from '../measure.ts';
import { type Post, postSteadily } from '../open-loop.ts';
import type { Row, Section } from '../section.ts';
import { type BenchServer, startBenchServer } from '../started.ts';
import { eventSource, webhookSecret } from './events.ts';
import { amountPaise, seedPurchases } from './seed.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const perSecond = Number(process.env.BENCH_RATE ?? 200);
const connections = Number(process.env.BENCH_CONNECTIONS ?? 64);
const orgs = 2000;
/** Enough for every event of a run; events beyond them are of no order of ours, which costs less. */
const purchases = Number(process.env.BENCH_PURCHASES ?? 40_000);

export async function* inboxBench(): AsyncIterable<Section> {
  const database = await openBenchDatabase(orgs);
  try {
    await seedPurchases(database.owner, purchases);
    const server = await startBenchServer({
      DATABASE_URL: database.url,
      PAYMENT_PROVIDER: 'razorpay',
      RAZORPAY_KEY_ID: 'rzp_test_bench',
      RAZORPAY_KEY_SECRET: 'bench',
      RAZORPAY_WEBHOOK_SECRETS: webhookSecret,
      // Nobody is there, and nobody is asked: every event says all that is needed.
      RAZORPAY_API_URL: 'http://127.0.0.1:9',
    });
    try {
      yield await section(database, server);
    } finally {
      await server.stop();
    }
  } finally {
    await database.close();
  }
}

const ways = ['noop steady', 'webhook steady', 'noop most', 'webhook most'] as const;
type Way = (typeof ways)[number];

async function section(database: BenchDatabase, server: BenchServer): Promise<Section> {
  const source = eventSource(amountPaise);
  const costing = async (work: () => Promise<Row>): Promise<Row> => {
    const { result, cost } = await costOf(server.pid, database.postmaster, work);
    return { ...result, ...cost };
  };
  const noop = `${server.url}/bench/noop-webhook`;
  const webhook = `${server.url}/api/billing/webhook`;
  const steady = (name: string, url: string, next: () => Post) =>
    costing(() => postSteadily({ name, url, perSecond, seconds, next }));
  const most = (name: string, url: string, next: () => Post) => costing(() => atMost(name, url, next));
  // The no-op has events of its own, so that the webhook's are told once only.
  const thrownAway = eventSource(amountPaise);
  const run: Readonly<Record<Way, () => Promise<Row>>> = {
    'noop steady': () => steady(`no-op POST of the same body, ${perSecond}/s`, noop, thrownAway.next),
    'webhook steady': () => steady(`webhook, ${perSecond}/s`, webhook, source.next),
    'noop most': () => most(`no-op POST of the same body, ${connections} connections`, noop, thrownAway.next),
    'webhook most': () => most(`webhook, ${connections} connections`, webhook, source.next),
  };
  const measured = new Map<Way, Row[]>(ways.map((way) => [way, []]));
  const notes: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const way of ways) {
      measured.get(way)?.push(await run[way]());
      if (way.startsWith('webhook')) notes.push(`round ${round}, ${way}: ${await drained(database)}`);
    }
  }
  notes.push(await proved(database, source.distinct()));
  const row = (way: Way) => median(measured.get(way) ?? []);
  return {
    title: 'Webhook inbox',
    how:
      `Real PostgreSQL, fsync on, ${orgs} orgs; signed payment.captured and order.paid of each purchase, one in ten told ` +
      `again; applied by the job meanwhile. Medians of ${rounds} interleaved rounds of ${seconds} s; the load comes from ` +
      'this process, on the same cores. At a steady rate a time counts from when the request was due.',
    rows: ways.map(row),
    ratios: ratiosOf(row('webhook steady'), row('webhook most'), row('noop most'), measured),
    notes,
  };
}

function ratiosOf(
  steady: Row,
  most: Row,
  noopMost: Row,
  measured: ReadonlyMap<Way, readonly Row[]>,
): Section['ratios'] {
  const within = (name: string, row: Row) => ({
    ...{ name: `${name}, p99 in ms`, value: row.p99Ms, bound: 'under 1000', met: row.p99Ms < 1000 },
  });
  const worst = (way: Way) => Math.max(...(measured.get(way) ?? []).map(({ p99Ms }) => p99Ms));
  const worstOf = (name: string, way: Way) => ({
    ...{
      name: `${name}, p99 of the worst round in ms`,
      value: worst(way),
      bound: 'under 1000',
      met: worst(way) < 1000,
    },
  });
  const share = most.perSecond / noopMost.perSecond;
  return [
    within('webhook at a steady rate', steady),
    worstOf('webhook at a steady rate', 'webhook steady'),
    within('webhook at the most', most),
    worstOf('webhook at the most', 'webhook most'),
    {
      name: 'share of a no-op POST of the same body',
      value: share,
      bound: 'no bound: durable once answered',
      met: true,
    },
  ];
}

async function atMost(name: string, url: string, next: () => Post): Promise<Row> {
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const { body, headers } = next();
    return { ...request, body, headers };
  };
  const { origin, pathname } = new URL(url);
  const requests = [{ method: 'POST' as const, path: pathname, setupRequest }];
  const result = await autocannon({ url: origin, requests, connections, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${name}: ${result.non2xx} refused, ${result.errors} failed`);
  return { name, perSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 };
}

/** Waits until the job has applied all, so that no measurement begins with the work of the one before. */
async function drained({ owner }: BenchDatabase): Promise<string> {
  const begun = performance.now();
  const left = await pendingIn(owner);
  let [now, moved] = [left, begun];
  while (now > 0) {
    await new Promise((done) => setTimeout(done, 200));
    const after = await pendingIn(owner);
    if (after < now) moved = performance.now();
    if (performance.now() - moved > 90_000) throw new Error(`${after} events are not applied`);
    now = after;
  }
  const took = (performance.now() - begun) / 1000;
  return left === 0
    ? 'all applied when it ended'
    : `${left} waited when it ended, all applied ${took.toFixed(1)} s later`;
}

async function pendingIn(owner: BenchDatabase['owner']): Promise<number> {
  const { rows } = await owner.query<{ n: number }>(
    `select count(*)::int n from webhook_inbox where state = 'pending'`,
  );
  return rows[0]?.n ?? 0;
}

/** Every event is in the inbox once, and every purchase that was told of has settled once. */
async function proved({ owner }: BenchDatabase, distinct: number): Promise<string> {
  const { rows } = await owner.query<{ stored: number; told: number; settled: number }>(
    `select (select count(*)::int from webhook_inbox) stored,
            (select count(distinct w.order_id)::int from webhook_inbox w join purchase p
               on p.provider = w.provider and p.provider_order_id = w.order_id) told,
            (select count(*)::int from billing_payment where effect = 'settled') settled`,
  );
  const { stored = 0, told = 0, settled = 0 } = rows[0] ?? {};
  if (settled !== told) throw new Error(`${told} purchases were told of, ${settled} settled`);
  // The load generator of the closed loop drops what it had made and not sent when its time is over.
  return `${distinct} different events made, ${stored} of them sent and stored, ${settled} purchases settled, each once`;
}
