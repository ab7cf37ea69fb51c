// What the auditor reads: every row of money and credits, by SQL of its own. Imports nothing of the programs that it audits.
import type { Client } from 'pg';

export interface PurchaseRead {
  readonly org: string;
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly state: string;
  readonly amount: number;
  readonly credits: number;
  readonly receipt: string;
  readonly order: string | null;
  readonly refunded: number;
}

export interface PaymentRead {
  readonly org: string;
  readonly purchase: string;
  readonly id: string;
  readonly order: string;
  readonly amount: number;
  readonly currency: string;
  readonly effect: string;
  readonly refunded: number;
}

export interface RefundRead {
  readonly purchase: string;
  readonly payment: string;
  readonly id: string | null;
  readonly amount: number;
  readonly status: string;
  readonly shortfall: number;
}

export interface DocumentRead {
  readonly purchase: string;
  readonly kind: string;
  readonly series: string;
  readonly year: string;
  readonly serial: number;
  readonly number: string;
  readonly total: number;
  /** What is printed: the number, the total, and the amounts that make it. */
  readonly printed: string;
  readonly printedTotal: number;
  readonly taxable: number;
  readonly cgst: number;
  readonly sgst: number;
  readonly igst: number;
}

export interface EntryRead {
  readonly org: string;
  readonly seq: number;
  readonly delta: number;
  readonly balance: number;
  readonly kind: string;
  readonly reference: string | null;
}

export interface Books {
  readonly purchases: readonly PurchaseRead[];
  readonly payments: readonly PaymentRead[];
  readonly refunds: readonly RefundRead[];
  readonly documents: readonly DocumentRead[];
  readonly entries: readonly EntryRead[];
  readonly caches: readonly {
    readonly org: string;
    readonly balance: number;
    readonly held: number;
    readonly seq: number;
  }[];
  readonly inbox: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, number>>;
  /** How many purchases were settled on whose word. */
  readonly settledBy: Readonly<Record<string, number>>;
}

export async function readBooks(client: Client): Promise<Books> {
  // Numbers as numbers: all of them are far below 2^53.
  const read = async <T extends object>(text: string): Promise<T[]> => (await client.query<T>(text)).rows;
  const counts = async (text: string) =>
    Object.fromEntries((await read<{ name: string; count: number }>(text)).map(({ name, count }) => [name, count]));
  return {
    purchases: await read(
      `select org_id org, purchase_id id, sku, quantity, state, amount_paise::float8 amount, credits::float8 credits, receipt,
              provider_order_id "order", refunded_paise::float8 refunded from purchase`,
    ),
    payments: await read(
      `select org_id org, purchase_id purchase, payment_id id, provider_order_id "order", amount_paise::float8 amount, currency,
              effect, refunded_paise::float8 refunded from billing_payment`,
    ),
    refunds: await read(
      `select purchase_id purchase, payment_id payment, refund_id id, amount_paise::float8 amount, status,
              shortfall::float8 shortfall from billing_refund`,
    ),
    documents: await read(
      `select purchase_id purchase, kind, series, financial_year "year", serial::float8 serial, number, total_paise::float8 total,
              document->>'number' printed, (document->>'totalPaise')::float8 "printedTotal",
              (document->>'taxablePaise')::float8 taxable, (document->>'cgstPaise')::float8 cgst,
              (document->>'sgstPaise')::float8 sgst, (document->>'igstPaise')::float8 igst
         from billing_invoice order by series, financial_year, serial`,
    ),
    entries: await read(
      `select org_id org, seq::float8 seq, delta::float8 delta, balance_after::float8 balance, kind, reference
         from credits_ledger order by org_id, seq`,
    ),
    caches: await read(
      'select org_id org, balance::float8 balance, held::float8 held, seq::float8 seq from credit_balance_cache',
    ),
    inbox: await counts('select state "name", count(*)::int from webhook_inbox group by state'),
    alarms: await counts('select kind "name", count(*)::int from billing_alarm group by kind'),
    settledBy: await counts(
      'select settled_by "name", count(*)::int from purchase where settled_by is not null group by settled_by',
    ),
  };
}
