// Makes sure that a purchase has exactly one order at the provider.
//
// The attempt is counted in the database before the provider is asked, so that after a crash or an unclear answer the next
// attempt knows to look the order up by its receipt first. A lock in the database, held on a connection of a small pool,
// keeps two attempts for one purchase apart, also across processes; the pool's size bounds how many calls run at once.

import { and, eq, ne, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Parts } from '../parts.ts';
import type { Outcome, ProviderOrder } from '../providers/port.ts';
import { announceChange } from '../store/changes.ts';
import { findPurchase, updatePurchase } from '../store/purchases.ts';
import { type PurchaseRow, webhookInbox } from '../store/schema.ts';
import { accept, type Refused, type Verdict } from '../verdict.ts';

const tryAgainSeconds = 5;

export async function ensureOrder(parts: Parts, orgId: string, purchaseId: string): Promise<Verdict<null>> {
  const { inOrg, waiting } = parts.database;
  return drizzle(waiting).transaction(async (lock) => {
    await lock.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`order ${orgId} ${purchaseId}`}, 0))`);
    const found = await inOrg(orgId, (tx) => findPurchase(tx, orgId, purchaseId));
    if (found === null) throw new Error(`no purchase ${purchaseId}`);
    const { row } = found;
    if (row.providerOrderId !== null || row.state !== 'awaiting_payment') return accept(null);
    // Paid by a mandate, whose charge brings an order of its own.
    if (row.renewalMode === 'autopay') return accept(null);
    const order = await findOrMake(parts, row);
    if (!order.ok) {
      parts.log.warn({ purchaseId, kind: order.kind, reason: order.reason }, 'no order yet');
      return unavailable(order.retryAfterSeconds);
    }
    const revived = await inOrg(orgId, async (tx) => {
      await updatePurchase(tx, row, { providerOrderId: order.value.orderId });
      // A webhook of this order may have come before we knew that the order is ours.
      const told = await tx
        .update(webhookInbox)
        .set({ state: 'pending', attempts: 0, nextAttemptAt: parts.clock.now(), doneAt: null })
        .where(
          and(
            eq(webhookInbox.provider, row.provider),
            eq(webhookInbox.orderId, order.value.orderId),
            ne(webhookInbox.state, 'applied'),
          ),
        )
        .returning({ id: webhookInbox.inboxId });
      await announceChange(tx, orgId);
      return told.length > 0;
    });
    if (revived) parts.wakeInbox(0);
    return accept(null);
  });
}

async function findOrMake(parts: Parts, row: PurchaseRow): Promise<Outcome<ProviderOrder>> {
  if (row.orderAttempts > 0) {
    const found = await find(parts, row);
    if (!found.ok) return found;
    if (found.value !== null) return { ok: true, value: found.value };
  }
  await parts.database.inOrg(row.orgId, (tx) => updatePurchase(tx, row, { orderAttempts: row.orderAttempts + 1 }));
  const made = await parts.provider.createOrder({
    receipt: row.receipt,
    amountPaise: row.amountPaise,
    currency: 'INR',
    notes: { purchaseId: row.purchaseId, orgId: row.orgId, sku: row.sku },
  });
  if (made.ok || made.kind !== 'unknown') return made;
  // Without a clear answer the order may exist: one look before the counter is told to come back.
  const found = await find(parts, row);
  return found.ok && found.value !== null ? { ok: true, value: found.value } : made;
}

/** The order with our receipt; one for another sum would take another sum of money, so it is not taken for ours. */
async function find(parts: Parts, row: PurchaseRow): Promise<Outcome<ProviderOrder | null>> {
  const found = await parts.provider.findOrder(row.receipt);
  if (!found.ok || found.value === null) return found;
  const { amountPaise, currency, orderId } = found.value;
  if (amountPaise === row.amountPaise && currency === 'INR') return found;
  parts.log.error(
    { purchaseId: row.purchaseId, orderId, amountPaise, currency },
    'an order of another sum has our receipt',
  );
  return { ok: false, kind: 'unknown', reason: `order ${orderId} is for ${amountPaise} ${currency}` };
}

function unavailable(retryAfterSeconds: number | undefined): Refused {
  return { ok: false, code: 'unavailable', retryAfterSeconds: retryAfterSeconds ?? tryAgainSeconds };
}
