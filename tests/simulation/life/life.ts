// Some years in the life of many orgs, from a seed: two servers on one database, the provider, lost and late webhooks, times
// without any server, kills at month ends; then calm, and the auditor. What happens is decided by the seed; in which order things
// meet within a step is the machine's.
import { join } from 'node:path';
import { Client } from 'pg';
import { type Chance, chanceOf } from '../storm/chance.ts';
import { credentials, type Provider, startProvider } from '../storm/provider.ts';
import { type Servers, startServers } from '../storm/servers.ts';
import { openAgenda } from './agenda.ts';
import { auditLife } from './auditor.ts';
import { monthAt } from './auditor-calendar.ts';
import type { LifeLog } from './auditor-log.ts';
import { nextStep, type Outage, planOutages } from './clockwork.ts';
import { readStatus } from './counter.ts';
import { emptiness } from './emptiness.ts';
import { type Notes, noteThat, openNotes } from './notes.ts';
import { adminToken, operator } from './operator.ts';
import { type Doing, day, hour, minute, planOrg, second, type World } from './orgs.ts';
import { type Post, startPost } from './post.ts';

export interface LifeOptions {
  /** A database of its own, empty. */
  readonly databaseUrl: string;
  readonly folder: string;
  readonly seed: number;
  readonly orgs: number;
  readonly months: number;
  /** Whether both servers are away for 400 days in between. */
  readonly longOutage: boolean;
  readonly say: (line: string) => void;
}

export interface Life {
  readonly findings: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

interface Stage {
  readonly options: LifeOptions;
  readonly world: World;
  readonly post: Post;
  readonly database: Client;
  readonly chance: Chance;
  readonly clock: { offset: number; provider: number | null };
}

/** A first of December that lies ahead, 15 months before the end of a February with 29 days. */
function beginning(): number {
  let year = new Date().getUTCFullYear();
  while (
    !((year + 2) % 4 === 0 && ((year + 2) % 100 !== 0 || (year + 2) % 400 === 0)) ||
    Date.UTC(year, 11, 1) < Date.now()
  )
    year += 1;
  return Date.UTC(year, 11, 1, 4, 30);
}

export async function runLife(options: LifeOptions): Promise<Life> {
  const { seed } = options;
  const begin = beginning();
  const clock = { offset: begin - Date.now(), provider: null as number | null };
  const now = () => Date.now() + clock.offset;
  const post = startPost(chanceOf(seed, 'post'), now, 0.12);
  const provider = await startProvider(
    chanceOf(seed, 'provider'),
    () => Math.floor((clock.provider ?? now()) / second),
    post.tell,
  );
  const database = new Client({ connectionString: options.databaseUrl });
  await database.connect();
  let servers: Servers | null = null;
  try {
    servers = await startServers([1, 2].map((which) => settingsOf(options, provider, which)));
    const chance = chanceOf(seed, 'time');
    const world: World = {
      ...{ seed, begin, end: begin + options.months * 30.44 * day, provider, servers, notes: openNotes(), now },
      ...{
        first: inTurn(),
        counters: new Map(),
        doings: openAgenda<Doing>(),
        money: openAgenda<() => void>(),
      },
    };
    return await live({ options, world, post, database, chance, clock });
  } finally {
    await servers?.end();
    await provider.stop();
    await database.end();
  }
}

function inTurn(): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return asked % 2;
  };
}

function settingsOf({ databaseUrl, folder }: LifeOptions, provider: Provider, which: number): Record<string, string> {
  return {
    ...{ DATABASE_URL: databaseUrl, DATA_DIR: join(folder, `server-${which}`), PAYMENT_PROVIDER: 'razorpay' },
    ...{ RAZORPAY_KEY_ID: credentials.keyId, RAZORPAY_KEY_SECRET: credentials.keySecret },
    ...{ RAZORPAY_WEBHOOK_SECRETS: credentials.webhookSecret, RAZORPAY_API_URL: provider.url },
    ...{ ADMIN_TOKEN: adminToken, TEST_CLOCK: '1', LOG_LEVEL: 'silent' },
  };
}

async function live(stage: Stage): Promise<Life> {
  const { options, world, chance } = stage;
  const began = Date.now();
  const took = () => Math.round((Date.now() - began) / 1000);
  for (let number = 0; number < options.orgs; number += 1) planOrg(world, number);
  const outages = planOutages(chanceOf(options.seed, 'outages'), world.begin, world.end, options.longOutage);
  const ahead = [...outages];
  await setClocks(stage);
  let month = '';
  while (world.now() < world.end) {
    const to = Math.max(nextStep(chance, world.now()), world.now() + minute);
    const outage = ahead[0];
    if (outage !== undefined && outage.from <= to) {
      ahead.shift();
      await beAway(stage, outage);
    } else await step(stage, to);
    await sample(stage, chance.is(0.03) ? 1 : 0.06);
    if (monthAt(world.now()) !== month) {
      month = monthAt(world.now());
      const { runs, orgs, purchases } = world.notes;
      options.say(`${month}: ${runs.length} runs, ${orgs.length} orgs, ${purchases.length} purchases, ${took()} s`);
    }
  }
  await calm(stage);
  return judge(stage, outages, took);
}

/** Time goes on to `to`: what the provider's customers do until then, the servers' due work, webhooks, and what orgs do. */
async function step(stage: Stage, to: number): Promise<void> {
  const { world, clock, chance } = stage;
  const before = monthAt(world.now());
  happen(stage, to);
  clock.offset = to - Date.now();
  const monthBegins = monthAt(world.now()) !== before;
  if (monthBegins) noteThat(world.notes, 'a month began');
  if (monthBegins && chance.is(0.4)) await setClocksAndKill(stage);
  else await setClocks(stage);
  await act(stage);
}

/** The provider's customers, each at the second that was theirs. */
function happen({ world, clock }: Stage, until: number): void {
  for (const { at, what } of world.money.due(until)) {
    clock.provider = at;
    what();
  }
  clock.provider = null;
}

async function act(stage: Stage): Promise<void> {
  const { world, post, chance } = stage;
  await post.deliver(world.servers, world.now());
  const lanes = [...Map.groupBy(world.doings.due(world.now()), ({ what }) => what.org).values()].values();
  const lane = async () => {
    for (const doings of lanes) for (const { what } of doings) await what.act();
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  if (chance.is(0.01)) await reconcile(world);
  await setClocks(stage);
}

/** A second more for each try: a server that was killed after it had set its clock takes no earlier time. */
async function setClock({ world, clock }: Stage, which: number): Promise<void> {
  const asking = {
    ...{ method: 'POST', path: '/test/clock', headers: operator, stay: true },
    get body() {
      clock.offset += second;
      return JSON.stringify({ now: new Date(world.now()).toISOString() });
    },
  };
  const { status, body } = await world.servers.ask(which, asking);
  if (status !== 200) throw new Error(`the clock of server ${which}: ${status} ${JSON.stringify(body)}`);
}

/** Both servers do what is due. */
async function setClocks(stage: Stage): Promise<void> {
  const at = stage.world.now();
  await Promise.all([0, 1].map((which) => setClock(stage, which)));
  stage.world.notes.runs.push(at);
}

/** Of this month's grants so many are there. */
async function granted({ database }: Stage, month: string): Promise<number> {
  const text = `select count(*)::int from credits_ledger where kind = 'monthly_grant' and reference = $1`;
  return (await database.query<{ count: number }>(text, [month])).rows[0]?.count ?? 0;
}

/** A month has begun, and one server or both die while they do what is due: as soon as a grant shows, or a moment after the word. */
async function setClocksAndKill(stage: Stage): Promise<void> {
  const { world, chance } = stage;
  const month = monthAt(world.now());
  const before = await granted(stage, month);
  let done = false;
  const setting = setClocks(stage).then(() => {
    done = true;
  });
  const looks = chance.is(0.7) ? 400 : chance.below(8);
  let count = before;
  for (let look = 0; look < looks && !done && count === before; look += 1) count = await granted(stage, month);
  const within = !done;
  await Promise.all((chance.is(0.5) ? [0, 1] : [chance.below(2)]).map((which) => world.servers.killNow(which)));
  noteThat(world.notes, within ? 'killed while due work was done' : 'killed after due work');
  if (within && count > before) noteThat(world.notes, 'killed when grants had begun');
  await setting;
}

/** Both servers are away, while customers go on to pay; they come back on their own, or to a clock that went on without them. */
async function beAway(stage: Stage, { from, to }: Outage): Promise<void> {
  const { world, clock, chance, database } = stage;
  if (from > world.now() + minute) await step(stage, from);
  const months = monthAt(world.now());
  await world.servers.down(chance.is(0.5) ? 'SIGKILL' : 'SIGTERM');
  happen(stage, to);
  clock.offset = Math.max(to, world.now() + minute) - Date.now();
  if (chance.is(0.6)) await database.query('update test_clock set offset_ms = $1', [clock.offset]);
  await world.servers.up();
  noteThat(world.notes, to - from > 300 * day ? 'away for more than 300 days' : 'away');
  if (months !== monthAt(world.now())) noteThat(world.notes, 'away over the end of a month');
  await setClocks(stage);
  await act(stage);
}

async function reconcile({ servers, notes }: World): Promise<void> {
  const asking = { method: 'POST', path: '/api/admin/reconcile', headers: operator, body: '{}' };
  const { status, body } = await servers.ask(0, asking);
  if (status !== 200) throw new Error(`reconcile: ${status} ${JSON.stringify(body)}`);
  noteThat(notes, 'reconciled');
}

/** Some orgs are asked for their status, when nothing is under way. */
async function sample({ world, chance }: Stage, share: number): Promise<void> {
  for (const counter of world.counters.values())
    if (chance.is(share)) world.notes.samples.push(await readStatus(world, counter));
}

/** No more wishes: everything is told, looked at and applied. */
async function calm(stage: Stage): Promise<void> {
  const { world, post } = stage;
  for (const days of [1, 4, 4, 1, 1]) {
    happen(stage, world.now() + days * day);
    stage.clock.offset += days * day;
    await setClocks(stage);
    await post.deliver(world.servers, Number.POSITIVE_INFINITY);
    if (days === 4) await reconcile(world);
    stage.clock.offset += 2 * hour;
    await setClocks(stage);
  }
  await sample(stage, 1);
}

async function judge(
  { options, world, post, database }: Stage,
  outages: readonly Outage[],
  took: () => number,
): Promise<Life> {
  const { notes, provider, servers } = world;
  const lived = took();
  const done = await auditLife(database, logOf(notes, provider, post));
  const verified = await servers.ask(0, { method: 'GET', path: '/api/admin/verify', headers: operator });
  const findings = [
    ...notes.quarrels,
    ...done.findings,
    ...((verified.body as { ok: boolean }).ok ? [] : [`the server's own verifier: ${JSON.stringify(verified.body)}`]),
    ...emptiness(notes, post, done, options),
  ];
  return {
    findings,
    figures: {
      ...{ orgs: notes.orgs.length, months: options.months, outages: outages.length, runs: notes.runs.length },
      ...{ secondsToLive: lived, secondsInAll: took() },
      ...{
        books: done.figures,
        webhooks: post.figures,
        servers: servers.figures,
        providerCalls: provider.figures.calls,
      },
      alarms: done.books.alarms,
      happened: Object.fromEntries([...notes.happened].toSorted()),
    },
  };
}

const logOf = (notes: Notes, { book }: Provider, { heard }: Post): LifeLog => ({
  ...notes,
  heard,
  orders: [...book.orders.values()].map(({ id, receipt, amount, payments }) => ({
    ...{ id, receipt, amount },
    payments: payments
      .filter(({ status }) => status === 'captured' || status === 'refunded')
      .map((one) => ({
        ...{ id: one.id, amount: one.amount, capturedAt: one.createdAt * second },
        refunds: one.refunds.map(({ id: refund, amount: part, createdAt }) => ({
          id: refund,
          amount: part,
          at: createdAt * second,
        })),
      })),
  })),
});
