// The turn of the financial year at two real server processes: sixteen lanes have payments settled at once, and whichever process
// holds the next number of an invoice is killed by SIGKILL at that moment, again and again. In the end only the rows are asked.
import { join } from 'node:path';
import { Client } from 'pg';
import { type Asker, ask, type Counter, signUp } from '../life/counter.ts';
import { openNotes } from '../life/notes.ts';
import { adminToken, operator } from '../life/operator.ts';
import { chanceOf } from '../storm/chance.ts';
import { credentials, type Provider, startProvider } from '../storm/provider.ts';
import { type Servers, startServers } from '../storm/servers.ts';

export interface YearEndOptions {
  /** A database of its own, empty. */
  readonly databaseUrl: string;
  readonly folder: string;
  readonly seed: number;
  /** Settlements in each of the sixteen lanes. */
  readonly each: number;
  readonly kills: number;
}

export interface YearEnd {
  readonly findings: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

export const lanes = 16;
const yearTurns = Date.UTC(2027, 2, 31, 18, 30);
const aMoment = 30_000;

interface Stage extends Asker {
  readonly seed: number;
  readonly provider: Provider;
  readonly database: Client;
}

export async function runYearEnd(options: YearEndOptions): Promise<YearEnd> {
  const { seed } = options;
  const offset = yearTurns - 10 * aMoment - Date.now();
  const now = () => Date.now() + offset;
  // No webhook is brought: each lane has its payment looked up, so that all of them settle at once and in either process.
  const provider = await startProvider(
    chanceOf(seed, 'provider'),
    () => Math.floor(now() / 1000),
    () => undefined,
  );
  const database = new Client({ connectionString: options.databaseUrl });
  await database.connect();
  let servers: Servers | null = null;
  try {
    servers = await startServers([0, 1].map((which) => settingsOf(options, provider, which)));
    let asked = 0;
    const first = () => {
      asked += 1;
      return asked;
    };
    return await live(options, { seed, provider, database, servers, notes: openNotes(), now, first });
  } finally {
    await servers?.end();
    await provider.stop();
    await database.end();
  }
}

function settingsOf({ databaseUrl, folder }: YearEndOptions, provider: Provider, which: number) {
  const own = new URL(databaseUrl);
  // So that the connection that holds a number names the process that it belongs to.
  own.searchParams.set('application_name', nameOf(which));
  return {
    ...{ DATABASE_URL: own.href, DATA_DIR: join(folder, nameOf(which)), PAYMENT_PROVIDER: 'razorpay' },
    ...{ RAZORPAY_KEY_ID: credentials.keyId, RAZORPAY_KEY_SECRET: credentials.keySecret },
    ...{ RAZORPAY_WEBHOOK_SECRETS: credentials.webhookSecret, RAZORPAY_API_URL: provider.url },
    ...{ ADMIN_TOKEN: adminToken, TEST_CLOCK: '1', LOG_LEVEL: 'silent' },
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
}

const nameOf = (which: number) => `server-${which}`;

async function live(options: YearEndOptions, stage: Stage): Promise<YearEnd> {
  const { servers } = stage;
  await setClocks(stage, yearTurns - aMoment - 60_000);
  const counters: Counter[] = [];
  for (let number = 0; number < lanes; number += 1) counters.push(await signUp(stage, stage.seed, number));
  for (const counter of counters) await buyAndSettle(stage, counter, 'plan');
  let settled = 0;
  let over = false;
  const turn = { done: null as Promise<void> | null };
  const lane = async (counter: Counter) => {
    for (let at = 0; at < options.each; at += 1) {
      await buyAndSettle(stage, counter, at);
      settled += 1;
      // The year turns in the middle, while all lanes are at work.
      if (settled === Math.floor((lanes * options.each) / 2)) turn.done = setClocks(stage, yearTurns + 1000);
    }
  };
  const killing = killWhoHolds(
    stage,
    options.kills,
    () => settled / (lanes * options.each),
    () => over,
  );
  await Promise.all(counters.map(lane));
  over = true;
  await turn.done;
  const killed = await killing;
  return judge(options, stage, killed, servers);
}

/** Buys, pays at the provider, and comes back from the checkout until the purchase is paid. */
async function buyAndSettle(stage: Stage, counter: Counter, what: 'plan' | number): Promise<void> {
  const { provider, servers } = stage;
  const id = `pur_y${stage.seed}-${counter.number}-${what}`;
  const path = what === 'plan' ? '/api/billing/plan/purchase' : '/api/billing/credits/topup';
  const body = what === 'plan' ? { id } : { id, packs: 1 };
  const { status, body: answer } = await ask(stage, counter, { method: 'POST', path, body, key: `key-${id}` });
  const { providerOrderId, checkoutUrl } = answer as { providerOrderId: string | null; checkoutUrl: string | null };
  if (status > 201 || providerOrderId === null || checkoutUrl === null)
    throw new Error(`${id}: ${status} ${JSON.stringify(answer)}`);
  provider.book.pay(providerOrderId);
  const { pathname, search } = new URL(checkoutUrl);
  for (let tries = 0; tries < 100; tries += 1) {
    await servers.ask(stage.first(), { method: 'GET', path: `${pathname}/return${search}` });
    const read = await ask(stage, counter, { method: 'GET', path: `/api/billing/purchases/${id}` });
    if ((read.body as { state: string }).state === 'paid') return;
  }
  throw new Error(`${id} is paid at the provider and was never settled`);
}

async function setClocks({ servers }: Stage, to: number): Promise<void> {
  const body = JSON.stringify({ now: new Date(to).toISOString() });
  for (const which of [0, 1]) {
    const { status } = await servers.ask(which, {
      ...{ method: 'POST', path: '/test/clock', headers: operator, body, stay: true },
    });
    // One that was killed over it has the time of the other already, and goes no further back.
    if (status !== 200 && status !== 400) throw new Error(`the clock of server ${which}: ${status}`);
  }
}

/** Which process a transaction belongs to that has taken a number and not ended. */
const holder = `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where l.relation = 'invoice_counter'::regclass and l.mode = 'RowExclusiveLock' and l.granted limit 1`;

/** The kills are spread over the settlements; each comes when somebody is seen to hold a number. How many came. */
async function killWhoHolds(
  { database, servers }: Stage,
  kills: number,
  share: () => number,
  over: () => boolean,
): Promise<number> {
  let killed = 0;
  while (killed < kills && !over()) {
    const { rows } = await database.query<{ name: string }>({ name: 'holder', text: holder });
    const [held] = rows;
    if (held === undefined || share() < killed / kills) continue;
    await servers.killNow(held.name === nameOf(0) ? 0 : 1);
    killed += 1;
  }
  return killed;
}

interface Row {
  readonly series: string;
  readonly serial: number;
  readonly number: string;
  readonly issued: string;
  readonly total: number;
}

async function judge(options: YearEndOptions, stage: Stage, killed: number, servers: Servers): Promise<YearEnd> {
  const { rows } = await stage.database.query<Row>(
    `select series || '/' || financial_year as series, serial::int, number, issued_on::text as issued, total_paise::int as total
     from billing_invoice order by 1, 2`,
  );
  const series = Map.groupBy(rows, (row) => row.series);
  const findings: string[] = [];
  if ([...series.keys()].join() !== 'PP/26-27,PP/27-28') findings.push(`series ${[...series.keys()]}`);
  for (const [name, own] of series) {
    own.forEach(({ number, serial, issued }, at) => {
      const right = `${name}/${String(at + 1).padStart(6, '0')}`;
      if (serial !== at + 1 || number !== right) findings.push(`${number} (${serial}) stands where ${right} belongs`);
      if (number.length > 16) findings.push(`${number} is longer than 16`);
      if (issued < '2027-04-01' !== (name === 'PP/26-27')) findings.push(`${number} is dated ${issued}`);
    });
  }
  const wanted = lanes * (options.each + 1);
  if (rows.length !== wanted) findings.push(`${rows.length} documents of ${wanted} purchases`);
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  if (total !== lanes * (1_500_000 + options.each * 250_000)) findings.push(`documents of ${total} paise`);
  const verified = await servers.ask(0, { method: 'GET', path: '/api/admin/verify', headers: operator });
  if (!(verified.body as { ok: boolean }).ok) findings.push(`the verifier: ${JSON.stringify(verified.body)}`);
  if (killed < options.kills) findings.push(`only ${killed} kills of ${options.kills} came`);
  const years = Object.fromEntries([...series].map(([name, own]) => [name, own.length]));
  return { findings, figures: { ...years, killedWhileANumberWasHeld: killed, servers: servers.figures } };
}
