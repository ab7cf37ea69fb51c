// Some years in the life of many orgs, from a seed: two servers on one database, the provider, lost and late webhooks, times
// without any server, kills at month ends; then calm, and the auditor. What happens is decided by the seed; in which order things
// meet within a step is the machine's.
import { join } from 'node:path';
import { Client } from 'pg';
import { chanceOf } from '../storm/chance.ts';
import { credentials, type Provider, startProvider } from '../storm/provider.ts';
import { type Servers, startServers } from '../storm/servers.ts';
import { openAgenda } from './agenda.ts';
import { auditLife } from './auditor.ts';
import { monthAt } from './auditor-calendar.ts';
import type { LifeLog } from './auditor-log.ts';
import { nextStep, type Outage, planOutages } from './clockwork.ts';
import { emptiness } from './emptiness.ts';
import { type Notes, openNotes } from './notes.ts';
import { adminToken, operator } from './operator.ts';
import type { LifeOptions } from './options.ts';
import { planOrg } from './orgs.ts';
import { beAway, calm, type Stage, sample, setClocks, step } from './passing.ts';
import { type Post, startPost } from './post.ts';
import { type Doing, day, minute, second, type World } from './world.ts';

export interface Life {
  readonly findings: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
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
    return await live(options, { world, post, database, chance, clock, kills: options.kills });
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
    // They are started dozens of times; what was compiled once is read.
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
}

async function live(options: LifeOptions, stage: Stage): Promise<Life> {
  const { world, chance } = stage;
  const began = Date.now();
  const took = () => Math.round((Date.now() - began) / 1000);
  for (let number = 0; number < options.orgs; number += 1) planOrg(world, number);
  const outages = planOutages(
    chanceOf(options.seed, 'outages'),
    world.begin,
    world.end,
    options.outages,
    options.longOutage,
  );
  const ahead = [...outages];
  await setClocks(stage);
  let month = '';
  while (world.now() < world.end) {
    const to = Math.max(nextStep(chance, world.now(), options.pace), world.now() + minute);
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
  return judge(options, stage, outages, took);
}

async function judge(
  options: LifeOptions,
  { world, post, database }: Stage,
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
