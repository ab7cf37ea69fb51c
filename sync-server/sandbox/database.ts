// Owns the sandbox's file: its tables, how it is opened, and the shapes of its rows. One SQLite file holds orders,
// payments, refunds, documents (disputes and the like), events, deliveries and switches, so that a kill -9 loses neither an
// order nor a webhook that is still to be delivered. `events.body` holds the exact bytes that were signed.

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
  /** Of a charge of a mandate; null otherwise. */
  invoice_id: string | null;
  /** 1: a part of its order, which is not paid by it alone. */
  partial: number;
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
  status: 'pending' | 'processed' | 'failed';
  created_at: number;
}

/** Whatever is kept whole, as JSON: see documents.ts. */
export interface DocumentRow {
  id: string;
  kind: string;
  /** The id of what it belongs to. */
  owner: string | null;
  /** The caller's own name for it. */
  reference: string | null;
  /** When the clock does something to it; null: never. */
  due_ms: number | null;
  body: string;
  created_at: number;
}

const FIRST = `
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

const SECOND = `
  CREATE TABLE documents (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, owner TEXT, reference TEXT, due_ms INTEGER, body TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX documents_by_kind ON documents (kind, id);
  CREATE INDEX documents_by_owner ON documents (owner) WHERE owner IS NOT NULL;
  CREATE INDEX documents_by_reference ON documents (reference) WHERE reference IS NOT NULL;
  CREATE INDEX documents_by_due ON documents (due_ms) WHERE due_ms IS NOT NULL;
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  ALTER TABLE refunds ADD COLUMN status TEXT NOT NULL DEFAULT 'processed';
  ALTER TABLE payments ADD COLUMN invoice_id TEXT;
  ALTER TABLE payments ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE events ADD COLUMN provider TEXT NOT NULL DEFAULT 'razorpay';
  ALTER TABLE deliveries ADD COLUMN unheard INTEGER NOT NULL DEFAULT 0;
`;

/** Each brings the file one version on. Never changed once written: a file of an earlier day has them already. */
const STEPS = [FIRST, SECOND];

export function openDatabase(path: string): Db {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  // FULL: what was answered is on the disk, also when the machine loses power just after.
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 2000');
  const found = Number(db.pragma('user_version', { simple: true }));
  if (found > STEPS.length) {
    db.close();
    throw new Error(
      `the sandbox file ${path} was written by a newer version (${found}; this one knows ${STEPS.length})`,
    );
  }
  db.transaction(() => {
    for (const step of STEPS.slice(found)) db.exec(step);
    db.pragma(`user_version = ${STEPS.length}`);
  })();
  return db;
}
