// Reminders in PostgreSQL: recorded once each for a next due date, by the hundred; read back for the status.
//
// Of several that came due while no server ran, the newest alone is recorded: it says all that the others would have said,
// and a reminder of 30 days that comes 3 days before next due would only be wrong.
import { and, desc, eq } from 'drizzle-orm';
import type { Pool, PoolClient } from 'pg';
import type { Reminder } from '../../shared/contract/billing.ts';
import { nextReminderAt, type ReminderKind, reminderKind, remindersAt } from '../../shared/plan/reminders.ts';
import { announceMany } from './changes.ts';
import type { Database } from './database.ts';
import type { DueOrg } from './grant-batch.ts';
import { planReminder } from './schema-plan.ts';
import type { Tx } from './tx.ts';

/** The reminders that were given of one next due date, newest first. */
export async function readReminders(tx: Tx, orgId: string, due: string | null): Promise<Reminder[]> {
  if (due === null) return [];
  const rows = await tx
    .select()
    .from(planReminder)
    .where(and(eq(planReminder.orgId, orgId), eq(planReminder.due, due)))
    .orderBy(desc(planReminder.recordedAt));
  const place = (kind: ReminderKind) => reminderKind.options.indexOf(kind);
  return rows
    .toSorted((a, b) => place(b.kind) - place(a.kind))
    .map(({ kind, recordedAt }) => ({ kind, due, at: recordedAt.toISOString() }));
}

/** The next orgs of which a reminder has come due, after one of them. */
export async function listDueReminders(
  readers: Pool,
  now: Date,
  after: DueOrg | null,
  most: number,
): Promise<readonly DueOrg[]> {
  const { rows } = await readers.query<{ org_id: string; next_reminder_at: Date }>({
    name: 'reminders-due',
    text: `select org_id, next_reminder_at from subscription
      where next_reminder_at <= $1 and (next_reminder_at, org_id) > ($2, $3) order by next_reminder_at, org_id limit $4`,
    values: [now, after?.at ?? '-infinity', after?.orgId ?? '', most],
  });
  return rows.map((row) => ({ orgId: row.org_id, at: row.next_reminder_at }));
}

export interface RecordedReminder {
  readonly orgId: string;
  /** null: it was recorded before, or there is nothing to remind of any more. */
  readonly kind: ReminderKind | null;
}

/** Records what is due of these orgs, tells their counters, and marks when the next one comes. */
export function remindChunk(
  { inOrgs }: Pick<Database, 'inOrgs'>,
  orgIds: readonly string[],
  now: Date,
  held: 'leave' | 'wait',
): Promise<readonly RecordedReminder[]> {
  return inOrgs(orgIds, async (client) => {
    const { rows } = await client.query<{ org_id: string; due: string | null }>({
      name: `reminders-lock-${held}`,
      text: `select org_id, service_renewal_next_due::text as due from subscription
        where org_id = any($1) and next_reminder_at <= $2 order by org_id for update ${held === 'leave' ? 'skip locked' : ''}`,
      values: [orgIds, now],
    });
    if (rows.length === 0) return [];
    const plans = rows.map(({ org_id: orgId, due }) => {
      const facts = { serviceRenewalNextDue: due };
      return { orgId, due, kind: remindersAt(facts, now).at(-1)?.kind ?? null, next: nextReminderAt(facts, now) };
    });
    const recorded = await record(client, plans, now);
    if (recorded.size > 0) await announceMany(client, [...recorded], 'facts');
    return plans.map(({ orgId, kind }) => ({ orgId, kind: recorded.has(orgId) ? kind : null }));
  });
}

interface Plan {
  readonly orgId: string;
  readonly due: string | null;
  readonly kind: ReminderKind | null;
  readonly next: Date | null;
}

/** The orgs whose reminder was not recorded before. */
async function record(client: PoolClient, plans: readonly Plan[], now: Date): Promise<Set<string>> {
  const { rows } = await client.query<{ org_id: string }>({
    name: 'reminders-record',
    text: `with marked as (
        update subscription s set next_reminder_at = p.next
        from unnest($1::text[], $4::timestamptz[]) p(org, next) where s.org_id = p.org and s.org_id = any($1)
      )
      insert into plan_reminder (org_id, due, kind, recorded_at)
      select org, due, kind, $5 from unnest($1::text[], $2::date[], $3::text[]) p(org, due, kind)
      where due is not null and kind is not null
      on conflict do nothing returning org_id`,
    values: [
      plans.map(({ orgId }) => orgId),
      plans.map(({ due }) => due),
      plans.map(({ kind }) => kind),
      plans.map(({ next }) => next),
      now,
    ],
  });
  return new Set(rows.map((row) => row.org_id));
}
