// Owns what the clock does by itself: charges that fall due, links and checkouts that expire. Each kind of document says
// what is to be done; here is only when. It has no timer: the courier asks.

import type { Db } from './database.ts';
import { nextDueMs } from './documents.ts';

export interface Appointments {
  dueIds(nowMs: number): string[];
  /** Must move the document's time on or take it away, or the clock would never be done with it. */
  keep(id: string): void;
}

export type Agenda = ReturnType<typeof createAgenda>;

/** A clock that jumps over years brings many cycles at once; more than this many rounds means that one does not move on. */
const MOST_ROUNDS = 1000;

export function createAgenda(db: Db, all: readonly Appointments[]) {
  return {
    nextMs: (): number | null => nextDueMs(db),
    runDue(nowMs: number): void {
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const due = all.flatMap(({ dueIds, keep }) => dueIds(nowMs).map((id) => () => keep(id)));
        if (due.length === 0) return;
        for (const run of due) run();
      }
      throw new Error('something in the sandbox stays due for ever');
    },
  };
}
