// The outbox's tables, step by step. Only ever added to: this file is carried over every update and never dropped.
import type { Migration } from '../disk/migrate.ts';

export const outboxMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'session, settings and purchases not yet settled',
    sql: `
      CREATE TABLE opening (times INTEGER NOT NULL) STRICT;
      INSERT INTO opening VALUES (0);
      CREATE TABLE session (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        org_id TEXT NOT NULL,
        org_name TEXT,
        branch_id TEXT NOT NULL,
        device_id TEXT NOT NULL,
        device_name TEXT NOT NULL,
        token BLOB NOT NULL,
        entitlement_keys TEXT NOT NULL,
        revoked_at TEXT
      ) STRICT;
      CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE item (
        id TEXT PRIMARY KEY,
        intent TEXT NOT NULL UNIQUE,
        idempotency_key TEXT NOT NULL UNIQUE,
        sku TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        amount_paise INTEGER NOT NULL CHECK (amount_paise > 0),
        credits INTEGER NOT NULL CHECK (credits >= 0),
        queued_at TEXT NOT NULL,
        sent_at TEXT,
        attempts INTEGER NOT NULL CHECK (attempts >= 0),
        next_attempt_at TEXT,
        cancel_wanted_at TEXT,
        state TEXT NOT NULL,
        detail TEXT NOT NULL
      ) STRICT;
      CREATE INDEX item_by_turn ON item (state, next_attempt_at, queued_at);`,
  },
  {
    number: 2,
    name: 'which year a renewal is for, and what the user was told',
    sql: `
      ALTER TABLE item ADD COLUMN renewal_due TEXT;
      CREATE TABLE told (key TEXT PRIMARY KEY, told_at TEXT NOT NULL) STRICT;`,
  },
  {
    number: 3,
    name: 'what the user was told, to be read again',
    sql: `
      CREATE TABLE notice (
        num INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        told_at TEXT NOT NULL,
        read_at TEXT
      ) STRICT;`,
  },
];
