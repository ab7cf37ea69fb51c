// The outbox's tables as the queries see them. A test compares them with what the migrations made.
import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const session = sqliteTable('session', {
  one: integer('one').primaryKey(),
  orgId: text('org_id').notNull(),
  orgName: text('org_name'),
  branchId: text('branch_id').notNull(),
  deviceId: text('device_id').notNull(),
  deviceName: text('device_name').notNull(),
  token: blob('token', { mode: 'buffer' }).notNull(),
  entitlementKeys: text('entitlement_keys').notNull(),
  revokedAt: text('revoked_at'),
});

export const setting = sqliteTable('setting', { name: text('name').primaryKey(), value: text('value').notNull() });

export const item = sqliteTable('item', {
  id: text('id').primaryKey(),
  intent: text('intent').notNull().unique(),
  idempotencyKey: text('idempotency_key').notNull().unique(),
  sku: text('sku').notNull(),
  quantity: integer('quantity').notNull(),
  amountPaise: integer('amount_paise').notNull(),
  credits: integer('credits').notNull(),
  queuedAt: text('queued_at').notNull(),
  sentAt: text('sent_at'),
  attempts: integer('attempts').notNull(),
  nextAttemptAt: text('next_attempt_at'),
  cancelWantedAt: text('cancel_wanted_at'),
  state: text('state').notNull(),
  detail: text('detail').notNull(),
  renewalDue: text('renewal_due'),
});

/** What the user was told, once for ever. */
export const told = sqliteTable('told', { key: text('key').primaryKey(), toldAt: text('told_at').notNull() });

/** The same, to be read again: in the order in which it was told. body: a NoticeView as JSON. */
export const notice = sqliteTable('notice', {
  num: integer('num').primaryKey(),
  key: text('key').notNull(),
  body: text('body').notNull(),
  toldAt: text('told_at').notNull(),
  readAt: text('read_at'),
});
