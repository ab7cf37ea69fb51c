// Spends over HTTP, with auth and idempotency, beside a no-op route of the same server: what our code adds to what HTTP
// costs anyway. The load comes from this process; server and database share the cores with it.
import autocannon from 'autocannon';
import { costOf, median } from '../measure.ts';
import type { Row, Section } from '../section.ts';
import { startBenchServer } from '../started.ts';
import type { BenchDatabase } from './database.ts';
import { nextKey } from './spends.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 5);
const connections = Number(process.env.BENCH_CONNECTIONS ?? 256);

export async function httpSection(database: BenchDatabase): Promise<Section> {
  const server = await startBenchServer({ DATABASE_URL: database.url });
  const { url } = server;
  try {
    const token = await signUp(url, database);
    const shoot = (name: string, shot: Shot) => fire(name, shot, server.pid, database.postmaster);
    const measured: { get: Row[]; noop: Row[]; spend: Row[] } = { get: [], noop: [], spend: [] };
    for (let round = 0; round < rounds; round += 1) {
      measured.get.push(await shoot('GET /healthz', { url: `${url}/healthz` }));
      measured.noop.push(await shoot('no-op POST of the same request', spendLoad(url, token, '/bench/noop')));
      measured.spend.push(await shoot('POST /api/credits/spend, one org', spendLoad(url, token)));
    }
    const [get, noop, spend] = [median(measured.get), median(measured.noop), median(measured.spend)];
    const share = (of: Row) => spend.perSecond / of.perSecond;
    const ratio = (name: string, value: number) => ({ name, value, bound: 'at least 0.50', met: value >= 0.5 });
    return {
      title: 'Spends over HTTP',
      how: `${connections} connections, bearer token and Idempotency-Key on each; medians of ${rounds} rounds of ${seconds} s.`,
      rows: [get, noop, spend],
      ratios: [
        ratio('share of a no-op POST of the same request', share(noop)),
        ratio('share of GET /healthz, which reads no body', share(get)),
      ],
    };
  } finally {
    await server.stop();
  }
}

async function signUp(url: string, database: BenchDatabase): Promise<string> {
  const body = { legalName: 'Bench', address: 'Bench', stateCode: '27', pin: '400001', deviceName: 'Bench' };
  const answer = await fetch(`${url}/api/orgs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { orgId, deviceToken } = (await answer.json()) as { orgId: string; deviceToken: string };
  await database.owner.query(
    `update subscription set plan_type = 'one_time', service_renewal_next_due = current_date + 300 where org_id = $1`,
    [orgId],
  );
  await database.owner.query('update credit_balance_cache set balance = 1000000000000 where org_id = $1', [orgId]);
  return deviceToken;
}

type Shot = Pick<autocannon.Options, 'url' | 'requests'>;

function spendLoad(url: string, token: string, path = '/api/credits/spend'): Shot {
  const body = JSON.stringify({ amount: 1, feature: 'ai.assist' });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const setupRequest = (request: autocannon.Request) => ({
    ...request,
    headers: { ...headers, 'idempotency-key': nextKey() },
  });
  return { url, requests: [{ method: 'POST', path, body, headers, setupRequest }] };
}

/** CPU and memory are the server's. */
async function fire(name: string, shot: Shot, pid: number, postmaster: number): Promise<Row> {
  const { result, cost } = await costOf(pid, postmaster, async () =>
    autocannon({ ...shot, connections, duration: seconds }),
  );
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${name}: ${result.non2xx} refused, ${result.errors} failed`);
  return { name, perSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99, ...cost };
}
