// The org's purchases as the server last told them, of all counters, with every field that it told: what this version does not
// know, a newer one reads. What is only on this PC is in the outbox.
import { desc, eq, getTableColumns, sql } from 'drizzle-orm';
import { readToldPurchase, type ToldPurchase } from '../../shared/contract/told-purchase.ts';
import { fromJson } from './from-json.ts';
import type { Mirror } from './open.ts';
import { purchase } from './schema.ts';
import { isSealed, sealOf } from './seal.ts';

/** Stores what the server said; true when it differs from what we held. */
export function storePurchase(mirror: Mirror, told: ToldPurchase): boolean {
  const body = JSON.stringify(told.said);
  const row = { createdAt: told.known ? told.purchase.createdAt : told.outline.createdAt, body };
  const seal = sealOf(told.id, row.createdAt, body);
  const held = mirror.db.select().from(purchase).where(eq(purchase.id, told.id)).get();
  if (held?.body === body && held.seal === seal) return false;
  mirror.db
    .insert(purchase)
    .values({ id: told.id, ...row, seal })
    .onConflictDoUpdate({ target: purchase.id, set: { ...row, seal } })
    .run();
  return true;
}

/** Takes out every row that is not as it was stored; how many there were. */
export function dropAlteredPurchases(mirror: Mirror): number {
  // By its place in the file: what was altered may be its name.
  const altered = mirror.db
    .select({ ...getTableColumns(purchase), rowid: sql<number>`rowid` })
    .from(purchase)
    .all()
    .filter((row) => !isSealed(row.seal, row.id, row.createdAt, row.body));
  for (const { rowid } of altered) mirror.db.delete(purchase).where(sql`rowid = ${rowid}`).run();
  return altered.length;
}

/** Newest first. A row that cannot be read any more is left out; the next pull brings it again. */
export function readPurchases(mirror: Mirror): ToldPurchase[] {
  const rows = mirror.db.select().from(purchase).orderBy(desc(purchase.createdAt), purchase.id).all();
  return rows.flatMap((row) => parsed(row.body));
}

export function readPurchase(mirror: Mirror, id: string): ToldPurchase | null {
  const row = mirror.db.select().from(purchase).where(eq(purchase.id, id)).get();
  return row === undefined ? null : (parsed(row.body)[0] ?? null);
}

function parsed(body: string): ToldPurchase[] {
  const read = readToldPurchase(fromJson(body));
  return read === null ? [] : [read];
}
