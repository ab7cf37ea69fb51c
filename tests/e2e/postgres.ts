// One real PostgreSQL for all end-to-end tests; every test's server makes its own database in it.
import { randomBytes } from 'node:crypto';
import { startThrowawayPostgres } from '../../sync-server/store/throwaway.ts';

export default async function setup(): Promise<() => Promise<void>> {
  const postgres = await startThrowawayPostgres({ bytes: (count) => randomBytes(count) }, ['-c fsync=off']);
  process.env.E2E_POSTGRES_URL = postgres.url;
  return () => postgres.stop();
}
