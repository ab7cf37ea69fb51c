// The tables of what comes after a payment, as drizzle knows them: refunds, disputes, mandates, alarms.
import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, int8 } from './schema.ts';

export const billingRefund = pgTable(
  'billing_refund',
  {
    orgId: text('org_id').notNull(),
    refundKey: text('refund_key').notNull(),
    provider: text('provider').notNull(),
    paymentId: text('payment_id').notNull(),
    purchaseId: text('purchase_id').notNull(),
    amountPaise: int8('amount_paise').notNull(),
    status: text('status', { enum: ['requested', 'pending', 'processed', 'failed', 'restored'] }).notNull(),
    refundId: text('refund_id'),
    actor: text('actor').notNull(),
    reason: text('reason').notNull(),
    reversed: int8('reversed').notNull().default(0),
    shortfall: int8('shortfall').notNull().default(0),
    noteId: text('note_id'),
    attempts: integer('attempts').notNull().default(0),
    nextAskAt: instant('next_ask_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.refundKey] })],
);
export type RefundRow = typeof billingRefund.$inferSelect;

export const billingDispute = pgTable(
  'billing_dispute',
  {
    orgId: text('org_id').notNull(),
    provider: text('provider').notNull(),
    disputeId: text('dispute_id').notNull(),
    paymentId: text('payment_id').notNull(),
    purchaseId: text('purchase_id').notNull(),
    amountPaise: int8('amount_paise').notNull(),
    currency: text('currency').notNull(),
    status: text('status', { enum: ['open', 'won', 'lost', 'closed'] }).notNull(),
    reason: text('reason'),
    toldAt: instant('told_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.provider, table.disputeId] })],
);

export const billingAlarm = pgTable('billing_alarm', {
  alarmId: int8('alarm_id').primaryKey().generatedAlwaysAsIdentity(),
  kind: text('kind').notNull(),
  subject: text('subject').notNull(),
  orgId: text('org_id'),
  details: jsonb('details').notNull().default({}),
  times: integer('times').notNull().default(1),
  firstAt: instant('first_at').notNull(),
  lastAt: instant('last_at').notNull(),
  closedAt: instant('closed_at'),
  closedBy: text('closed_by'),
});

export const mandate = pgTable(
  'mandate',
  {
    orgId: text('org_id').notNull(),
    receipt: text('receipt').notNull(),
    provider: text('provider').notNull(),
    mandateId: text('mandate_id'),
    purchaseId: text('purchase_id').notNull(),
    amountPaise: int8('amount_paise').notNull(),
    status: text('status', {
      enum: [
        'requested',
        'created',
        'authenticated',
        'active',
        'pending',
        'halted',
        'paused',
        'cancelled',
        'completed',
        'expired',
      ],
    }).notNull(),
    authorisationUrl: text('authorisation_url'),
    firstChargeAt: instant('first_charge_at'),
    attempts: integer('attempts').notNull().default(0),
    nextLookAt: instant('next_look_at'),
    looks: integer('looks').notNull().default(0),
    secondIds: jsonb('second_ids').$type<readonly string[]>().notNull().default([]),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.receipt] })],
);
export type MandateRow = typeof mandate.$inferSelect;
