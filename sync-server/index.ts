// The program of `npm run server`: settings from the environment, one server, stopped by SIGTERM or Ctrl-C.
import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { readConfig } from './config.ts';
import { CannotListen, type RunningServer, startServer } from './server.ts';
import { isDatabaseAway } from './store/database.ts';
import { EmbeddedPostgresFailed } from './store/embedded-files.ts';
import { SchemaTooNew } from './store/migrate.ts';

const badSettings = 78;
/** A stop that takes longer is cut off, so that whoever stopped us is never kept waiting. */
const stopWithinMs = 9_000;

const read = readConfig(process.env);
if (!read.ok) {
  for (const fault of read.faults) console.error(fault);
  process.exit(badSettings);
}
const log = pino({ level: read.config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }));

let stopping = false;
let server: RunningServer | null = null;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const cutOff = setTimeout(() => {
    log.error('stopping took too long');
    process.exit(0);
  }, stopWithinMs);
  await server?.stop();
  clearTimeout(cutOff);
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stop().catch((error: unknown) => {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    });
  });
}

try {
  server = await startServer(read.config, {
    clock: { now: () => new Date() },
    random: { bytes: (count) => randomBytes(count) },
    log,
  });
  if (stopping) await server.stop();
  console.log(`listening on ${server.url}`);
} catch (error) {
  console.error(sentenceFor(error));
  process.exit(1);
}

/** What the operator reads when the server cannot start; a stack only for what nobody foresaw. */
function sentenceFor(error: unknown): string {
  if (error instanceof CannotListen || error instanceof EmbeddedPostgresFailed || error instanceof SchemaTooNew) {
    return error.message;
  }
  if (isDatabaseAway(error)) return 'DATABASE_URL: no PostgreSQL answers there';
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === '28P01' || code === '28000' || code === '3D000') return `DATABASE_URL: ${String(message)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
