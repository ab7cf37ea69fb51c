// The mirror's tables as the queries see them. A test compares them with what the migrations made.
import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const entryColumns = () => ({
  seq: integer('seq').primaryKey(),
  delta: integer('delta').notNull(),
  balanceAfter: integer('balance_after').notNull(),
  kind: text('kind').notNull(),
  reference: text('reference'),
  idempotencyKey: text('idempotency_key'),
  actor: text('actor'),
  feature: text('feature'),
  occurredAt: text('occurred_at').notNull(),
  createdAt: text('created_at').notNull(),
  hash: text('hash').notNull(),
  more: text('more'),
  seal: integer('seal').notNull(),
});

export const entry = sqliteTable('entry', entryColumns());
export const refill = sqliteTable('refill', entryColumns());

export const past = sqliteTable('past', {
  one: integer('one').primaryKey(),
  seq: integer('seq').notNull(),
  balance: integer('balance').notNull(),
  hash: text('hash').notNull(),
  seal: integer('seal').notNull(),
});

export const position = sqliteTable('position', {
  one: integer('one').primaryKey(),
  orgId: text('org_id').notNull(),
  seq: integer('seq').notNull(),
  balance: integer('balance').notNull(),
  hash: text('hash').notNull(),
  verifiedAt: text('verified_at'),
  status: text('status').notNull(),
  seal: integer('seal').notNull(),
});

export const purchase = sqliteTable('purchase', {
  id: text('id').primaryKey(),
  createdAt: text('created_at').notNull(),
  body: text('body').notNull(),
  seal: integer('seal').notNull(),
});

export const document = sqliteTable('document', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  financialYear: text('financial_year').notNull(),
  issuedOn: text('issued_on').notNull(),
  series: text('series').notNull(),
  serial: integer('serial').notNull(),
  originalId: text('original_id'),
  body: text('body').notNull(),
  seal: integer('seal').notNull(),
});

export const documentPdf = sqliteTable('document_pdf', {
  id: text('id').primaryKey(),
  hash: text('hash').notNull(),
  bytes: blob('bytes', { mode: 'buffer' }).notNull(),
});

export const documentList = sqliteTable('document_list', {
  one: integer('one').primaryKey(),
  listedAt: text('listed_at').notNull(),
  seal: integer('seal').notNull(),
});
