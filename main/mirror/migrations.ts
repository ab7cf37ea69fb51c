// The mirror's tables, step by step. Numbered and named; never edited after release.
import type { Migration } from '../disk/migrate.ts';

const entryColumns = `
  seq INTEGER PRIMARY KEY,
  delta INTEGER NOT NULL,
  balance_after INTEGER NOT NULL,
  kind TEXT NOT NULL,
  reference TEXT,
  idempotency_key TEXT,
  actor TEXT,
  feature TEXT,
  occurred_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  hash TEXT NOT NULL`;

export const mirrorMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'ledger, position and purchases as last seen',
    sql: `
      CREATE TABLE opening (times INTEGER NOT NULL) STRICT;
      INSERT INTO opening VALUES (0);
      CREATE TABLE entry (${entryColumns}) STRICT;
      -- Where a whole new copy of the ledger grows while the old one stays readable.
      CREATE TABLE refill (${entryColumns}) STRICT;
      CREATE TABLE position (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        org_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        balance INTEGER NOT NULL,
        hash TEXT NOT NULL,
        verified_at TEXT,
        status TEXT NOT NULL
      ) STRICT;
      CREATE TABLE purchase (
        id TEXT PRIMARY KEY,
        created_at TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX purchase_by_age ON purchase (created_at DESC, id);`,
  },
  {
    number: 2,
    name: 'tax documents and their PDFs',
    sql: `
      CREATE TABLE document (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        financial_year TEXT NOT NULL,
        issued_on TEXT NOT NULL,
        series TEXT NOT NULL,
        serial INTEGER NOT NULL,
        original_id TEXT,
        body TEXT NOT NULL
      ) STRICT;
      CREATE INDEX document_by_age ON document (issued_on DESC, series, serial DESC);
      CREATE INDEX document_by_original ON document (original_id);
      -- Beside the documents and not in them, so that a list reads no PDF.
      CREATE TABLE document_pdf (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        bytes BLOB NOT NULL
      ) STRICT;
      -- Since when the documents are known to be all of them.
      CREATE TABLE document_list (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        listed_at TEXT NOT NULL
      ) STRICT;`,
  },
  {
    number: 3,
    name: 'a seal on every row, so that one that was altered on this PC shows',
    // Rows of before have no seal and are taken as they are: without a network they must stay readable.
    sql: `
      -- Fields of a newer server, as JSON.
      ALTER TABLE entry ADD COLUMN more TEXT;
      ALTER TABLE refill ADD COLUMN more TEXT;
      ALTER TABLE entry ADD COLUMN seal INTEGER NOT NULL DEFAULT -1;
      ALTER TABLE refill ADD COLUMN seal INTEGER NOT NULL DEFAULT -1;
      ALTER TABLE position ADD COLUMN seal INTEGER NOT NULL DEFAULT -1;
      ALTER TABLE purchase ADD COLUMN seal INTEGER NOT NULL DEFAULT -1;
      ALTER TABLE document ADD COLUMN seal INTEGER NOT NULL DEFAULT -1;
      ALTER TABLE document_list ADD COLUMN seal INTEGER NOT NULL DEFAULT -1;
      -- Where the chain stood behind which the newest entries were taken, while those before are still being fetched.
      CREATE TABLE past (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL,
        balance INTEGER NOT NULL,
        hash TEXT NOT NULL,
        seal INTEGER NOT NULL
      ) STRICT;`,
  },
];
