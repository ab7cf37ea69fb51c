// Connections to PostgreSQL, by what they may see. Work for an org runs in `inOrg`, where the database itself shows the rows
// of that org alone (row-level security, migration 0004); look-ups that must go across orgs can read and nothing else;
// migrations and the job queue use the owner. A small pool carries transactions that stay open while a provider is asked.
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool, type PoolClient } from 'pg';
import * as schema from './schema.ts';
import { type InOrg, type InOrgs, scopedBatches, scopedTransactions } from './scope.ts';
import type { Db } from './tx.ts';

export interface Database {
  readonly owner: Pool;
  readonly app: Pool;
  /** Reads the rows of every org and writes nothing: for what is asked before an org is known, operators and the verifier. */
  readonly readers: Pool;
  /** The ledger lanes' own connections: their statements are planned once, not for every batch. */
  readonly lanes: Pool;
  /** Bounds how many calls to the provider run at once; see orders/ensure-order.ts. */
  readonly waiting: Pool;
  /** One transaction that sees and changes the rows of one org. */
  readonly inOrg: InOrg;
  /** The same for the rows of many orgs, for jobs. */
  readonly inOrgs: InOrgs;
  /** For tables that belong to no org, and for transactions that learn theirs on the way (`enterOrg`). Sees no org's rows. */
  readonly unscoped: Db;
  /** `readers`, for typed queries. */
  readonly acrossOrgs: Db;
  close(): Promise<void>;
}

const asApp = '-c role=pharmapulse_app -c timezone=UTC';
const asReader = '-c role=pharmapulse_reader -c default_transaction_read_only=on -c timezone=UTC';

/** `onError`: told of connections that broke between two statements, so that a restart of PostgreSQL never ends the program. */
export function openDatabase(url: string, onError: (error: Error) => void): Database {
  const pool = (name: string, max: number, options: string, pipeline = false) => {
    const made = new PoolThatMissesNone({
      pipeline,
      connectionString: url,
      application_name: `pharmapulse-${name}`,
      max,
      options,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 60_000,
    });
    made.on('error', onError);
    // The pool listens only while a connection is idle: not in an open transaction, and not after it has let go of it.
    made.on('connect', (client) => client.on('error', onError));
    return made;
  };
  const owner = pool('owner', 4, '-c timezone=UTC');
  const app = pool('app', 20, asApp, true);
  const readers = pool('readers', 10, asReader);
  const lanes = pool('lanes', 4, `${asApp} -c plan_cache_mode=force_generic_plan`, true);
  const waiting = pool('waiting', 16, asApp);
  return {
    owner,
    app,
    readers,
    lanes,
    waiting,
    inOrg: scopedTransactions(app),
    inOrgs: scopedBatches(app),
    unscoped: drizzle(app, { schema }),
    acrossOrgs: drizzle(readers, { schema }),
    close: async () => {
      await Promise.all([owner.end(), app.end(), readers.end(), lanes.end(), waiting.end()]);
    },
  };
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void;

/** Drizzle keeps a connection on which `begin` failed, for ever. Here one that broke goes back by itself. */
class PoolThatMissesNone extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | undefined {
    if (callback === undefined) return super.connect().then(givenBackWhenBroken);
    super.connect(callback);
    return undefined;
  }
}

function givenBackWhenBroken(client: PoolClient): PoolClient {
  const release = client.release.bind(client);
  let back = false;
  const giveBack = (broken?: Error | boolean) => {
    client.off('error', giveBack);
    if (!back) release(broken);
    back = true;
  };
  client.release = giveBack;
  client.on('error', giveBack);
  return client;
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  '53300',
  '55P03',
  '57014',
  '57P01',
  '57P02',
  '57P03',
]);

/** Whether an error means that the database could not be reached, as against a mistake of ours. Looks through causes. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && (awayCodes.has(code) || code.startsWith('08'))) return true;
    if (
      /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/.test(
        at.message,
      )
    ) {
      return true;
    }
    if (at instanceof AggregateError && at.errors.some(isDatabaseAway)) return true;
  }
  return false;
}

/** The name of the unique index that an insert or update ran into, or null if the error is another. */
export function violatedUnique(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, constraint } = at as { code?: unknown; constraint?: unknown };
    if (code === '23505' && typeof constraint === 'string') return constraint;
  }
  return null;
}
