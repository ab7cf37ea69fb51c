// Records the reminders whose day has come, once each, whoever else is doing it; the counters show them.
import type { Parts } from '../parts.ts';
import type { DueOrg } from '../store/grant-batch.ts';
import { listDueReminders, remindChunk } from '../store/reminders.ts';
import { workOff } from './chunks.ts';

/** 00:00 every day, in Asia/Kolkata. */
export const reminderSchedule = '0 0 * * *';

const chunkSize = 400;

/** Returns when nothing is due any more, or `goesOn` says that the program is to stop. */
export async function recordDueReminders(
  { clock, database, metrics, log }: Pick<Parts, 'clock' | 'database' | 'metrics' | 'log'>,
  goesOn: () => boolean,
): Promise<void> {
  await workOff({
    list: (after: DueOrg | null) => listDueReminders(database.readers, clock.now(), after, chunkSize),
    take: (due, held) =>
      remindChunk(
        database,
        due.map(({ orgId }) => orgId),
        clock.now(),
        held,
      ),
    onDone: (done) => {
      const kinds = done.flatMap(({ kind }) => (kind === null ? [] : [kind]));
      for (const kind of kinds) metrics.reminded(kind);
      log.info({ recorded: kinds.length, passed: done.length - kinds.length }, 'reminders: a chunk is done');
    },
    goesOn,
  });
}
