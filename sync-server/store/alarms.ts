// Alarms in PostgreSQL: what a person must look at, until one says that it is done. What happens again while it is open
// counts up the same row, so that nothing that repeats itself fills the table.
import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { type AlarmItem, type AlarmKind, type AlarmState, alarmCatalogue } from '../../shared/contract/alarms.ts';
import { writeAudit } from './audit.ts';
import { type Page, pageOf, readNumber } from './pages.ts';
import { billingAlarm } from './schema-payments.ts';
import type { Tx } from './tx.ts';

export interface NewAlarm {
  readonly kind: AlarmKind;
  /** What it is about: the id of a purchase, `payment pay_…`, `webhook 12`, the name of a provider. */
  readonly subject: string;
  /** null: no org's. */
  readonly orgId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Raises an alarm, or counts up the one that is open. `tx` works for the alarm's org, where it has one. In the audit log of
 * the org it stands once, when it is raised. Metrics follow by themselves, from the table.
 */
export async function raiseAlarm(tx: Tx, alarm: NewAlarm, now: Date): Promise<{ alarmId: number; times: number }> {
  const { kind, subject, orgId, details } = alarm;
  const [row] = await tx
    .insert(billingAlarm)
    .values({ kind, subject, orgId, details, firstAt: now, lastAt: now })
    .onConflictDoUpdate({
      target: [billingAlarm.kind, billingAlarm.subject, billingAlarm.orgId],
      targetWhere: isNull(billingAlarm.closedAt),
      set: { times: sql`${billingAlarm.times} + 1`, lastAt: now, details },
    })
    .returning({ alarmId: billingAlarm.alarmId, times: billingAlarm.times });
  if (row === undefined) throw new Error('an alarm was not kept');
  if (orgId !== null && row.times === 1) {
    await writeAudit(tx, { orgId, actor: 'system', action: `alarm.${kind}`, subject, details }, now);
  }
  return row;
}

/** Whether an alarm was ever raised, also one that is closed: for what is told once. */
export async function wasEverRaised(tx: Tx, kind: AlarmKind, subject: string): Promise<boolean> {
  const rows = await tx
    .select({ alarmId: billingAlarm.alarmId })
    .from(billingAlarm)
    .where(and(eq(billingAlarm.kind, kind), eq(billingAlarm.subject, subject)))
    .limit(1);
  return rows.length > 0;
}

/** Newest first, by when each was raised. Throws RangeError on a cursor that no answer gave. */
export async function listAlarms(
  tx: Tx,
  state: AlarmState,
  cursor: string | null,
  limit: number,
): Promise<Page<AlarmItem>> {
  const { closedAt, alarmId } = billingAlarm;
  const rows = await tx
    .select()
    .from(billingAlarm)
    .where(
      and(
        state === 'all' ? undefined : state === 'open' ? isNull(closedAt) : isNotNull(closedAt),
        cursor === null ? undefined : lt(alarmId, readNumber(cursor)),
      ),
    )
    .orderBy(desc(alarmId))
    .limit(limit + 1);
  return pageOf(rows.map(alarmOf), limit, ({ id }) => id);
}

export async function findAlarm(tx: Tx, alarmId: number): Promise<AlarmItem | null> {
  const [row] = await tx.select().from(billingAlarm).where(eq(billingAlarm.alarmId, alarmId));
  return row === undefined ? null : alarmOf(row);
}

/** Closes an alarm; false if it is closed already. What it was about may raise another one. */
export async function closeAlarm(tx: Tx, alarmId: number, closedBy: string, now: Date): Promise<boolean> {
  const [row] = await tx
    .update(billingAlarm)
    .set({ closedAt: now, closedBy })
    .where(and(eq(billingAlarm.alarmId, alarmId), isNull(billingAlarm.closedAt)))
    .returning();
  if (row === undefined) return false;
  const { orgId, kind, subject, times } = row;
  if (orgId !== null) {
    await writeAudit(tx, { orgId, actor: closedBy, action: 'alarm.closed', subject, details: { kind, times } }, now);
  }
  return true;
}

export interface AlarmCount {
  readonly kind: string;
  readonly open: number;
  /** How often it was raised in all, closed ones too. */
  readonly raised: number;
}

export async function countAlarms(tx: Tx): Promise<AlarmCount[]> {
  return tx
    .select({
      kind: billingAlarm.kind,
      open: sql<number>`(count(*) filter (where ${billingAlarm.closedAt} is null))::int`,
      raised: sql<number>`sum(${billingAlarm.times})::int`,
    })
    .from(billingAlarm)
    .groupBy(billingAlarm.kind);
}

function alarmOf({ alarmId, ...row }: typeof billingAlarm.$inferSelect): AlarmItem {
  // A kind that a newer program raised is shown by a rolled back one as it is.
  const kind = row.kind as AlarmKind;
  const known = kind in alarmCatalogue ? alarmCatalogue[kind] : { meaning: row.kind, advice: '' };
  return {
    id: String(alarmId),
    kind,
    ...{ meaning: known.meaning, advice: known.advice, subject: row.subject, orgId: row.orgId, times: row.times },
    details: row.details as Record<string, unknown>,
    firstAt: row.firstAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    closedBy: row.closedBy,
  };
}
