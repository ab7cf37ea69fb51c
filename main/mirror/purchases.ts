// The org's purchases as the server last told them, of all counters. What is only on this PC is in the outbox.
import { desc, eq } from 'drizzle-orm';
import { type Purchase, purchase as purchaseShape } from '../../shared/contract/billing.ts';
import type { Mirror } from './open.ts';
import { purchase } from './schema.ts';

/** Stores what the server said; true when it differs from what we held. */
export function storePurchase(mirror: Mirror, told: Purchase): boolean {
  const body = JSON.stringify(told);
  const held = mirror.db.select({ body: purchase.body }).from(purchase).where(eq(purchase.id, told.id)).get();
  if (held?.body === body) return false;
  const row = { createdAt: told.createdAt, body };
  mirror.db
    .insert(purchase)
    .values({ id: told.id, ...row })
    .onConflictDoUpdate({ target: purchase.id, set: row })
    .run();
  return true;
}

/** Newest first. A row that cannot be read any more is left out; the next pull brings it again. */
export function readPurchases(mirror: Mirror): Purchase[] {
  const rows = mirror.db.select().from(purchase).orderBy(desc(purchase.createdAt), purchase.id).all();
  return rows.flatMap((row) => parsed(row.body));
}

export function readPurchase(mirror: Mirror, id: string): Purchase | null {
  const row = mirror.db.select().from(purchase).where(eq(purchase.id, id)).get();
  return row === undefined ? null : (parsed(row.body)[0] ?? null);
}

function parsed(body: string): Purchase[] {
  const read = purchaseShape.safeParse(JSON.parse(body));
  return read.success ? [read.data] : [];
}
