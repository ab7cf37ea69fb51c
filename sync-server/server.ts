// Starts and stops a whole server: database, migrations, provider, jobs, HTTP. The program (index.ts) and the tests that
// need a real port use the same one.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { FastifyBaseLogger, FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { ProtocolRange } from '../shared/contract/protocol.ts';
import { createApp } from './app.ts';
import type { Clock, Random } from './clock.ts';
import type { Config } from './config.ts';
import { replayWebhook } from './jobs/apply-webhooks.ts';
import { createWorkers } from './jobs/workers.ts';
import { createMetrics } from './metrics.ts';
import type { Parts } from './parts.ts';
import { createPrinter } from './print/printer.ts';
import { openProvider } from './providers/chosen.ts';
import type { PaymentProvider } from './providers/port.ts';
import { createRazorpayProvider } from './providers/razorpay.ts';
import { createSandbox, type Sandbox } from './sandbox/sandbox.ts';
import { readSandboxSecrets, spareSecret } from './sandbox/secrets.ts';
import type { TestTime } from './sandbox/test-time.ts';
import { endWithin } from './stopping.ts';
import { listenForChanges } from './store/changes.ts';
import { type Database, openDatabase } from './store/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './store/embedded.ts';
import { createLedgerLanes } from './store/ledger-lanes.ts';
import { migrate } from './store/migrate.ts';
import { renewalMoments } from './store/moments.ts';
import { remember } from './store/remembered.ts';
import { openSigner } from './store/signing-keys.ts';
import { createVerifier } from './store/verify.ts';
import { openTestClock, type TestClock } from './test-clock.ts';

export interface Machine {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: FastifyBaseLogger;
  /** Routes beside the server's own: a benchmark's, to measure what HTTP costs by itself. */
  readonly beside?: FastifyPluginAsync;
  /** Versions of the protocol, in place of this program's own: a test's, to play a server of another time. */
  readonly protocol?: ProtocolRange | undefined;
}

export interface RunningServer {
  /** http://HOST:PORT as it listens. */
  readonly url: string;
  readonly publicUrl: string;
  readonly parts: Parts;
  /** Does all work that is due now. */
  runDueJobs(): Promise<void>;
  /** Takes no new request, lets running ones end, and closes everything; the embedded database last. */
  stop(): Promise<void>;
}

/** The port is taken, or the host is not this machine's: a sentence for the operator. */
export class CannotListen extends Error {}

export async function startServer(config: Config, machine: Machine): Promise<RunningServer> {
  const port = await claimPort(config.host, config.port);
  const url = `http://${inUrl(config.host)}:${port}`;
  const publicUrl = config.publicUrl ?? url;
  let embedded: EmbeddedPostgres | null = null;
  let database: Database | null = null;
  try {
    if (config.databaseUrl === null) embedded = await startEmbeddedPostgres(config.dataDir, machine.random);
    const databaseUrl = config.databaseUrl ?? embedded?.url ?? '';
    database = openDatabase(databaseUrl, (error) => machine.log.error({ err: error }, 'database connection'));
    await migrate(database.owner);
    const running = await assemble(config, machine, database, databaseUrl, { port, url, publicUrl });
    const { close, ...server } = running;
    return {
      ...server,
      stop: async () => {
        await close();
        if (database !== null) await endWithin(500, 'database', database.close(), machine.log);
        await embedded?.stop();
      },
    };
  } catch (error) {
    await database?.close();
    await embedded?.stop();
    throw error;
  }
}

interface Place {
  readonly port: number;
  readonly url: string;
  readonly publicUrl: string;
}

async function assemble(config: Config, machine: Machine, database: Database, databaseUrl: string, place: Place) {
  const { random, log } = machine;
  const testClock: TestClock | null = config.testClock ? await openTestClock(database.unscoped, machine.clock) : null;
  const clock = testClock ?? machine.clock;
  const testTime = testClock === null ? null : movable(testClock, database, () => afterMove());
  const { provider, sandbox } = choosePayments(config, place, clock, random, testTime);
  const changes = listenForChanges(
    database.owner,
    () => new Promise((again) => setTimeout(again, 1_000)),
    (error) => log.error({ err: error }, 'change listener'),
  );
  const workers = createWorkers(() => parts, databaseUrl);
  const ledger = createLedgerLanes({ pool: database.lanes, clock, onSpent: changes.announceEntries });
  const parts: Parts = {
    config,
    publicUrl: place.publicUrl,
    database,
    clock,
    random,
    provider,
    changes,
    ledger,
    remembered: remember(database, changes, clock),
    signer: await openSigner(database.unscoped, changes, clock),
    verifier: createVerifier(database.readers, clock),
    printer: createPrinter(),
    metrics: createMetrics({ ledgerWaiting: ledger.waiting, ofProcess: true }),
    log,
    wakeInbox: workers.wakeInbox,
  };
  const runDueJobs = async () => {
    await sandbox?.deliverDue();
    await workers.runDue();
  };
  const afterMove = async () => {
    await runDueJobs();
    changes.tellEverybody();
  };
  const app = await createApp({
    parts,
    jobsRun: workers.running,
    afterClockMoved: afterMove,
    replayWebhook: (inboxId) => replayWebhook(parts, inboxId),
    ...{ testClock, protocol: machine.protocol },
  });
  if (sandbox !== null) {
    await app.register(sandbox.plugin, { prefix: '/sandbox' });
    await app.register(sandbox.stripePlugin);
  }
  if (machine.beside !== undefined) await app.register(machine.beside);
  await changes.start();
  await listen(app, config.host, place.port);
  await workers.start();
  sandbox?.start();
  return {
    url: place.url,
    publicUrl: place.publicUrl,
    parts,
    runDueJobs,
    close: async () => {
      // It may have minutes to go, and nothing is lost by it.
      parts.verifier.stop();
      await endWithin(6_000, 'http', app.close(), log);
      await endWithin(500, 'printer', parts.printer.stop(), log);
      if (sandbox !== null) await endWithin(500, 'sandbox', sandbox.stop(), log);
      await endWithin(1_000, 'jobs', workers.stop(), log);
      await endWithin(300, 'changes', changes.stop(), log);
    },
  };
}

/** The test clock as the sandbox's page moves it. */
function movable(clock: TestClock, database: Database, afterMove: () => Promise<void>): TestTime {
  return {
    now: clock.now,
    moveTo: async (to) => {
      if (!(await clock.set(to))) return false;
      await afterMove();
      return true;
    },
    moments: () => renewalMoments(database.acrossOrgs, clock.now()),
  };
}

function choosePayments(
  config: Config,
  place: Place,
  clock: Clock,
  random: Random,
  testTime: TestTime | null,
): { provider: PaymentProvider; sandbox: Sandbox | null } {
  const { payments } = config;
  if (payments.provider !== 'sandbox') return { provider: openProvider(payments, clock), sandbox: null };
  const folder = join(config.dataDir, 'sandbox');
  mkdirSync(folder, { recursive: true });
  const secrets = readSandboxSecrets(folder, random);
  const self = `http://${config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : inUrl(config.host)}:${place.port}`;
  const sandbox = createSandbox({
    databasePath: join(folder, 'sandbox.db'),
    clock,
    random,
    ...secrets,
    webhookUrl: `${self}/api/billing/webhook`,
    publicUrl: `${place.publicUrl}/sandbox`,
    production: config.production,
    ...(testTime === null ? {} : { testTime }),
  });
  const provider = createRazorpayProvider({
    name: 'sandbox',
    keyId: secrets.keyId,
    keySecret: secrets.keySecret,
    webhookSecrets: [secrets.webhookSecret, spareSecret(secrets.webhookSecret)],
    apiUrl: `${self}/sandbox`,
    checkoutScriptUrl: `${place.publicUrl}/sandbox/v1/checkout.js`,
    clock,
  });
  return { provider, sandbox };
}

/** An IPv6 address stands in brackets. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw busy(error, host, port);
  }
}

/** Finds out early whether the port can be had, before a database is started for nothing; 0 becomes a free one. */
function claimPort(host: string, port: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', (error) => fail(busy(error, host, port)));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => done(address !== null && typeof address === 'object' ? address.port : port));
    });
  });
}

function busy(error: unknown, host: string, port: number): Error {
  const { code } = error as { code?: unknown };
  if (code === 'EADDRINUSE')
    return new CannotListen(`PORT: ${port} on ${host} is in use; stop the other program or set another PORT`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new CannotListen(`HOST: ${host} is not an address of this machine`);
  if (code === 'EACCES') return new CannotListen(`PORT: ${port} may not be opened by this user; set another PORT`);
  return error instanceof Error ? error : new Error(String(error));
}
