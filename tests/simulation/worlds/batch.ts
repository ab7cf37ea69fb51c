// A batch of worlds on one real server, one database and one played clock: each step moves time, lets every world live, brings the
// provider's webhooks and does the server's due work. How time goes is decided by the batch's number, so that one world alone
// meets the same days as among its neighbours. At the end the network heals, and the auditor judges each world.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Chance, chanceOf, oneOf } from '../storm/chance.ts';
import { auditWorlds } from './auditor.ts';
import type { WorldLog } from './auditor-log.ts';
import { openHeads } from './heads.ts';
import { type Provider, startProvider } from './provider.ts';
import { adminToken, type Stage, startStage } from './stage.ts';
import { createWorld, type World } from './world.ts';

/** So many seeds share a server, a database and a clock. */
export const batchSize = 25;

export interface BatchOptions {
  /** Of an empty database that was migrated; it is not dropped here. */
  readonly databaseUrl: string;
  /** For the counters' files: where a sync costs nothing, since power is only played here. */
  readonly folder: string;
  /** All of one batch: the same number when divided by `batchSize`. */
  readonly seeds: readonly number[];
  readonly steps: number;
}

export interface BatchEnd {
  readonly findings: readonly { readonly seed: number; readonly what: string }[];
  readonly happened: ReadonlyMap<string, number>;
  readonly figures: Readonly<Record<string, number>>;
}

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

export async function runBatch(options: BatchOptions): Promise<BatchEnd> {
  const number = Math.floor((options.seeds[0] ?? 0) / batchSize);
  const chance = chanceOf('batch', number);
  let at = Date.UTC(2026, 10, 22, 6, 30) + chance.below(300) * day;
  const now = () => at;
  const happened = new Map<string, number>();
  const note = (what: string, times = 1) => void happened.set(what, (happened.get(what) ?? 0) + times);
  const folder = mkdtempSync(join(options.folder, 'worlds-'));
  const provider = await startProvider(chanceOf('provider', number), now, note);
  const server = await startStage({ databaseUrl: options.databaseUrl, folder, provider, now });
  const heads = openHeads(options.databaseUrl);
  const ground = {
    ...{ folder, now, provider: () => provider, ask: server.ask, adminToken },
    openStream: (signal: AbortSignal, headers: Record<string, string>) =>
      fetch(`${server.running().url}/api/sync/events`, { headers, signal }),
  };
  try {
    const worlds = options.seeds.map((seed) => createWorld(seed, ground));
    const pass = async (since: number, live: (world: World) => Promise<void>, cutting: Promise<void> | null = null) => {
      at += since;
      await within('the worlds', Promise.all(worlds.map(live)), () =>
        worlds.flatMap(({ seed, under }) => [seed, ...under]),
      );
      await within('webhooks', bring(server, provider, now), () => []);
      await within('due work', dueWork(server, cutting, note), () => []);
      await heads.note(at);
    };
    for (let step = 0; step < options.steps; step += 1) {
      const since = opening[step] ?? leap(chance);
      const trouble = step >= 4 ? troubleOf(chance) : 'none';
      provider.failing = trouble === 'provider' ? 0.35 : 0;
      if (trouble !== 'none') note(`trouble: ${trouble}`);
      if (trouble === 'restart') await server.restart();
      const cutting = trouble === 'database' ? server.cutDatabase(chance.below(60)) : null;
      await pass(since, (world) => world.step(step, since), cutting);
    }
    provider.failing = 0;
    provider.losing = 0;
    const heal = async (step: number, since: number) => {
      if (step === 2) await bring(server, provider, () => Number.POSITIVE_INFINITY);
      // Money that came after the last look, and of which no webhook told, is found by the operator's command.
      if (step === 2) await reconcile(server);
      await pass(since, (world) => world.heal(step, since));
    };
    for (const [step, since] of healing.entries()) await heal(step, since);
    const seen = { provider, heads: heads.of };
    const end = await judge(options, worlds, seen);
    for (const world of worlds) await world.end();
    for (const { diary } of worlds) for (const [what, times] of diary.happened) note(what, times);
    return { ...end, happened, figures: { ...end.figures, ...Object.fromEntries(server.requests) } };
  } catch (error) {
    // Said at once: what is still under way fails when the server stops, and would be all that is heard.
    console.error(`seeds from ${options.seeds[0]} broke off`, error);
    throw error;
  } finally {
    await server.stop();
    await provider.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Signed up, joined, paid, told of by whatever came first: a webhook or a look. */
const opening = [second, 20 * second, 20 * second, 100 * second];
/** Sent, asked about again, told to all; expired where nobody paid; told to all. */
const healing = [21 * minute, 3 * minute, 4 * day, 6 * minute];

function leap(chance: Chance): number {
  const kind = oneOf(chance, { seconds: 32, minutes: 30, hours: 18, days: 18, months: 2 });
  const lengths = {
    seconds: 1 + chance.below(60 * second),
    minutes: minute + chance.below(40 * minute),
    hours: hour + chance.below(20 * hour),
    days: day + chance.below(5 * day),
    months: 20 * day + chance.below(350 * day),
  };
  return lengths[kind];
}

type Trouble = 'none' | 'provider' | 'database' | 'restart';
const troubleOf = (chance: Chance): Trouble =>
  oneOf<Trouble>(chance, { none: 64, provider: 24, database: 8, restart: 4 });

async function reconcile(server: Stage): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const { status } = await server.ask(
    { method: 'POST', path: '/api/admin/reconcile', headers, body: '{}' },
    '127.0.0.1',
  );
  if (status !== 200) throw new Error(`reconcile was answered by ${status}`);
}

/** What a broken connection cut short is done when its time comes again, as the server's own clockwork would a minute later. */
async function dueWork(server: Stage, cutting: Promise<void> | null, note: (what: string) => void): Promise<void> {
  if (cutting === null) return server.running().runDueJobs();
  const [work] = await Promise.allSettled([server.running().runDueJobs(), cutting]);
  await cutting;
  if (work.status === 'fulfilled') return;
  note('due work cut short');
  await server.running().runDueJobs();
}

async function bring(server: Stage, provider: Provider, now: () => number): Promise<void> {
  const due = provider.due(now());
  await Promise.all(
    due.map(async ({ headers, body }) => {
      const ask = { method: 'POST', path: '/api/billing/webhook', headers, body };
      // What the server could not take is told again by the provider, as long as it takes.
      for (let tries = 0; tries < 50; tries += 1) if ((await server.ask(ask, '127.0.0.1')).status === 200) return;
      throw new Error('a webhook was never taken');
    }),
  );
}

async function judge(
  { databaseUrl, seeds }: BatchOptions,
  worlds: readonly World[],
  seen: Seen,
): Promise<Omit<BatchEnd, 'happened'>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const logs = worlds.map((world) => logOf(world, seen));
    const { findings, figures } = await auditWorlds(client, logs);
    return { findings, figures: { ...figures, worlds: seeds.length } };
  } finally {
    await client.end();
  }
}

interface Seen {
  readonly provider: Provider;
  readonly heads: (orgId: string | null) => WorldLog['heads'];
}

function logOf({ diary, pcs }: World, { provider: { book }, heads }: Seen): WorldLog {
  const own = [...book.orders.values()].filter(({ notes }) => (notes as { orgId?: string }).orgId === diary.orgId);
  return {
    seed: diary.seed,
    orgId: diary.orgId,
    presses: diary.presses,
    sent: diary.sent,
    looks: diary.looks,
    heads: heads(diary.orgId),
    quarrels: diary.quarrels,
    cancelled: [...diary.cancelled],
    counters: pcs.map((pc) => ({
      folder: pc.folder,
      name: pc.parts.name,
      joined: pc.joined(),
      spoiled: pc.spoiled,
    })),
    orders: own.map(({ id, amount, receipt, notes, payments }) => ({
      ...{ id, amount, receipt, purchaseId: (notes as { purchaseId: string }).purchaseId },
      payments: payments
        .filter(({ status }) => status === 'captured' || status === 'refunded')
        .map((one) => ({ id: one.id, amount: one.amount, refunded: one.amountRefunded })),
    })),
  };
}

/** Longer than anything takes, however busy the machine is. */
const longestMs = 600_000;

/** What never ends is a finding of its own kind: told by name, instead of waited for. */
async function within<T>(what: string, work: Promise<T>, detail: () => readonly unknown[]): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} never ended: ${detail().join('\n')}`)), longestMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
