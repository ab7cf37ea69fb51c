// How far the monthly grants have come, as the operator sees it: a row for each month that a run has worked on, and what is
// left, counted.
import { and, count, desc, isNull, lte } from 'drizzle-orm';
import { startOfMonth } from '../../shared/plan/grant-months.ts';
import { businessMonth } from '../../shared/plan/service-year.ts';
import type { Database } from './database.ts';
import { subscription } from './schema.ts';
import { type GrantRunRow, grantRun } from './schema-plan.ts';
import type { Tx } from './tx.ts';

/** How many orgs have a month behind them whose grant is not decided. `acrossOrgs`: sees every org. */
export async function countLeft(acrossOrgs: Tx, now: Date): Promise<number> {
  const [row] = await acrossOrgs.select({ left: count() }).from(subscription).where(lte(subscription.nextGrantAt, now));
  return row?.left ?? 0;
}

/** Notes that nothing is left of the months until now; writes only when there is something to note. */
export async function finishRuns({ acrossOrgs, unscoped }: Database, now: Date): Promise<void> {
  const month = businessMonth(now);
  const [newest] = await acrossOrgs.select().from(grantRun).orderBy(desc(grantRun.month)).limit(1);
  const open = await acrossOrgs
    .select({ month: grantRun.month })
    .from(grantRun)
    .where(and(isNull(grantRun.finishedAt), lte(grantRun.month, month)));
  if (open.length === 0 && newest !== undefined && newest.month >= month) return;
  await unscoped.insert(grantRun).values({ month, startedAt: now, lastAt: now }).onConflictDoNothing();
  await unscoped
    .update(grantRun)
    .set({ finishedAt: now })
    .where(and(isNull(grantRun.finishedAt), lte(grantRun.month, month)));
}

export type GrantProgress = GrantRunRow & {
  /** Orgs for which this month, or one before it, is not decided yet. */
  readonly left: number;
};

/** The newest runs first. */
export async function listRuns(acrossOrgs: Tx, most: number): Promise<GrantProgress[]> {
  const runs = await acrossOrgs.select().from(grantRun).orderBy(desc(grantRun.month)).limit(most);
  const progress: GrantProgress[] = [];
  for (const run of runs) progress.push({ ...run, left: await countLeft(acrossOrgs, startOfMonth(run.month)) });
  return progress;
}
