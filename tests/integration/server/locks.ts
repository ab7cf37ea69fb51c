// Locks that a test holds in the server's database, so that what happens "at the same moment" does so every time.
import { Client } from 'pg';
import { expect, onTestFinished } from 'vitest';

/** Takes a lock in a transaction and keeps it until released, or until the test is over. */
export async function hold(databaseUrl: string, statement: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('begin');
  await client.query(statement);
  let held = true;
  const release = async () => {
    if (held) await client.end();
    held = false;
  };
  onTestFinished(release);
  return release;
}

/** Resolves when exactly so many statements like this wait for a lock. */
export async function waiting(databaseUrl: string, statement: string, times = 1): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const count = async () => {
    const { rows } = await client.query(
      `select from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query ilike $1`,
      [statement],
    );
    return rows.length;
  };
  try {
    await expect.poll(count, { timeout: 20_000, message: `statements that wait: ${statement}` }).toBe(times);
  } finally {
    await client.end();
  }
}
