// Real kills of a real counter: a process of its own on real files, a real server over the loopback, SIGKILL at a moment that nobody
// chose: while it opens, while it commits, while it sends. After each kill it must start, with every purchase of which "queued" was
// said; at the end the server has each of them exactly once, and none besides.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import pino from 'pino';
import { readConfig } from '../../../sync-server/config.ts';
import { type RunningServer, startServer } from '../../../sync-server/server.ts';
import type { Chance } from '../storm/chance.ts';
import { chanceOf } from '../storm/chance.ts';
import { credentials, type Provider, startProvider } from '../worlds/provider.ts';
import { type HostProgram, type Said, startHost } from './program.ts';

export interface KillOptions {
  readonly databaseUrl: string;
  readonly folder: string;
  /** host.ts, built. */
  readonly program: string;
  readonly seed: number;
  readonly kills: number;
  /** After so many kills the counter is looked at to the end, and a new one of a new org takes its place. */
  readonly group: number;
  readonly say: (line: string) => void;
}

export interface KillFigures {
  kills: number;
  /** Killed before it said that it had started; after that, with something under way that was not answered. */
  whileStarting: number;
  whileQueueing: number;
  /** Purchases of which "queued" was said; those on the disk whose word was lost in the kill. */
  queued: number;
  unsaid: number;
  atServer: number;
  counters: number;
  slowestStartMs: number;
}

export interface KillEnd {
  readonly findings: readonly string[];
  readonly figures: KillFigures;
}

interface Stage extends KillOptions {
  readonly server: RunningServer;
  readonly provider: Provider;
  readonly client: Client;
  readonly chance: Chance;
  readonly findings: string[];
  readonly figures: KillFigures;
  readonly cache: string;
}

export async function runKills(options: KillOptions): Promise<KillEnd> {
  const { databaseUrl, folder, seed } = options;
  const provider = await startProvider(
    chanceOf(seed, 'provider'),
    () => Date.now(),
    () => undefined,
  );
  const read = readConfig({
    ...{ DATABASE_URL: databaseUrl, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent', PAYMENT_PROVIDER: 'razorpay' },
    ...{ RAZORPAY_KEY_ID: credentials.keyId, RAZORPAY_KEY_SECRET: credentials.keySecret },
    ...{ RAZORPAY_WEBHOOK_SECRETS: credentials.webhookSecret, RAZORPAY_API_URL: provider.url },
  });
  if (!read.ok) throw new Error(read.faults.join('; '));
  const server = await startServer(read.config, {
    clock: { now: () => new Date() },
    random: { bytes: (count) => randomBytes(count) },
    log: pino({ level: 'silent' }),
  });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const figures: KillFigures = {
    ...{
      kills: 0,
      whileStarting: 0,
      whileQueueing: 0,
      queued: 0,
      unsaid: 0,
      atServer: 0,
      counters: 0,
      slowestStartMs: 0,
    },
  };
  const chance = chanceOf(seed, 'kill');
  const stage: Stage = {
    ...{ ...options, server, provider, client, chance, figures, findings: [], cache: join(folder, 'compiled') },
  };
  try {
    while (figures.kills < options.kills) {
      await oneCounter(stage, Math.min(options.group, options.kills - figures.kills));
      options.say(`${figures.kills} kills, ${figures.queued} queued, ${stage.findings.length} findings`);
    }
    return { findings: stage.findings, figures };
  } finally {
    await client.end();
    await server.stop();
    await provider.stop();
  }
}

async function oneCounter(stage: Stage, kills: number): Promise<void> {
  const { folder, figures, server, cache, program } = stage;
  figures.counters += 1;
  const dataDir = mkdtempSync(join(folder, 'counter-'));
  const start = () => startHost(program, dataDir, server.url, cache);
  const orgId = await becomeOwner(stage, start());
  const said = new Map<string, string>();
  for (let left = kills; left > 0; left -= 1) await startAndKill(stage, start(), said);
  await lookToTheEnd(stage, start(), orgId, said);
  rmSync(dataDir, { recursive: true, force: true });
}

/** Signs up, and pays the plan, so that credits can be bought. */
async function becomeOwner(stage: Stage, host: HostProgram): Promise<string> {
  await host.hear(({ started }) => started === true);
  host.tell('signup Pharmacy');
  const { signedUp = '' } = await host.hear((one) => one.signedUp !== undefined || one.failed !== undefined);
  host.tell('plan press-plan-0001');
  await host.hear(({ queued }) => queued !== undefined);
  const order = await eventually(() => {
    host.tell('sync');
    return [...stage.provider.book.orders.values()].find(
      ({ notes }) => (notes as { orgId: string }).orgId === signedUp,
    );
  });
  stage.provider.losing = 0;
  stage.provider.book.pay(order.id);
  await bring(stage);
  await eventually(async () => {
    host.tell('sync');
    return (await host.hear(({ synced }) => synced !== undefined)).plan === true ? true : undefined;
  });
  host.tell('stop');
  await host.ended;
  return signedUp;
}

async function bring({ provider, server }: Stage): Promise<void> {
  for (const { headers, body } of provider.due(Number.POSITIVE_INFINITY)) {
    const answer = await fetch(`${server.url}/api/billing/webhook`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`a webhook was answered by ${answer.status}`);
  }
  await server.runDueJobs();
}

let presses = 0;

/** Starts it, lets it queue and send without a pause, and kills it at some moment of all that. */
async function startAndKill(stage: Stage, host: HostProgram, said: Map<string, string>): Promise<void> {
  const { chance, figures, seed } = stage;
  const began = performance.now();
  let asked = 0;
  let answered = 0;
  let ready = false;
  const press = () => {
    presses += 1;
    asked += 1;
    host.tell(`topup press-${seed}-${process.pid}-${presses}`);
  };
  let look: () => void = () => undefined;
  const heard = (enough: () => boolean) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (enough()) resolve();
      };
      look();
    });
  host.onLine((line) => {
    if (line.started === true) {
      ready = true;
      figures.slowestStartMs = Math.max(figures.slowestStartMs, Math.round(performance.now() - began));
      missing(stage, said, line, 'after a kill');
      press();
    }
    if (line.queued !== undefined && line.id !== undefined) {
      answered += 1;
      said.set(line.queued, line.id);
      figures.queued += 1;
      if (asked < 12) press();
    }
    if (line.failed !== undefined) stage.findings.push(`a press was refused: ${line.failed}`);
    look();
  });
  // While it opens its files, or when it has begun to queue and to send.
  if (chance.is(0.2)) await pause(chance.below(400));
  else {
    const patience = chance.below(8);
    const gone = host.ended.then(
      (how) => void (patience > answered && stage.findings.push(`it ended by itself: ${how}`)),
    );
    await Promise.race([gone, heard(() => ready && answered >= patience)]);
    await pause(chance.below(60));
  }
  host.kill();
  await host.ended;
  figures.kills += 1;
  if (!ready) figures.whileStarting += 1;
  else if (asked > answered) figures.whileQueueing += 1;
}

/** Every purchase of which "queued" was said is there. */
function missing({ findings }: Stage, said: ReadonlyMap<string, string>, { items = [] }: Said, when: string): void {
  const there = new Set(items.map(({ id }) => id));
  for (const [intent, id] of said) if (!there.has(id)) findings.push(`${intent} (${id}) is lost ${when}`);
}

/** Left alone, it brings everything to the server: each once, and nothing that nobody wanted. */
async function lookToTheEnd(
  stage: Stage,
  host: HostProgram,
  orgId: string,
  said: ReadonlyMap<string, string>,
): Promise<void> {
  const { client, findings, figures, provider } = stage;
  const first = await host.hear(({ started }) => started === true);
  missing(stage, said, first, 'at the end');
  const last = await eventually(async () => {
    host.tell('sync');
    await host.hear(({ synced }) => synced !== undefined);
    host.tell('list');
    const now = await host.hear(({ items }) => items !== undefined);
    return now.items?.every(({ state }) => state !== 'queued') === true ? now : undefined;
  });
  host.tell('stop');
  await host.ended;
  const { rows } = await client.query<{ id: string }>('select purchase_id id from purchase where org_id = $1', [orgId]);
  const [here, there] = [new Set((last.items ?? []).map(({ id }) => id)), new Set(rows.map(({ id }) => id))];
  figures.atServer += rows.length;
  // The plan is one of them.
  figures.unsaid += here.size - said.size - 1;
  for (const id of here) if (!there.has(id)) findings.push(`${id} never came to the server`);
  for (const id of there) if (!here.has(id)) findings.push(`the server has ${id}, which the counter does not know`);
  for (const id of there) {
    const orders = [...provider.book.orders.values()].filter(
      ({ notes }) => (notes as { purchaseId: string }).purchaseId === id,
    );
    if (orders.length !== 1) findings.push(`${id} has ${orders.length} orders at the provider`);
  }
}

/** Looked for again and again, for a minute at most. */
async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let looks = 0; looks < 300; looks += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(200);
  }
  throw new Error('it never came to that');
}
