// The tables as drizzle knows them, for typed queries. The migrations make the tables; a test compares the two.
import {
  bigint,
  boolean,
  customType,
  date,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
export const instant = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' });
export const int8 = (name: string) => bigint(name, { mode: 'number' });

export const org = pgTable('org', {
  orgId: text('org_id').primaryKey(),
  legalName: text('legal_name').notNull(),
  address: text('address').notNull(),
  stateCode: text('state_code').notNull(),
  pin: text('pin').notNull(),
  gstin: text('gstin'),
  phone: text('phone'),
  email: text('email'),
  createdAt: instant('created_at').notNull(),
});

export const branch = pgTable(
  'branch',
  {
    orgId: text('org_id').notNull(),
    branchId: text('branch_id').notNull(),
    name: text('name').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.branchId] })],
);

export const device = pgTable(
  'device',
  {
    orgId: text('org_id').notNull(),
    deviceId: text('device_id').notNull(),
    branchId: text('branch_id').notNull(),
    name: text('name').notNull(),
    tokenHash: bytea('token_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    lastSeenAt: instant('last_seen_at'),
    revokedAt: instant('revoked_at'),
    activationDigest: bytea('activation_digest'),
    sealedToken: bytea('sealed_token'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.deviceId] })],
);

export const joinCode = pgTable(
  'join_code',
  {
    orgId: text('org_id').notNull(),
    codeHash: bytea('code_hash').notNull(),
    branchId: text('branch_id').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.codeHash] })],
);

export const subscription = pgTable('subscription', {
  orgId: text('org_id').primaryKey(),
  planType: text('plan_type', { enum: ['one_time', 'subscription'] }),
  oneTimePurchasedAt: instant('one_time_purchased_at'),
  oneTimeAmountPaise: int8('one_time_amount_paise'),
  serviceRenewalStatus: text('service_renewal_status', {
    enum: ['none', 'active', 'due_soon', 'past_due', 'lapsed'],
  }).notNull(),
  serviceRenewalNextDue: date('service_renewal_next_due', { mode: 'string' }),
  branchesIncluded: integer('branches_included').notNull(),
  prioritySupport: boolean('priority_support').notNull(),
  monthlyCreditGrant: int8('monthly_credit_grant').notNull(),
  renewalMode: text('renewal_mode', { enum: ['manual', 'autopay'] }),
  nextGrantAt: instant('next_grant_at'),
  nextReminderAt: instant('next_reminder_at'),
  updatedAt: instant('updated_at').notNull(),
});

export const creditsLedger = pgTable(
  'credits_ledger',
  {
    orgId: text('org_id').notNull(),
    seq: int8('seq').notNull(),
    delta: int8('delta').notNull(),
    balanceAfter: int8('balance_after').notNull(),
    kind: text('kind', { enum: ['monthly_grant', 'topup', 'spend', 'reversal', 'adjustment'] }).notNull(),
    reference: text('reference'),
    idempotencyKey: text('idempotency_key'),
    actor: text('actor'),
    feature: text('feature'),
    occurredAt: instant('occurred_at').notNull(),
    createdAt: instant('created_at').notNull(),
    hash: bytea('hash').notNull(),
    bodyHash: bytea('body_hash'),
    heldAfter: int8('held_after').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.seq] })],
);

export const creditBalanceCache = pgTable('credit_balance_cache', {
  orgId: text('org_id').primaryKey(),
  balance: int8('balance').notNull(),
  held: int8('held').notNull(),
  seq: int8('seq').notNull(),
  hash: bytea('hash').notNull(),
  keys: int8('keys').notNull().default(0),
  updatedAt: instant('updated_at').notNull(),
});

export const creditHold = pgTable(
  'credit_hold',
  {
    orgId: text('org_id').notNull(),
    holdId: text('hold_id').notNull(),
    amount: int8('amount').notNull(),
    feature: text('feature').notNull(),
    actor: text('actor').notNull(),
    state: text('state', { enum: ['open', 'captured', 'released', 'expired'] }).notNull(),
    capturedAmount: int8('captured_amount'),
    entrySeq: int8('entry_seq'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    closedAt: instant('closed_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.holdId] })],
);
export type HoldRow = typeof creditHold.$inferSelect;

export const purchase = pgTable(
  'purchase',
  {
    orgId: text('org_id').notNull(),
    purchaseId: text('purchase_id').notNull(),
    sku: text('sku', { enum: ['plan.pharmapulse-one', 'renewal.year', 'topup.50k'] }).notNull(),
    quantity: integer('quantity').notNull(),
    state: text('state', {
      enum: ['awaiting_payment', 'paid', 'under_review', 'cancelled', 'expired', 'refunded'],
    }).notNull(),
    catalogueVersion: text('catalogue_version').notNull(),
    listPricePaise: int8('list_price_paise').notNull(),
    pricesIncludeGst: boolean('prices_include_gst').notNull(),
    rateBp: integer('rate_bp').notNull(),
    sac: text('sac').notNull(),
    amountPaise: int8('amount_paise').notNull(),
    credits: int8('credits').notNull(),
    renewalMode: text('renewal_mode', { enum: ['manual', 'autopay'] }),
    renewalDue: date('renewal_due', { mode: 'string' }),
    provider: text('provider').notNull(),
    receipt: text('receipt').notNull(),
    orderAttempts: integer('order_attempts').notNull(),
    providerOrderId: text('provider_order_id'),
    payToken: text('pay_token').notNull(),
    deviceId: text('device_id').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    paidAt: instant('paid_at'),
    closedAt: instant('closed_at'),
    reviewReason: text('review_reason'),
    refundedPaise: int8('refunded_paise').notNull(),
    failureCode: text('failure_code'),
    failureDescription: text('failure_description'),
    failureAt: instant('failure_at'),
    nextLookAt: instant('next_look_at'),
    looks: integer('looks').notNull().default(0),
    settledBy: text('settled_by', { enum: ['webhook', 'look_up'] }),
    webhookSeen: boolean('webhook_seen'),
    linkAttempts: integer('link_attempts').notNull().default(0),
    paidByLink: boolean('paid_by_link').notNull().default(false),
    linkEndedAt: instant('link_ended_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.purchaseId] })],
);
export type PurchaseRow = typeof purchase.$inferSelect;

export const billingPayment = pgTable(
  'billing_payment',
  {
    orgId: text('org_id').notNull(),
    provider: text('provider').notNull(),
    paymentId: text('payment_id').notNull(),
    purchaseId: text('purchase_id').notNull(),
    providerOrderId: text('provider_order_id').notNull(),
    amountPaise: int8('amount_paise').notNull(),
    currency: text('currency').notNull(),
    method: text('method'),
    capturedAt: instant('captured_at').notNull(),
    effect: text('effect', { enum: ['settled', 'review', 'refund_due', 'refunded'] }).notNull(),
    reason: text('reason'),
    refundId: text('refund_id'),
    refundedPaise: int8('refunded_paise').notNull(),
    reportedRefundedPaise: int8('reported_refunded_paise').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.provider, table.paymentId] })],
);

export const invoiceCounter = pgTable(
  'invoice_counter',
  {
    series: text('series').notNull(),
    financialYear: text('financial_year').notNull(),
    lastSerial: int8('last_serial').notNull(),
  },
  (table) => [primaryKey({ columns: [table.series, table.financialYear] })],
);

export const billingInvoice = pgTable(
  'billing_invoice',
  {
    orgId: text('org_id').notNull(),
    invoiceId: text('invoice_id').notNull(),
    kind: text('kind', { enum: ['invoice', 'credit_note'] }).notNull(),
    series: text('series').notNull(),
    financialYear: text('financial_year').notNull(),
    serial: int8('serial').notNull(),
    number: text('number').notNull(),
    issuedOn: date('issued_on', { mode: 'string' }).notNull(),
    purchaseId: text('purchase_id').notNull(),
    originalId: text('original_id'),
    totalPaise: int8('total_paise').notNull(),
    document: jsonb('document').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.invoiceId] })],
);

export const billingAuditLog = pgTable(
  'billing_audit_log',
  {
    orgId: text('org_id').notNull(),
    auditId: int8('audit_id').generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject'),
    details: jsonb('details').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.auditId] })],
);

export const webhookInbox = pgTable('webhook_inbox', {
  inboxId: int8('inbox_id').primaryKey().generatedAlwaysAsIdentity(),
  provider: text('provider').notNull(),
  mode: text('mode', { enum: ['live', 'test'] }).notNull(),
  eventId: text('event_id').notNull(),
  event: text('event').notNull(),
  orderId: text('order_id'),
  paymentId: text('payment_id'),
  mandateId: text('mandate_id'),
  body: bytea('body').notNull(),
  receivedAt: instant('received_at').notNull(),
  state: text('state', { enum: ['pending', 'applied', 'ignored', 'parked'] }).notNull(),
  attempts: integer('attempts').notNull(),
  reason: text('reason'),
  nextAttemptAt: instant('next_attempt_at').notNull(),
  doneAt: instant('done_at'),
});

export const idempotencyKey = pgTable(
  'idempotency_key',
  {
    orgId: text('org_id').notNull(),
    key: text('key').notNull(),
    route: text('route').notNull(),
    bodyHash: bytea('body_hash').notNull(),
    subject: text('subject'),
    status: integer('status'),
    answer: jsonb('answer'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.key] })],
);

export const signingKey = pgTable('signing_key', {
  kid: text('kid').primaryKey(),
  privateJwk: jsonb('private_jwk'),
  publicJwk: jsonb('public_jwk').notNull(),
  createdAt: instant('created_at').notNull(),
  place: integer('place').notNull(),
  signsFrom: instant('signs_from').notNull(),
  statement: text('statement'),
});

export const testClock = pgTable('test_clock', {
  onlyOne: boolean('only_one').primaryKey(),
  offsetMs: int8('offset_ms').notNull(),
});
