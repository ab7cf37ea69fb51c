// The org's tax documents as the server issued them, with every field that it told: what this version does not know, a newer one reads. They are written only from the server's answers and never changed here;
// the order is that of the date, and within a day that of the number.
import { and, asc, count, desc, eq, getTableColumns, gte, inArray, lte, type SQL, sql } from 'drizzle-orm';
import type { DocumentFilter, ExportPeriod } from '../../shared/contract/document-views.ts';
import { readToldDocument, type ToldDocument } from '../../shared/contract/told-document.ts';
import type { TaxDocument } from '../../shared/gst/document.ts';
import { parseDocumentNumber } from '../../shared/gst/document-number.ts';
import { fromJson } from './from-json.ts';
import type { Mirror } from './open.ts';
import { document, documentList, documentPdf } from './schema.ts';
import { isSealed, sealOf } from './seal.ts';

/** Stores what the server said, all or nothing; true when any of it differs from what we held. */
export function storeDocuments(mirror: Mirror, told: readonly ToldDocument[]): boolean {
  const store = mirror.sqlite.transaction(() => told.map((one) => storeDocument(mirror, one)).includes(true));
  return store.immediate();
}

/** A PDF of what a document said before goes with it. */
function storeDocument(mirror: Mirror, { said, outline: told }: ToldDocument): boolean {
  const body = JSON.stringify(said);
  const number = parseDocumentNumber(told.number);
  const row = {
    id: told.id,
    kind: told.kind,
    financialYear: told.financialYear,
    issuedOn: told.issuedOn,
    series: number?.series ?? '',
    serial: number?.serial ?? 0,
    originalId: told.original?.id ?? null,
    body,
  };
  const sealed = { ...row, seal: sealOf(...sealedParts(row)) };
  const held = mirror.db.select().from(document).where(eq(document.id, told.id)).get();
  if (held?.body === body && held.seal === sealed.seal) return false;
  mirror.db.insert(document).values(sealed).onConflictDoUpdate({ target: document.id, set: sealed }).run();
  if (held?.body !== body) mirror.db.delete(documentPdf).where(eq(documentPdf.id, told.id)).run();
  return true;
}

const sealedParts = (row: Omit<typeof document.$inferSelect, 'seal'>) =>
  [row.id, row.kind, row.financialYear, row.issuedOn, row.series, row.serial, row.originalId, row.body] as const;

/** Takes out every row that is not as it was stored; how many there were. Then the list is not known to be whole. */
export function dropAlteredDocuments(mirror: Mirror): number {
  const altered = mirror.db
    .select({ ...getTableColumns(document), rowid: sql<number>`rowid` })
    .from(document)
    .all()
    .filter((row) => !isSealed(row.seal, ...sealedParts(row)));
  for (const { rowid } of altered) mirror.db.delete(document).where(sql`rowid = ${rowid}`).run();
  if (altered.length > 0) mirror.db.delete(documentList).run();
  return altered.length;
}

/** Says since when the documents held are known to be all; server time. */
export function storeListed(mirror: Mirror, listedAt: string): void {
  const row = { listedAt, seal: sealOf(listedAt) };
  mirror.db
    .insert(documentList)
    .values({ one: 1, ...row })
    .onConflictDoUpdate({ target: documentList.one, set: row })
    .run();
}

/** Null while documents may be missing. */
export function readListed(mirror: Mirror): string | null {
  const row = mirror.db.select().from(documentList).get();
  return row === undefined || !isSealed(row.seal, row.listedAt) ? null : row.listedAt;
}

const newestFirst = [desc(document.issuedOn), asc(document.series), desc(document.serial)];

function fits(filter: DocumentFilter): SQL | undefined {
  return and(
    filter.financialYear === null ? undefined : eq(document.financialYear, filter.financialYear),
    filter.kind === null ? undefined : eq(document.kind, filter.kind),
  );
}

/** Newest first. A row that cannot be read any more is left out; the next whole list brings it again. */
export function readDocuments(mirror: Mirror, filter: DocumentFilter, limit: number, offset: number): ToldDocument[] {
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

export function readDocument(mirror: Mirror, id: string): ToldDocument | null {
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
  return rows.flatMap((row) => whole(row.body));
}

/** All of a period, oldest first and the invoices of a day before its credit notes. Null where one cannot be read. */
export function readPeriod(mirror: Mirror, { from, to }: ExportPeriod): TaxDocument[] | null {
  const rows = mirror.db
    .select({ body: document.body })
    .from(document)
    .where(and(gte(document.issuedOn, from), lte(document.issuedOn, to)))
    .orderBy(asc(document.issuedOn), desc(document.series), asc(document.serial))
    .all();
  const documents = rows.flatMap((row) => whole(row.body));
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

function parsed(body: string): ToldDocument[] {
  const read = readToldDocument(fromJson(body));
  return read === null ? [] : [read];
}

const whole = (body: string): TaxDocument[] => parsed(body).flatMap((told) => told.document ?? []);
