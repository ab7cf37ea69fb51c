// The real server of a batch, reached without a socket where no stream is needed; how it is restarted, and how its connections to the
// database break under it.
import { randomBytes } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { Client } from 'pg';
import pino from 'pino';
import { readConfig } from '../../../sync-server/config.ts';
import { type RunningServer, startServer } from '../../../sync-server/server.ts';
import { credentials, type Provider } from './provider.ts';
import type { Ask, Reply } from './wire.ts';

export const adminToken = 'worlds-operator';

export interface Stage {
  /** How often each route was asked. */
  readonly requests: ReadonlyMap<string, number>;
  running(): RunningServer;
  ask(ask: Ask, from: string): Promise<Reply>;
  restart(): Promise<void>;
  /** Every connection of the server to its database breaks, after so many milliseconds: whatever it does is undone half-way. */
  cutDatabase(afterMs: number): Promise<void>;
  stop(): Promise<void>;
}

interface StageParts {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly provider: Provider;
  readonly now: () => number;
}

export async function startStage({ databaseUrl, folder, provider, now }: StageParts): Promise<Stage> {
  const read = readConfig({
    ...{ DATABASE_URL: databaseUrl, DATA_DIR: folder, PORT: '0', PUBLIC_URL: 'http://sync.test', LOG_LEVEL: 'silent' },
    ...{ PAYMENT_PROVIDER: 'razorpay', RAZORPAY_KEY_ID: credentials.keyId, RAZORPAY_KEY_SECRET: credentials.keySecret },
    ...{ RAZORPAY_WEBHOOK_SECRETS: credentials.webhookSecret, RAZORPAY_API_URL: provider.url, ADMIN_TOKEN: adminToken },
    // Time is played, and no fault of this provider takes any: the machine's own clock decides nothing.
    PAYMENT_TIMEOUT_MS: '60000',
  });
  if (!read.ok) throw new Error(read.faults.join('; '));
  let app: FastifyInstance | null = null;
  const begin = () =>
    startServer(read.config, {
      clock: { now: () => new Date(now()) },
      random: { bytes: (count) => randomBytes(count) },
      log: pino({ level: process.env.SIM_LOG ?? 'silent' }, pino.destination(2)),
      beside: async (instance) => {
        app = instance;
      },
    });
  let running = await begin();
  const requests = new Map<string, number>();
  return {
    requests,
    running: () => running,
    async ask({ method, path, headers, body }, from) {
      if (app === null) throw new Error('no server');
      const payload = body === undefined ? {} : { payload: body };
      const asked = { method: method as 'GET', url: path, headers: { ...headers }, remoteAddress: from, ...payload };
      const route = path.replace(/\?.*/, '').replace(/(pur|dev)_[^/]+/, ':id');
      requests.set(`${method} ${route}`, (requests.get(`${method} ${route}`) ?? 0) + 1);
      const answer = await app.inject(asked);
      return unpacked(answer.statusCode, answer.headers, answer.rawPayload);
    },
    async restart() {
      // Whoever asks meanwhile finds nobody.
      app = null;
      await running.stop();
      running = await begin();
    },
    async cutDatabase(afterMs) {
      await new Promise((soon) => setTimeout(soon, afterMs));
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      await client.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      await client.end();
    },
    stop: () => running.stop(),
  };
}

/** As the platform's own fetch hands it on: unpacked. */
function unpacked(status: number, given: Readonly<Record<string, unknown>>, raw: Buffer): Reply {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)] as const));
  const packing = headers['content-encoding'];
  const body = packing === 'zstd' ? zstdDecompressSync(raw) : packing === 'gzip' ? gunzipSync(raw) : raw;
  delete headers['content-encoding'];
  delete headers['content-length'];
  return { status, headers, body: new Uint8Array(body) };
}
