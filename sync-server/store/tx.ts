// The two shapes in which the database is handed to what reads and writes it.
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type * as schema from './schema.ts';

export type Db = NodePgDatabase<typeof schema>;
/** An open transaction, or the database itself where one statement is enough. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0] | Db;
