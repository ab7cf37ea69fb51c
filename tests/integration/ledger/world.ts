// One or two real servers on one database under a clock that stands, orgs with two counters each, and how an operation
// of the model is asked over HTTP. Knows nothing of what the answer should be.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import pino from 'pino';
import type { Activation } from '../../../shared/contract/devices.ts';
import { readConfig } from '../../../sync-server/config.ts';
import { type RunningServer, startServer } from '../../../sync-server/server.ts';
import { adminToken, bearer } from '../admin/operator.ts';
import { send } from '../server/http.ts';
import { goodBodies } from '../server/refusal-bodies.ts';
import { counterOf, type PlayedClock, playedClock, type Started, started } from '../server/started.ts';
import { emptyOrg, type ModelOrg, type Operation, type Told, withEntry } from './model.ts';
import { readBooks } from './rules.ts';

export interface World {
  readonly clock: PlayedClock;
  /** The database's owner, on a connection of its own. */
  readonly client: Client;
  readonly servers: readonly RunningServer[];
  /** Three orgs as the model knows them: two with the plan and its first grant, one without; and their counters. */
  orgs(): Promise<Population>;
  /** Sends an operation to one of the servers. */
  ask(people: Population, op: Operation, server: number): Promise<Told>;
  dispose(): Promise<void>;
}

export interface Population {
  readonly orgs: readonly ModelOrg[];
  /** Device ids of each org. */
  readonly devices: ReadonlyMap<string, readonly string[]>;
  readonly tokens: ReadonlyMap<string, string>;
}

/** The first of a month, so that weeks may pass in a run without another month's grant. */
const begin = '2026-11-01T00:00:00.000Z';

export async function worldOf(count: 1 | 2): Promise<World> {
  const clock = playedClock(begin);
  const server = await started({ ADMIN_TOKEN: adminToken }, clock);
  const twins = count === 2 ? [await twinOf(server)] : [];
  const servers = [server, ...twins.map(({ running }) => running)];
  const client = new Client({ connectionString: server.databaseUrl });
  await client.connect();
  // What is due is done when the test says so: a sweep of the queue's own would be an operation that no model knows of.
  await client.query(`delete from pgboss.schedule`);
  await client.query(`delete from pgboss.job where name in ('billing-sweep', '__pgboss__send-it')`);
  return {
    clock,
    client,
    servers,
    orgs: () => populate(server, client),
    ask: (people, op, at) => ask(servers[at % servers.length] ?? server, people, op),
    dispose: async () => {
      await client.end();
      for (const twin of twins) await twin.stop();
      await server.dispose();
    },
  };
}

/** A second server process' worth of parts on the same database, with nothing shared in memory but the clock. */
async function twinOf({ databaseUrl, clock }: Started) {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-twin-'));
  const env = { DATABASE_URL: databaseUrl, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent', ADMIN_TOKEN: adminToken };
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.faults.join('; '));
  const random = { bytes: (count: number) => randomBytes(count) };
  const running = await startServer(read.config, { clock, random, log: pino({ level: 'silent' }) });
  const stop = async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { running, stop };
}

let callers = 0;
/** An address of its own: sign-ups and joins are limited per address. */
function nextAddress(): string {
  callers += 1;
  return `127.1.${Math.floor(callers / 250)}.${(callers % 250) + 1}`;
}

async function signUp(server: Started, ownsPlan: boolean): Promise<readonly Activation[]> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await server.request<Activation & { code: string }>('POST', path, {
      body,
      headers,
      from: nextAddress(),
    });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const first = await post('/api/orgs', goodBodies['/api/orgs']);
  const { code } = await post('/api/devices/join-codes', {}, { authorization: `Bearer ${first.deviceToken}` });
  const second = await post('/api/devices/join', { code, deviceName: 'Second counter' });
  if (ownsPlan) await counterOf(server, first).ownPlan();
  return [first, second];
}

async function populate(server: Started, client: Client): Promise<Population> {
  // A provider knows seconds only, and a grant happened when it was paid for.
  server.clock.advance(1_000 - (server.clock.now().getTime() % 1_000));
  const households = [await signUp(server, true), await signUp(server, true), await signUp(server, false)];
  const orgs = households.map(([first], at) => {
    const org = emptyOrg(first?.orgId ?? '');
    if (at === 2) return org;
    const facts = { delta: 50_000, kind: 'monthly_grant', reference: '2026-11', idempotencyKey: 'grant:2026-11' };
    return withEntry(
      { ...org, ownsPlan: true },
      { ...facts, actor: 'system', feature: null },
      server.clock.now().getTime(),
    ).org;
  });
  const all = households.flat();
  const books = await readBooks(
    client,
    orgs.map(({ orgId }) => orgId),
  );
  return {
    orgs: orgs.map((org) => ({ ...org, audited: books.find(({ orgId }) => orgId === org.orgId)?.audited ?? 0 })),
    devices: new Map(orgs.map(({ orgId }, at) => [orgId, (households[at] ?? []).map(({ deviceId }) => deviceId)])),
    tokens: new Map(all.map(({ deviceId, deviceToken }) => [deviceId, deviceToken])),
  };
}

async function ask(server: RunningServer, { tokens }: Population, op: Operation): Promise<Told> {
  if (op.kind === 'expire') {
    await server.runDueJobs();
    return { status: 200, body: null };
  }
  const { method, path, body } = requestOf(op);
  const authorization = 'device' in op ? `Bearer ${tokens.get(op.device)}` : bearer(adminToken);
  const headers: Record<string, string> = { authorization };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if ('key' in op && op.key !== null) headers['idempotency-key'] = op.key;
  const got = await send(
    `${server.url}${path}`,
    method,
    headers,
    body === undefined ? body : JSON.stringify(body),
    undefined,
  );
  return told(got.status, JSON.parse(got.text));
}

export function requestOf(op: Exclude<Operation, { kind: 'expire' }>): { method: string; path: string; body?: object } {
  const method = 'POST';
  switch (op.kind) {
    case 'spend': {
      const { amount, feature, reference } = op;
      return {
        method,
        path: '/api/credits/spend',
        body: { amount, feature, ...(reference === null ? {} : { reference }) },
      };
    }
    case 'hold': {
      const { amount, feature, ttlSeconds } = op;
      return { method, path: '/api/credits/holds', body: { amount, feature, ttlSeconds } };
    }
    case 'capture':
      return { method, path: `/api/credits/holds/${op.holdId}/capture`, body: { amount: op.amount } };
    case 'release':
      return { method, path: `/api/credits/holds/${op.holdId}/release` };
    case 'adjust':
      return { method, path: `/api/admin/orgs/${op.orgId}/credits`, body: { delta: op.delta, reason: op.reason } };
    case 'balance':
      return { method: 'GET', path: '/api/credits/balance' };
  }
}

interface Refusal {
  readonly error: {
    readonly code: string;
    readonly details?: { readonly faults?: readonly { readonly path: string }[] };
  };
}

/** The answer without its sentences: a refusal is its code and details, and of faults their places. */
function told(status: number, body: unknown): Told {
  if (status < 300) return { status, body };
  const { code, details } = (body as Refusal).error;
  const paths = details?.faults?.map(({ path }) => path);
  return { status, body: { code, details: paths === undefined ? (details ?? null) : { paths } } };
}
