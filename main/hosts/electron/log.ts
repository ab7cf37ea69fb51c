// One JSON line per event, for whoever supports the counter. Two files at most: the one being written and the one before.
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock, Log } from '../../ports.ts';

const largestFile = 1_000_000;

/** A log that cannot be written is told to standard error: a full disk must not stop the counter for its log's sake. */
export function fileLog(file: string, clock: Clock): Log {
  return (level, message, details) => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      if (existsSync(file) && statSync(file).size > largestFile) renameSync(file, `${file}.before`);
      appendFileSync(file, `${JSON.stringify({ at: clock.now().toISOString(), level, message, ...details })}\n`);
    } catch (error) {
      console.error(level, message, String(error));
    }
  };
}
