// A clock that a test can set forward: ticks on from what was set, kept over a restart, never backwards.
import type { Clock } from './clock.ts';
import { testClock } from './store/schema.ts';
import type { Db } from './store/tx.ts';

export interface TestClock extends Clock {
  /** Sets the time; false, and nothing changed, if it lies before now. */
  set(to: Date): Promise<boolean>;
}

export async function openTestClock(db: Db, machine: Clock): Promise<TestClock> {
  const [kept] = await db.select().from(testClock);
  let offsetMs = kept?.offsetMs ?? 0;
  const now = () => new Date(machine.now().getTime() + offsetMs);
  return {
    now,
    set: async (to) => {
      if (to < now()) return false;
      offsetMs = to.getTime() - machine.now().getTime();
      await db
        .insert(testClock)
        .values({ onlyOne: true, offsetMs })
        .onConflictDoUpdate({ target: testClock.onlyOne, set: { offsetMs } });
      return true;
    },
  };
}
