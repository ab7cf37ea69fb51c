// Gives every org the grants of the months that have begun, whoever else is doing it, and however many months were missed:
// each pass decides the next month of each org, so that the months come in order.
import type { Parts } from '../parts.ts';
import { type DueOrg, grantChunk, listDueGrants } from '../store/grant-batch.ts';
import { countLeft, finishRuns } from '../store/grant-runs.ts';
import { workOff } from './chunks.ts';

/** 00:00 on the 1st, in Asia/Kolkata. */
export const grantSchedule = '0 0 1 * *';

/**
 * Orgs in one transaction. Their ledgers cannot be spent from while it runs; and the database looks for each row's org in the
 * list of those that the transaction has named, so that a longer list costs more than fewer commits save.
 */
export const grantChunkSize = 200;

export type GrantParts = Pick<Parts, 'clock' | 'database' | 'metrics' | 'log'>;

/** Returns when nothing is due any more, or `goesOn` says that the program is to stop. */
export async function grantDueMonths(
  parts: GrantParts,
  goesOn: () => boolean,
  chunk: number = grantChunkSize,
): Promise<void> {
  const { clock, database, metrics, log } = parts;
  const total = { granted: 0, passed: 0 };
  const began = clock.now();
  const all = await workOff({
    list: (after: DueOrg | null) => listDueGrants(database.readers, clock.now(), after, chunk),
    take: (due, held) =>
      grantChunk(
        database,
        due.map(({ orgId }) => orgId),
        clock.now(),
        held,
      ),
    onDone: (done) => {
      for (const { month, granted, passed } of done) {
        total.granted += granted;
        total.passed += passed;
        metrics.granted(granted);
        log.info({ month, granted, passed, sum: total }, 'monthly grants: a chunk is done');
      }
    },
    goesOn,
  });
  const now = clock.now();
  if (all) await finishRuns(database, now);
  if (total.granted + total.passed > 0) {
    const left = all ? 0 : await countLeft(database.acrossOrgs, now);
    log.info({ ...total, left, ms: now.getTime() - began.getTime() }, 'monthly grants: this run has ended');
  }
  metrics.grantsRan(all ? 0 : await countLeft(database.acrossOrgs, now), now);
}
