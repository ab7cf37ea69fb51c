// What the user of this counter was told, by name: once for ever, over every start. On the disk before anybody says it.
import { eq } from 'drizzle-orm';
import type { Outbox } from '../outbox/open.ts';
import { told } from '../outbox/schema.ts';

export function wasTold(outbox: Outbox, key: string): boolean {
  return outbox.db.select().from(told).where(eq(told.key, key)).get() !== undefined;
}

/** True for the one call that is the first with this key. */
export function markTold(outbox: Outbox, key: string, now: Date): boolean {
  const row = { key, toldAt: now.toISOString() };
  return outbox.db.insert(told).values(row).onConflictDoNothing().run().changes > 0;
}
