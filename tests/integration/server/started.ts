// A real server for a test: real PostgreSQL (a database of its own), real HTTP on a port of its own, the real sandbox
// with the real SDK between them. Only clock and chance are played.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as again } from 'node:timers/promises';
import { Client } from 'pg';
import pino from 'pino';
import { inject } from 'vitest';
import type { BillingStatus, Purchase } from '../../../shared/contract/billing.ts';
import type { Activation } from '../../../shared/contract/devices.ts';
import type { ProtocolRange } from '../../../shared/contract/protocol.ts';
import { type Config, readConfig } from '../../../sync-server/config.ts';
import { type RunningServer, startServer } from '../../../sync-server/server.ts';
import { send } from './http.ts';

/** A clock that stands until it is moved. */
export interface PlayedClock {
  now(): Date;
  advance(milliseconds: number): void;
  set(instant: string): void;
}

export function playedClock(start = '2026-11-22T06:30:00.000Z'): PlayedClock {
  let at = new Date(start).getTime();
  return {
    now: () => new Date(at),
    advance: (milliseconds) => {
      at += milliseconds;
    },
    set: (instant) => {
      at = new Date(instant).getTime();
    },
  };
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** One answer as a test got it, for the rules that hold for all of them (every-answer.ts). */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly answer: Answer;
}

export interface Started extends RunningServer {
  readonly clock: PlayedClock;
  /** Every answer since the start. */
  readonly seen: readonly Seen[];
  readonly databaseUrl: string;
  /** One SQL statement as the database's owner. */
  sql<T extends object = Record<string, unknown>>(text: string, values?: unknown[]): Promise<T[]>;
  request<T = unknown>(method: string, path: string, options?: RequestOptions): Promise<Answer<T>>;
  signUp(changes?: Record<string, unknown>): Promise<Counter>;
  /** Plays the sandbox: pays or fails an order as a customer would. */
  play(orderId: string, action: 'pay' | 'fail', more?: Record<string, unknown>): Promise<void>;
  /** Sets a fault of the sandbox. */
  fault(faults: Record<string, unknown>): Promise<void>;
  /** Delivers what the sandbox has to deliver and applies what came. */
  settle(): Promise<void>;
  /** Ends this server as a stop would and starts another on the same database and folder; of another version where one is given. */
  restart(protocol?: ProtocolRange): Promise<void>;
  dispose(): Promise<void>;
}

export interface RequestOptions {
  readonly token?: string;
  readonly key?: string;
  readonly body?: unknown;
  /** Sent as it is, without JSON. */
  readonly raw?: string | Buffer;
  readonly headers?: Record<string, string>;
  /** The caller's own address, where another than the usual is wanted. */
  readonly from?: string;
}

/** One activated counter and what a test asks of the server in its name. */
export interface Counter extends Activation {
  request<T = unknown>(method: string, path: string, options?: Omit<RequestOptions, 'token'>): Promise<Answer<T>>;
  buyPlan(key?: string): Promise<Purchase>;
  topUp(packs: number, key?: string): Promise<Purchase>;
  status(): Promise<BillingStatus>;
  purchase(id: string): Promise<Purchase>;
  /** Buys and pays the plan. */
  ownPlan(): Promise<Purchase>;
}

let made = 0;
function next(): number {
  made += 1;
  return made;
}
export const uniqueKey = () => `key-${process.pid}-${next()}`;

/** `via`: how the server reaches its database, where it is not straight. */
export async function started(
  env: Record<string, string> = {},
  clock: PlayedClock = playedClock(),
  via: (databaseUrl: string) => Promise<string> = async (databaseUrl) => databaseUrl,
): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'pharmapulse-server-'));
  const { databaseUrl, drop } = await makeDatabase();
  const base = { DATABASE_URL: await via(databaseUrl), DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' };
  const config = configFrom({ ...base, ...env });
  const machine = machineWith(clock);
  let server = await startServer(config, machine);
  const seen: Seen[] = [];
  const request = requester(() => server.url, seen);
  const sandbox = async (path: string, body: unknown) => {
    const answer = await request('POST', `/sandbox${path}`, { body });
    if (answer.status >= 300) throw new Error(`sandbox ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };

  const self: Started = {
    get url() {
      return server.url;
    },
    get publicUrl() {
      return server.publicUrl;
    },
    get parts() {
      return server.parts;
    },
    clock,
    databaseUrl,
    seen,
    runDueJobs: () => server.runDueJobs(),
    stop: () => server.stop(),
    request,
    sql: (text, values) => runSql(databaseUrl, text, values),
    signUp: async (changes = {}) => {
      const body = {
        legalName: 'Asha Medicals',
        address: '12 MG Road, Pune',
        stateCode: '27',
        pin: '411001',
        deviceName: 'Front counter',
        ...changes,
      };
      const answer = await request<Activation>('POST', '/api/orgs', { body });
      if (answer.status !== 201) throw new Error(`sign-up: ${answer.status} ${JSON.stringify(answer.body)}`);
      return counterOf(self, answer.body);
    },
    play: (orderId, action, more = {}) => sandbox('/play', { orderId, action, ...more }),
    fault: (faults) => sandbox('/faults', faults),
    settle: () => server.runDueJobs(),
    restart: async (protocol) => {
      await server.stop();
      server = await startServer(config, { ...machine, protocol });
    },
    dispose: async () => {
      await server.stop();
      await drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}

function configFrom(env: Record<string, string>): Config {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.faults.join('; '));
  return read.config;
}

function machineWith(clock: PlayedClock) {
  const random = { bytes: (count: number) => randomBytes(count) };
  return { clock, random, log: pino({ level: process.env.TEST_LOG ?? 'silent' }, pino.destination(2)) };
}

async function runSql<T extends object>(databaseUrl: string, text: string, values?: unknown[]): Promise<T[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Sends requests to the server as it is at that moment, and keeps every answer in `seen`. */
function requester(url: () => string, seen: Seen[]): Started['request'] {
  return async <T>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> => {
    const headers: Record<string, string> = { ...options.headers };
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
    if (options.key !== undefined) headers['idempotency-key'] = options.key;
    if (options.body !== undefined) headers['content-type'] ??= 'application/json';
    const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const got = await send(`${url()}${path}`, method, headers, body, options.from);
    const json = got.headers.get('content-type')?.includes('json') === true;
    const parsed: unknown = json && got.text !== '' ? JSON.parse(got.text) : got.text;
    const answer = { status: got.status, headers: got.headers, body: parsed as T };
    seen.push({ method, path, answer });
    return answer;
  };
}

export function counterOf(server: Started, activation: Activation): Counter {
  const token = activation.deviceToken;
  const request = <T>(method: string, path: string, options: Omit<RequestOptions, 'token'> = {}) =>
    server.request<T>(method, path, { ...options, token });
  const buy = async (path: string, body: unknown, key: string): Promise<Purchase> => {
    const answer = await request<Purchase>('POST', path, { body, key });
    if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const get = async <T>(path: string): Promise<T> => {
    const answer = await request<T>('GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const self: Counter = {
    ...activation,
    request,
    buyPlan: (key = uniqueKey()) => buy('/api/billing/plan/purchase', {}, key),
    topUp: (packs, key = uniqueKey()) => buy('/api/billing/credits/topup', { packs }, key),
    status: () => get('/api/billing/status'),
    purchase: (id) => get(`/api/billing/purchases/${id}`),
    ownPlan: async () => {
      const plan = await self.buyPlan();
      await server.play(orderOf(plan), 'pay');
      await server.settle();
      return self.purchase(plan.id);
    },
  };
  return self;
}

export function orderOf(purchase: Purchase): string {
  if (purchase.providerOrderId === null) throw new Error(`purchase ${purchase.id} has no order`);
  return purchase.providerOrderId;
}

/** An empty database of its own in the run's cluster. */
export async function makeDatabase() {
  const base = inject('postgresUrl');
  const name = `test_${process.pid}_${next()}_${randomBytes(4).toString('hex')}`;
  const asOwner = async (statement: string) => {
    const client = new Client({ connectionString: base });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  };
  // A pool's end does not wait for its connections to close, and one that is cut while closing would tell nobody but us.
  const drop = async () => {
    const connected = `select from pg_stat_activity where datname = '${name}'`;
    for (let looks = 0; looks < 100 && (await asOwner(connected)).length > 0; looks += 1) await again(20);
    await asOwner(`drop database ${name} with (force)`);
  };
  await asOwner(`create database ${name}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { databaseUrl: url.href, drop };
}
