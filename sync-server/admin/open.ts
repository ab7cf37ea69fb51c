// Opens the server's database for the command line: the one that DATABASE_URL names, or the embedded one under DATA_DIR.
// One that runs is used as it is and left running; one that does not is started for as long as the command takes. The
// schema is never changed from here: that is the server's own step, at its start.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pino from 'pino';
import type { Clock, Random } from '../clock.ts';
import type { Config } from '../config.ts';
import { createMetrics } from '../metrics.ts';
import type { OrderParts, Parts } from '../parts.ts';
import { openProvider } from '../providers/chosen.ts';
import type { PaymentProvider } from '../providers/port.ts';
import { createRazorpayProvider } from '../providers/razorpay.ts';
import { readSandboxSecrets } from '../sandbox/secrets.ts';
import { openDatabase } from '../store/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded.ts';
import { findCluster, runProgram } from '../store/embedded-files.ts';
import { readMigrations } from '../store/migrate.ts';
import { createVerifier } from '../store/verify.ts';
import { openTestClock } from '../test-clock.ts';

/** What the commands need of the server's parts. */
export type OperatorParts = OrderParts & Pick<Parts, 'verifier'>;

/** A sentence for the operator: the database is not one that this program can work on. */
export class NotOurDatabase extends Error {}

export interface Opened {
  readonly parts: OperatorParts;
  close(): Promise<void>;
}

interface Machine {
  readonly clock: Clock;
  readonly random: Random;
}

export async function openForOperator(config: Config, machine: Machine): Promise<Opened> {
  const postgres = config.databaseUrl === null ? await embedded(config.dataDir, machine.random) : null;
  // The command says itself what went wrong; a connection that breaks fails the query that runs on it.
  const log = pino({ level: 'silent' });
  const database = openDatabase(postgres?.url ?? config.databaseUrl ?? '', (error) => log.error({ err: error }));
  const close = async () => {
    await database.close();
    await postgres?.stop();
  };
  try {
    const { rows } = await database.owner.query<{ at: string | null }>(
      "select to_regclass('public.schema_migration')::text as at",
    );
    const known = readMigrations().length;
    const at = rows[0]?.at ?? null;
    const newest =
      at === null
        ? 0
        : ((await database.owner.query<{ newest: number }>('select max(number) as newest from schema_migration'))
            .rows[0]?.newest ?? 0);
    if (newest !== known) throw new NotOurDatabase(schemaSentence(newest, known));
    const clock = config.testClock ? await openTestClock(database.unscoped, machine.clock) : machine.clock;
    return {
      parts: {
        config,
        publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
        database,
        clock,
        random: machine.random,
        provider: providerFor(config, { clock, random: machine.random }),
        verifier: createVerifier(database.readers, clock),
        metrics: createMetrics({ ledgerWaiting: () => 0, ofProcess: false }),
        log,
        // A running server looks at its inbox every minute by itself.
        wakeInbox: (afterSeconds) => log.debug({ afterSeconds }, 'the server will look'),
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function schemaSentence(newest: number, known: number): string {
  if (newest > known) {
    return `the database has schema ${newest} and this program knows ${known}: run a newer version of the program`;
  }
  return `the database has schema ${newest} and this program needs ${known}: start the server once, it brings it up to date`;
}

/** The same as the server's. The built-in sandbox lives in the server: it is asked there, by the keys in its folder. */
function providerFor({ payments, dataDir, host, port }: Config, { clock, random }: Machine): PaymentProvider {
  if (payments.provider !== 'sandbox') return openProvider(payments, clock);
  const folder = join(dataDir, 'sandbox');
  const { keyId, keySecret } = existsSync(join(folder, 'secrets.json'))
    ? readSandboxSecrets(folder, random)
    : { keyId: 'none', keySecret: 'none' };
  const apiUrl = `${addressOf(host, port)}/sandbox`;
  return createRazorpayProvider({ name: 'sandbox', keyId, keySecret, webhookSecrets: [], apiUrl, clock });
}

/** Where a server with these settings answers on this machine. */
function addressOf(host: string, port: number): string {
  const here = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${here.includes(':') ? `[${here}]` : here}:${port}`;
}

async function embedded(dataDir: string, random: Random): Promise<Pick<EmbeddedPostgres, 'url' | 'stop'>> {
  const home = resolve(dataDir);
  const nothing = new NotOurDatabase(
    `DATA_DIR: there is no database in ${home}; start the server once, or set DATABASE_URL`,
  );
  if (!existsSync(home)) throw nothing;
  const cluster = findCluster(home);
  if (!existsSync(join(cluster.data, 'PG_VERSION'))) throw nothing;
  const status = await runProgram(cluster, 'pg_ctl', ['status', '-D', cluster.data]);
  if (status.code !== 0) return startEmbeddedPostgres(dataDir, random);
  const password = readFileSync(`${cluster.data}.password`, 'utf8').trim();
  const port = readFileSync(join(cluster.data, 'postmaster.pid'), 'utf8').split('\n')[3]?.trim();
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop: async () => undefined };
}
