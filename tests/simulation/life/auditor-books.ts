// What the auditor reads of the database, by SQL of its own. Instants are milliseconds since 1970. Imports nothing of the programs
// that it audits.
import type { Client } from 'pg';
import type { DocumentRead } from '../storm/auditor-books.ts';

export interface PurchaseRow {
  readonly org: string;
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly state: string;
  readonly amount: number;
  readonly receipt: string;
  readonly order: string | null;
  readonly refunded: number;
}

export interface PaymentRow {
  readonly org: string;
  readonly purchase: string;
  readonly id: string;
  readonly order: string;
  readonly amount: number;
  readonly currency: string;
  readonly effect: string;
  readonly refunded: number;
  readonly capturedAt: number;
  readonly createdAt: number;
}

export interface RefundRow {
  readonly purchase: string;
  readonly payment: string;
  readonly id: string | null;
  readonly key: string;
  readonly amount: number;
  readonly status: string;
  readonly reversed: number;
  readonly shortfall: number;
  readonly note: string | null;
}

export interface Document extends DocumentRead {
  readonly org: string;
  readonly id: string;
  readonly original: string | null;
  readonly issuedOn: string;
  readonly createdAt: number;
}

export interface Entry {
  readonly org: string;
  readonly seq: number;
  readonly delta: number;
  readonly balance: number;
  readonly kind: string;
  readonly reference: string | null;
  readonly key: string | null;
  readonly actor: string | null;
  readonly feature: string | null;
  readonly occurredAt: number;
  readonly createdAt: number;
  readonly hash: string;
}

export interface Standing {
  readonly org: string;
  readonly planType: string | null;
  readonly nextDue: string | null;
  readonly boughtAt: number | null;
  readonly grant: number;
}

export interface Reminder {
  readonly org: string;
  readonly due: string;
  readonly kind: string;
  readonly at: number;
}

export interface LifeBooks {
  readonly purchases: readonly PurchaseRow[];
  readonly payments: readonly PaymentRow[];
  readonly refunds: readonly RefundRow[];
  readonly documents: readonly Document[];
  readonly entries: readonly Entry[];
  readonly caches: readonly {
    readonly org: string;
    readonly balance: number;
    readonly held: number;
    readonly seq: number;
    readonly hash: string;
  }[];
  readonly standings: readonly Standing[];
  readonly reminders: readonly Reminder[];
  readonly inbox: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, number>>;
}

const ms = (column: string, as: string) => `(extract(epoch from ${column}) * 1000)::float8 "${as}"`;

export async function readBooks(client: Client): Promise<LifeBooks> {
  // Numbers as numbers: all of them are far below 2^53.
  const read = async <T extends object>(text: string): Promise<T[]> => (await client.query<T>(text)).rows;
  const counts = async (text: string) =>
    Object.fromEntries((await read<{ name: string; count: number }>(text)).map(({ name, count }) => [name, count]));
  return {
    purchases: await read(
      `select org_id org, purchase_id id, sku, quantity, state, amount_paise::float8 amount, receipt, provider_order_id "order",
              refunded_paise::float8 refunded from purchase`,
    ),
    payments: await read(
      `select org_id org, purchase_id purchase, payment_id id, provider_order_id "order", amount_paise::float8 amount, currency,
              effect, refunded_paise::float8 refunded, ${ms('captured_at', 'capturedAt')}, ${ms('created_at', 'createdAt')}
         from billing_payment`,
    ),
    refunds: await read(
      `select purchase_id purchase, payment_id payment, refund_id id, refund_key "key", amount_paise::float8 amount, status,
              reversed::float8 reversed, shortfall::float8 shortfall, note_id note from billing_refund`,
    ),
    documents: await read(
      `select org_id org, invoice_id id, original_id original, issued_on::text "issuedOn", ${ms('created_at', 'createdAt')},
              purchase_id purchase, kind, series, financial_year "year", serial::float8 serial, number, total_paise::float8 total,
              document->>'number' printed, (document->>'totalPaise')::float8 "printedTotal",
              (document->>'taxablePaise')::float8 taxable, (document->>'cgstPaise')::float8 cgst,
              (document->>'sgstPaise')::float8 sgst, (document->>'igstPaise')::float8 igst
         from billing_invoice order by series, financial_year, serial`,
    ),
    entries: await read(
      `select org_id org, seq::float8 seq, delta::float8 delta, balance_after::float8 balance, kind, reference,
              idempotency_key "key", actor, feature, ${ms('occurred_at', 'occurredAt')}, ${ms('created_at', 'createdAt')},
              encode(hash, 'hex') hash from credits_ledger order by org_id, seq`,
    ),
    caches: await read(
      `select org_id org, balance::float8 balance, held::float8 held, seq::float8 seq, encode(hash, 'hex') hash
         from credit_balance_cache`,
    ),
    standings: await read(
      `select org_id org, plan_type "planType", service_renewal_next_due::text "nextDue",
              ${ms('one_time_purchased_at', 'boughtAt')}, monthly_credit_grant::float8 "grant" from subscription`,
    ),
    reminders: await read(
      `select org_id org, due::text due, kind, ${ms('recorded_at', 'at')} from plan_reminder order by org_id, recorded_at`,
    ),
    inbox: await counts('select state "name", count(*)::int from webhook_inbox group by state'),
    alarms: await counts('select kind "name", count(*)::int from billing_alarm group by kind'),
  };
}
