// The program of `npm run admin`: what an operator does at a terminal. Settings are the server's own. What went wrong is
// one line on stderr; what was asked for is on stdout.
import { randomBytes } from 'node:crypto';
import { readConfig } from '../config.ts';
import { isDatabaseAway } from '../store/database.ts';
import { EmbeddedPostgresFailed } from '../store/embedded-files.ts';
import { readArguments, usage } from './arguments.ts';
import { runCommand } from './commands.ts';
import { NotOurDatabase, openForOperator } from './open.ts';

const exit = { done: 0, faults: 1, failed: 2, wrongArguments: 64, badSettings: 78 } as const;

/** The exit code; everything is printed. */
async function main(): Promise<number> {
  const read = readArguments(process.argv.slice(2));
  if (read === 'help') {
    console.log(usage);
    return exit.done;
  }
  if (!read.ok) {
    console.error(`${read.fault}; --help says what there is`);
    return exit.wrongArguments;
  }
  const settings = readConfig(process.env);
  if (!settings.ok) {
    for (const fault of settings.faults) console.error(fault);
    return exit.badSettings;
  }
  const opened = await openForOperator(settings.config, {
    clock: { now: () => new Date() },
    random: { bytes: (count) => randomBytes(count) },
  });
  try {
    const done = await runCommand(opened.parts, read.command);
    if (!done.ok) {
      console.error(done.sentence);
      return exit.failed;
    }
    console.log(read.json ? JSON.stringify(done.value, null, 2) : done.text);
    return done.faults ? exit.faults : exit.done;
  } finally {
    await opened.close();
  }
}

function sentenceFor(error: unknown): string {
  if (error instanceof NotOurDatabase || error instanceof EmbeddedPostgresFailed) return error.message;
  if (isDatabaseAway(error)) return 'DATABASE_URL: no PostgreSQL answers there';
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === '28P01' || code === '28000' || code === '3D000') return `DATABASE_URL: ${String(message)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(sentenceFor(error));
  process.exitCode = exit.failed;
}
