// PDFs of tax documents, kept with the hash of what was fetched, so that a damaged one is never handed out: it is forgotten
// and fetched again.
import { createHash } from 'node:crypto';
import { desc, eq, isNull } from 'drizzle-orm';
import type { Mirror } from './open.ts';
import { document, documentPdf } from './schema.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Kept only beside its document: the mirror may have been cleared while it was on its way. */
export function storePdf(mirror: Mirror, id: string, bytes: Uint8Array): void {
  if (mirror.db.select({ id: document.id }).from(document).where(eq(document.id, id)).get() === undefined) return;
  const row = { hash: hashOf(bytes), bytes: Buffer.from(bytes) };
  mirror.db
    .insert(documentPdf)
    .values({ id, ...row })
    .onConflictDoUpdate({ target: documentPdf.id, set: row })
    .run();
}

/** Null when it is not here, or not as it was fetched; then it is forgotten. */
export function readPdf(mirror: Mirror, id: string): Uint8Array | null {
  const row = mirror.db.select().from(documentPdf).where(eq(documentPdf.id, id)).get();
  if (row === undefined) return null;
  if (hashOf(row.bytes) === row.hash) return row.bytes;
  mirror.db.delete(documentPdf).where(eq(documentPdf.id, id)).run();
  return null;
}

/** Forgets every PDF that is not as it was fetched, or whose document is not here; how many there were. */
export function dropAlteredPdfs(mirror: Mirror): number {
  const rows = mirror.db.select({ id: documentPdf.id }).from(documentPdf).all();
  const known = new Set(
    mirror.db
      .select({ id: document.id })
      .from(document)
      .all()
      .map(({ id }) => id),
  );
  let dropped = 0;
  for (const { id } of rows) {
    if (known.has(id) && readPdf(mirror, id) !== null) continue;
    mirror.db.delete(documentPdf).where(eq(documentPdf.id, id)).run();
    dropped += 1;
  }
  return dropped;
}

/** Of the newest documents, those whose PDF is not here; newest first. */
export function missingPdfs(mirror: Mirror, newest: number): string[] {
  const latest = mirror.db
    .select({ id: document.id, issuedOn: document.issuedOn, serial: document.serial })
    .from(document)
    .orderBy(desc(document.issuedOn), desc(document.serial))
    .limit(newest)
    .as('latest');
  const rows = mirror.db
    .select({ id: latest.id })
    .from(latest)
    .leftJoin(documentPdf, eq(documentPdf.id, latest.id))
    .where(isNull(documentPdf.id))
    .orderBy(desc(latest.issuedOn), desc(latest.serial))
    .all();
  return rows.map(({ id }) => id);
}
