// The verifier's reading of what there may be millions of: entries, holds and documents, one by one and in order, on one
// consistent moment of the database.
import type { PoolClient } from 'pg';
import { startOfMonth } from '../../shared/plan/grant-months.ts';
import type { CounterFact } from '../ledger/verify-documents.ts';
import type { DocumentFact, EntryFact, HoldFact } from '../ledger/verify-facts.ts';

/**
 * One org, or all orgs after one id up to another by the database's own order (null is without end): so that what tables
 * hold of orgs that do not exist lies in some range too.
 */
export type OrgRange = { readonly only: string } | { readonly after: string | null; readonly upTo: string | null };

export interface Of<T> {
  readonly orgId: string;
  readonly fact: T;
}

/** Rows read at once; small, so that other work of this process goes on between two reads. */
const chunk = 500;

/** The SQL condition on a column, with its values. */
function within(column: string, range: OrgRange): { readonly where: string; readonly values: readonly string[] } {
  if ('only' in range) return { where: `${column} = $1`, values: [range.only] };
  const { after, upTo } = range;
  if (after === null)
    return upTo === null ? { where: 'true', values: [] } : { where: `${column} <= $1`, values: [upTo] };
  if (upTo === null) return { where: `${column} > $1`, values: [after] };
  return { where: `${column} > $1 and ${column} <= $2`, values: [after, upTo] };
}

const iso = (at: Date): string => at.toISOString();
const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;
const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text));

/** Runs `work` on one consistent moment of the database. Nothing that is read is locked, and nothing can be written. */
export async function atOneMoment<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only');
  const result = await work();
  await client.query('commit');
  return result;
}

/** Every row of a query, a chunk at a time. */
async function eachRow<R extends object>(
  client: PoolClient,
  query: { readonly text: string; readonly values: readonly unknown[] },
  take: (row: R) => void,
): Promise<void> {
  await client.query(`declare verified no scroll cursor for ${query.text}`, [...query.values]);
  for (;;) {
    const { rows } = await client.query<R>(`fetch ${chunk} from verified`);
    for (const row of rows) take(row);
    if (rows.length < chunk) break;
  }
  await client.query('close verified');
}

interface EntryRow {
  org_id: string;
  seq: string;
  delta: string;
  balance_after: string;
  kind: string;
  reference: string | null;
  idempotency_key: string | null;
  actor: string | null;
  feature: string | null;
  occurred_at: Date;
  hash: Buffer;
}

export function eachEntry(client: PoolClient, range: OrgRange, take: (of: Of<EntryFact>) => void): Promise<void> {
  const { where, values } = within('org_id', range);
  const text = `select org_id, seq, delta, balance_after, kind, reference, idempotency_key, actor, feature, occurred_at, hash
    from credits_ledger where ${where} order by org_id, seq`;
  return eachRow<EntryRow>(client, { text, values }, (row) =>
    take({
      orgId: row.org_id,
      fact: {
        seq: Number(row.seq),
        delta: Number(row.delta),
        balanceAfter: Number(row.balance_after),
        kind: row.kind,
        reference: row.reference,
        idempotencyKey: row.idempotency_key,
        actor: row.actor,
        feature: row.feature,
        occurredAt: iso(row.occurred_at),
        hash: row.hash.toString('hex'),
      },
    }),
  );
}

interface HoldRow {
  org_id: string;
  hold_id: string;
  amount: string;
  feature: string;
  state: HoldFact['state'];
  captured_amount: string | null;
  entry_seq: string | null;
  expires_at: Date;
  closed_at: Date | null;
  delta: string | null;
  kind: string | null;
  reference: string | null;
  entry_feature: string | null;
}

export function eachHold(client: PoolClient, range: OrgRange, take: (of: Of<HoldFact>) => void): Promise<void> {
  const { where, values } = within('h.org_id', range);
  const text = `select h.org_id, h.hold_id, h.amount, h.feature, h.state, h.captured_amount, h.entry_seq, h.expires_at,
      h.closed_at, e.delta, e.kind, e.reference, e.feature as entry_feature
    from credit_hold h left join credits_ledger e on e.org_id = h.org_id and e.seq = h.entry_seq
    where ${where} order by h.org_id, h.entry_seq nulls first, h.hold_id`;
  return eachRow<HoldRow>(client, { text, values }, (row) =>
    take({
      orgId: row.org_id,
      fact: {
        holdId: row.hold_id,
        amount: Number(row.amount),
        feature: row.feature,
        state: row.state,
        capturedAmount: numberOrNull(row.captured_amount),
        entrySeq: numberOrNull(row.entry_seq),
        expiresAt: iso(row.expires_at),
        closedAt: isoOrNull(row.closed_at),
        entry:
          row.kind === null
            ? null
            : { delta: Number(row.delta), kind: row.kind, reference: row.reference, feature: row.entry_feature },
      },
    }),
  );
}

interface DocumentRow {
  org_id: string;
  invoice_id: string;
  kind: DocumentFact['kind'];
  series: string;
  financial_year: string;
  serial: string;
  number: string;
  issued_on: string;
  purchase_id: string;
  original_id: string | null;
  total_paise: string;
  document: unknown;
}

export function eachDocument(client: PoolClient, range: OrgRange, take: (of: Of<DocumentFact>) => void): Promise<void> {
  const { where, values } = within('org_id', range);
  const text = `select org_id, invoice_id, kind, series, financial_year, serial, number, issued_on::text as issued_on,
      purchase_id, original_id, total_paise, document
    from billing_invoice where ${where} order by org_id, invoice_id`;
  return eachRow<DocumentRow>(client, { text, values }, (row) =>
    take({
      orgId: row.org_id,
      fact: {
        invoiceId: row.invoice_id,
        kind: row.kind,
        series: row.series,
        financialYear: row.financial_year,
        serial: Number(row.serial),
        number: row.number,
        issuedOn: row.issued_on,
        purchaseId: row.purchase_id,
        originalId: row.original_id,
        totalPaise: Number(row.total_paise),
        document: row.document,
      },
    }),
  );
}

interface SerialRow {
  series: string;
  financial_year: string;
  serial: string;
}

export function eachNumber(
  client: PoolClient,
  take: (number: Omit<CounterFact, 'lastSerial'> & { readonly serial: number }) => void,
): Promise<void> {
  const text = 'select series, financial_year, serial from billing_invoice order by series, financial_year, serial';
  return eachRow<SerialRow>(client, { text, values: [] }, (row) =>
    take({ series: row.series, financialYear: row.financial_year, serial: Number(row.serial) }),
  );
}

export async function readCounters(client: PoolClient): Promise<CounterFact[]> {
  const { rows } = await client.query<Omit<SerialRow, 'serial'> & { last_serial: string }>(
    'select series, financial_year, last_serial from invoice_counter order by series, financial_year',
  );
  return rows.map((row) => ({
    series: row.series,
    financialYear: row.financial_year,
    lastSerial: Number(row.last_serial),
  }));
}

/** Webhooks that are tried no more. */
export async function readParked(client: PoolClient): Promise<{ id: string; event: string; reason: string | null }[]> {
  const { rows } = await client.query<{ id: string; event: string; reason: string | null }>(
    "select inbox_id::text as id, event, reason from webhook_inbox where state = 'parked' order by inbox_id limit 1000",
  );
  return rows;
}

/** A run that has just ended may be overtaken by a payment of the month before, which the next run sees to. */
const settlesWithinMs = 15 * 60_000;

/** The newest month whose run is marked done, where orgs are left that it has not decided; null if there are none. */
export async function readLeftBehind(client: PoolClient, now: Date): Promise<{ month: string; orgs: number } | null> {
  const done = await client.query<{ month: string }>(
    'select month from grant_run where finished_at <= $1 order by month desc limit 1',
    [new Date(now.getTime() - settlesWithinMs)],
  );
  const month = done.rows[0]?.month;
  if (month === undefined) return null;
  const left = await client.query<{ orgs: string }>(
    'select count(*) as orgs from subscription where next_grant_at <= $1',
    [startOfMonth(month)],
  );
  const orgs = Number(left.rows[0]?.orgs ?? 0);
  return orgs === 0 ? null : { month, orgs };
}
