// The tables of what the calendar brings to a plan, as drizzle knows them: runs of the monthly grant, and reminders.
import { date, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, int8 } from './schema.ts';

export const grantRun = pgTable('grant_run', {
  month: text('month').primaryKey(),
  granted: int8('granted').notNull().default(0),
  passed: int8('passed').notNull().default(0),
  startedAt: instant('started_at').notNull(),
  lastAt: instant('last_at').notNull(),
  finishedAt: instant('finished_at'),
});
export type GrantRunRow = typeof grantRun.$inferSelect;

export const planReminder = pgTable(
  'plan_reminder',
  {
    orgId: text('org_id').notNull(),
    due: date('due', { mode: 'string' }).notNull(),
    kind: text('kind', { enum: ['days_30', 'days_15', 'days_7', 'days_1', 'due', 'lapsed'] }).notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.due, table.kind] })],
);
