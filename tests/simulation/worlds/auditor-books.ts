// What the auditor reads: the server's rows by SQL of its own, and each counter's two files by plain SQLite. Imports nothing of the
// programs that it audits.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Client } from 'pg';

export interface EntryRow {
  readonly seq: number;
  readonly delta: number;
  readonly balance: number;
  readonly kind: string;
  readonly reference: string | null;
  readonly key: string | null;
  readonly actor: string | null;
  readonly feature: string | null;
  readonly occurred: string;
  readonly created: string;
  readonly hash: string;
}

export interface PurchaseRow {
  readonly org: string;
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly state: string;
  readonly amount: number;
  readonly device: string;
  readonly deviceName: string;
  readonly renewalDue: string | null;
  readonly refunded: number;
}

export interface PaymentRow {
  readonly org: string;
  readonly id: string;
  readonly purchase: string;
  readonly amount: number;
  readonly effect: string;
  readonly refunded: number;
}

export interface OrgBooks {
  readonly entries: readonly EntryRow[];
  readonly purchases: ReadonlyMap<string, PurchaseRow>;
  readonly payments: readonly PaymentRow[];
  readonly invoices: readonly {
    readonly org: string;
    readonly purchase: string;
    readonly kind: string;
    readonly id: string;
  }[];
  readonly cache: { readonly balance: number; readonly seq: number; readonly held: number } | undefined;
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The books of every org, by org. */
export async function readServer(client: Client): Promise<(orgId: string) => OrgBooks> {
  const read = async <T extends { org: string }>(text: string): Promise<Map<string, T[]>> =>
    Map.groupBy((await client.query<T>(text)).rows, ({ org }) => org);
  const entries = await read<EntryRow & { org: string }>(
    `select org_id org, seq::float8 seq, delta::float8 delta, balance_after::float8 balance, kind, reference,
            idempotency_key "key", actor, feature, ${iso('occurred_at')} occurred, ${iso('created_at')} created,
            encode(hash, 'hex') hash
       from credits_ledger order by org_id, seq`,
  );
  const purchases = await read<PurchaseRow>(
    `select p.org_id org, purchase_id id, sku, quantity, state, amount_paise::float8 amount, p.device_id device,
            d.name "deviceName", renewal_due::text "renewalDue", refunded_paise::float8 refunded
       from purchase p join device d on d.org_id = p.org_id and d.device_id = p.device_id`,
  );
  const payments = await read<PaymentRow>(
    `select org_id org, payment_id id, purchase_id purchase, amount_paise::float8 amount, effect,
            refunded_paise::float8 refunded from billing_payment`,
  );
  const invoices = await read<OrgBooks['invoices'][number]>(
    'select org_id org, purchase_id purchase, kind, invoice_id id from billing_invoice',
  );
  const caches = await read<{ org: string; balance: number; seq: number; held: number }>(
    'select org_id org, balance::float8 balance, seq::float8 seq, held::float8 held from credit_balance_cache',
  );
  return (orgId) => ({
    entries: entries.get(orgId) ?? [],
    purchases: new Map((purchases.get(orgId) ?? []).map((row) => [row.id, row])),
    payments: payments.get(orgId) ?? [],
    invoices: invoices.get(orgId) ?? [],
    cache: caches.get(orgId)?.[0],
  });
}

export interface ItemRow {
  readonly id: string;
  readonly intent: string;
  readonly key: string;
  readonly state: string;
  readonly sku: string;
  readonly quantity: number;
  readonly sentAt: string | null;
  readonly detail: string;
}

export interface CounterFiles {
  readonly items: readonly ItemRow[];
  readonly entries: readonly EntryRow[];
  readonly purchases: readonly { readonly id: string; readonly body: string }[];
  readonly documents: readonly string[];
  readonly position:
    | { readonly seq: number; readonly balance: number; readonly hash: string; readonly verifiedAt: string | null }
    | undefined;
  /** Where the newest entries begin, while those before them are still to come. */
  readonly past: { readonly seq: number; readonly balance: number; readonly hash: string } | undefined;
  readonly sound: readonly string[];
}

/** What stands in a counter's folder. */
export function readCounter(folder: string): CounterFiles {
  const sound: string[] = [];
  const from = <T>(file: string, read: (database: Database.Database) => T, without: T): T => {
    const path = join(folder, file);
    if (!existsSync(path)) return without;
    const database = new Database(path, { readonly: true });
    try {
      sound.push(String(database.pragma('integrity_check', { simple: true })));
      return read(database);
    } finally {
      database.close();
    }
  };
  const all = <T>(database: Database.Database, text: string) => database.prepare<[], T>(text).all();
  const items = from(
    'outbox.db',
    (database) =>
      all<ItemRow>(
        database,
        'select id, intent, idempotency_key "key", state, sku, quantity, sent_at sentAt, detail from item',
      ),
    [],
  );
  const mirror = from(
    'mirror.db',
    (database) => ({
      entries: all<EntryRow>(
        database,
        `select seq, delta, balance_after balance, kind, reference, idempotency_key "key", actor, feature,
                occurred_at occurred, created_at created, hash from entry order by seq`,
      ),
      purchases: all<{ id: string; body: string }>(database, 'select id, body from purchase'),
      documents: all<{ id: string }>(database, 'select id from document').map(({ id }) => id),
      position: all<NonNullable<CounterFiles['position']>>(
        database,
        'select seq, balance, hash, verified_at verifiedAt from position',
      )[0],
      past: all<NonNullable<CounterFiles['past']>>(database, 'select seq, balance, hash from past')[0],
    }),
    { entries: [], purchases: [], documents: [], position: undefined, past: undefined },
  );
  return { items, ...mirror, sound };
}
