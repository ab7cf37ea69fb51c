// Which orgs' rows a connection may see. The database keeps the rule (row-level security, migration 0004); here is told to it
// for whom work is done. Forgetting to tell shows nothing, and changes nothing.
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import * as schema from './schema.ts';
import type { Db, Tx } from './tx.ts';

/**
 * One transaction for one org. `snapshot`: it only reads, and all of it at one moment. Rejects with what `work` rejects with,
 * after the rollback; and when a failed statement was passed over, since then nothing is kept.
 */
export type InOrg = <T>(orgId: string, work: (tx: Tx) => Promise<T>, kind?: 'snapshot') => Promise<T>;

/** One transaction for many orgs, for the jobs that work on them by the hundred; the same rules. */
export type InOrgs = <T>(orgIds: readonly string[], work: (client: PoolClient) => Promise<T>) => Promise<T>;

/** Ids stand in the setting, separated by commas. */
function checked(orgId: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(orgId)) throw new Error('not the id of an org');
  return orgId;
}

export function scopedTransactions(app: Pool): InOrg {
  const typed = new WeakMap<PoolClient, Db>();
  const typedOf = (client: PoolClient): Db => {
    const found = typed.get(client);
    if (found !== undefined) return found;
    const made = drizzle(client, { schema });
    typed.set(client, made);
    return made;
  };
  return (orgId, work, kind) => {
    const begin = kind === 'snapshot' ? 'begin isolation level repeatable read read only' : 'begin';
    return scoped(app, begin, checked(orgId), (client) => work(typedOf(client)));
  };
}

export function scopedBatches(app: Pool): InOrgs {
  // A scan of a whole table looks for each row's org in the whole list: by the index, or a few hundred orgs cost what all do.
  const begin = 'begin; set local enable_seqscan = off';
  return (orgIds, work) => scoped(app, begin, orgIds.map(checked).join(','), work);
}

async function scoped<T>(app: Pool, begin: string, orgs: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await app.connect();
  let broken = false;
  try {
    // Sent ahead of the first statement without waiting for it; should it fail, what follows sees no rows at all.
    const [result] = await both(client.query(`${begin}; set local app.orgs = '${orgs}'`), () => work(client));
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error('a statement of the transaction had failed');
    return result;
  } catch (error) {
    broken = await client.query('rollback').then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Runs `work` while `first` is under way, and rejects if either does, when both are done. */
async function both<T>(first: Promise<unknown>, work: () => Promise<T>): Promise<[T]> {
  const [begun, done] = await Promise.allSettled([first, work()]);
  if (begun.status === 'rejected') throw begun.reason;
  if (done.status === 'rejected') throw done.reason;
  return [done.value];
}

/** From here to its end an open transaction is about this org, as well as about none. */
export async function enterOrg(tx: Tx, orgId: string): Promise<void> {
  await tx.execute(sql`select set_config('app.orgs', ${checked(orgId)}, true)`);
}

/** Which orgs a connection of the lanes has named last; it keeps them from one statement to the next. */
const named = new WeakMap<PoolClient, string>();

/** One statement of the ledger lanes, on rows of these orgs alone. For pools of connections that nobody else uses. */
export async function queryInOrgs<R extends QueryResultRow>(
  pool: Pool,
  orgIds: readonly string[],
  query: QueryConfig,
): Promise<QueryResult<R>> {
  const orgs = orgIds.map(checked).join(',');
  const client = await pool.connect();
  try {
    if (named.get(client) === orgs) return await client.query<R>(query);
    named.set(client, orgs);
    const name = { name: 'scope', text: "select set_config('app.orgs', $1, false)", values: [orgs] };
    const [result] = await both(client.query(name), () => client.query<R>(query));
    return result;
  } catch (error) {
    named.delete(client);
    throw error;
  } finally {
    client.release();
  }
}
