// Owns the sandbox's file: its tables, how it is opened, and the shapes of its rows. One SQLite file holds orders,
// payments, refunds, events, deliveries and switches, so that a kill -9 loses neither an order nor a webhook that is
// still to be delivered. `events.body` holds the exact bytes that were signed.

import Database from 'better-sqlite3';

export type Db = Database.Database;

export interface OrderRow {
  id: string;
  amount: number;
  amount_paid: number;
  currency: string;
  receipt: string | null;
  status: 'created' | 'attempted' | 'paid';
  attempts: number;
  /** JSON text, as the entity shows it: `[]` when there are none. */
  notes: string;
  created_at: number;
}

export interface PaymentRow {
  id: string;
  order_id: string;
  amount: number;
  amount_refunded: number;
  currency: string;
  status: 'authorized' | 'captured' | 'refunded' | 'failed';
  method: 'card' | 'upi' | 'netbanking';
  instrument: string;
  notes: string;
  /** 1: `captured` is shown as the text "1", as some of Razorpay's own events do. */
  captured_text: number;
  /** JSON text of the bank's reason, or null. */
  error: string | null;
  created_at: number;
}

export interface RefundRow {
  id: string;
  payment_id: string;
  amount: number;
  currency: string;
  receipt: string | null;
  notes: string;
  idempotency_key: string | null;
  /** The body that came with the key: another body under the same key is refused. */
  request: string;
  created_at: number;
}

const VERSION = 1;

const SCHEMA = `
  CREATE TABLE orders (
    id TEXT PRIMARY KEY, amount INTEGER NOT NULL, amount_paid INTEGER NOT NULL DEFAULT 0, currency TEXT NOT NULL,
    receipt TEXT, status TEXT NOT NULL DEFAULT 'created', attempts INTEGER NOT NULL DEFAULT 0, notes TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX orders_by_receipt ON orders (receipt);
  CREATE TABLE payments (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id), amount INTEGER NOT NULL,
    amount_refunded INTEGER NOT NULL DEFAULT 0, currency TEXT NOT NULL, status TEXT NOT NULL, method TEXT NOT NULL,
    instrument TEXT NOT NULL, notes TEXT NOT NULL, captured_text INTEGER NOT NULL DEFAULT 0, error TEXT,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX payments_by_order ON payments (order_id);
  CREATE TABLE refunds (
    id TEXT PRIMARY KEY, payment_id TEXT NOT NULL REFERENCES payments (id), amount INTEGER NOT NULL,
    currency TEXT NOT NULL, receipt TEXT, notes TEXT NOT NULL, idempotency_key TEXT UNIQUE, request TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX refunds_by_payment ON refunds (payment_id);
  CREATE TABLE events (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, order_id TEXT NOT NULL, payment_id TEXT NOT NULL, body BLOB NOT NULL,
    signature TEXT NOT NULL, created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL REFERENCES events (id), state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, place INTEGER NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, volley INTEGER NOT NULL DEFAULT 0,
    tampered INTEGER NOT NULL DEFAULT 0, unsigned INTEGER NOT NULL DEFAULT 0, unnamed INTEGER NOT NULL DEFAULT 0,
    last_answer TEXT
  ) STRICT;
  CREATE INDEX deliveries_by_state ON deliveries (state, next_ms);
  CREATE TABLE faults (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
`;

export function openDatabase(path: string): Db {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  // FULL: what was answered is on the disk, also when the machine loses power just after.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 2000');
  const found = Number(db.pragma('user_version', { simple: true }));
  if (found > VERSION) {
    db.close();
    throw new Error(`the sandbox file ${path} was written by a newer version (${found}; this one knows ${VERSION})`);
  }
  if (found === 0) {
    db.transaction(() => {
      db.exec(SCHEMA);
      db.pragma(`user_version = ${VERSION}`);
    })();
  }
  return db;
}
