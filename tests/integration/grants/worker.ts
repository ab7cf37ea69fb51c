// The job of the monthly grants in a process of its own, to be killed: `worker.ts DATABASE_URL INSTANT CHUNK`. Prints a line
// after each chunk that is committed, and `end` when nothing is left.
import pino from 'pino';
import { grantDueMonths } from '../../../sync-server/jobs/grant-months.ts';
import { createMetrics } from '../../../sync-server/metrics.ts';
import { openDatabase } from '../../../sync-server/store/database.ts';

const [url = '', instant = '', chunk = ''] = process.argv.slice(2);
const database = openDatabase(url, (error) => {
  throw error;
});
const parts = {
  database,
  clock: { now: () => new Date(instant) },
  metrics: createMetrics({ ledgerWaiting: () => 0, ofProcess: false }),
  log: pino({ level: 'info', base: null }, pino.destination({ fd: 1, sync: true })),
};
await grantDueMonths(parts, () => true, Number(chunk));
console.log('end');
await database.close();
