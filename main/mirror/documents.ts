// The org's tax documents as the server issued them. They are written only from the server's answers and never changed here;
// the order is that of the date, and within a day that of the number.
import { and, asc, count, desc, eq, gte, inArray, lte, type SQL, sql } from 'drizzle-orm';
import type { DocumentFilter, ExportPeriod } from '../../shared/contract/document-views.ts';
import { type TaxDocument, taxDocument } from '../../shared/gst/document.ts';
import { parseDocumentNumber } from '../../shared/gst/document-number.ts';
import type { Mirror } from './open.ts';
import { document, documentList, documentPdf } from './schema.ts';

/** Stores what the server said, all or nothing; true when any of it differs from what we held. */
export function storeDocuments(mirror: Mirror, told: readonly TaxDocument[]): boolean {
  const store = mirror.sqlite.transaction(() => told.map((one) => storeDocument(mirror, one)).includes(true));
  return store.immediate();
}

/** A PDF of what a document said before goes with it. */
function storeDocument(mirror: Mirror, told: TaxDocument): boolean {
  const body = JSON.stringify(told);
  const held = mirror.db.select({ body: document.body }).from(document).where(eq(document.id, told.id)).get();
  if (held?.body === body) return false;
  const number = parseDocumentNumber(told.number);
  const row = {
    kind: told.kind,
    financialYear: told.financialYear,
    issuedOn: told.issuedOn,
    series: number?.series ?? '',
    serial: number?.serial ?? 0,
    originalId: told.original?.id ?? null,
    body,
  };
  mirror.db
    .insert(document)
    .values({ id: told.id, ...row })
    .onConflictDoUpdate({ target: document.id, set: row })
    .run();
  mirror.db.delete(documentPdf).where(eq(documentPdf.id, told.id)).run();
  return true;
}

/** Says since when the documents held are known to be all; server time. */
export function storeListed(mirror: Mirror, listedAt: string): void {
  mirror.db
    .insert(documentList)
    .values({ one: 1, listedAt })
    .onConflictDoUpdate({ target: documentList.one, set: { listedAt } })
    .run();
}

/** Null while documents may be missing. */
export function readListed(mirror: Mirror): string | null {
  return mirror.db.select().from(documentList).get()?.listedAt ?? null;
}

const newestFirst = [desc(document.issuedOn), asc(document.series), desc(document.serial)];

function fits(filter: DocumentFilter): SQL | undefined {
  return and(
    filter.financialYear === null ? undefined : eq(document.financialYear, filter.financialYear),
    filter.kind === null ? undefined : eq(document.kind, filter.kind),
  );
}

/** Newest first. A row that cannot be read any more is left out; the next whole list brings it again. */
export function readDocuments(mirror: Mirror, filter: DocumentFilter, limit: number, offset: number): TaxDocument[] {
  const rows = mirror.db
    .select({ body: document.body })
    .from(document)
    .where(fits(filter))
    .orderBy(...newestFirst)
    .limit(limit)
    .offset(offset)
    .all();
  return rows.flatMap((row) => parsed(row.body));
}

export function countDocuments(mirror: Mirror, filter: DocumentFilter): number {
  return mirror.db.select({ rows: count() }).from(document).where(fits(filter)).get()?.rows ?? 0;
}

/** The financial years that documents are of, newest first. */
export function readYears(mirror: Mirror): string[] {
  const rows = mirror.db
    .select({ year: document.financialYear })
    .from(document)
    .groupBy(document.financialYear)
    .orderBy(sql`max(${document.issuedOn}) DESC`)
    .all();
  return rows.map(({ year }) => year);
}

export function readDocument(mirror: Mirror, id: string): TaxDocument | null {
  const row = mirror.db.select({ body: document.body }).from(document).where(eq(document.id, id)).get();
  return row === undefined ? null : (parsed(row.body)[0] ?? null);
}

/** The credit notes that name an invoice, oldest first. */
export function readNotesOf(mirror: Mirror, invoiceId: string): TaxDocument[] {
  const rows = mirror.db
    .select({ body: document.body })
    .from(document)
    .where(eq(document.originalId, invoiceId))
    .orderBy(asc(document.issuedOn), asc(document.serial))
    .all();
  return rows.flatMap((row) => parsed(row.body));
}

/** All of a period, oldest first and the invoices of a day before its credit notes. Null where one cannot be read. */
export function readPeriod(mirror: Mirror, { from, to }: ExportPeriod): TaxDocument[] | null {
  const rows = mirror.db
    .select({ body: document.body })
    .from(document)
    .where(and(gte(document.issuedOn, from), lte(document.issuedOn, to)))
    .orderBy(asc(document.issuedOn), desc(document.series), asc(document.serial))
    .all();
  const documents = rows.flatMap((row) => parsed(row.body));
  return documents.length === rows.length ? documents : null;
}

/** Which of these have their PDF here. */
export function readPdfHeld(mirror: Mirror, ids: readonly string[]): ReadonlySet<string> {
  const rows = mirror.db
    .select({ id: documentPdf.id })
    .from(documentPdf)
    .where(inArray(documentPdf.id, [...ids]))
    .all();
  return new Set(rows.map(({ id }) => id));
}

function parsed(body: string): TaxDocument[] {
  const read = taxDocument.safeParse(JSON.parse(body));
  return read.success ? [read.data] : [];
}
