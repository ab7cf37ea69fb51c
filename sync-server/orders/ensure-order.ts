// Makes sure that a purchase has exactly one order at the provider.
//
// The attempt is counted in the database before the provider is asked, so that after a crash or an unclear answer the next
// attempt knows to look the order up by its receipt first. A lock in the database, held on a connection of a small pool,
// keeps two attempts for one purchase apart, also across processes; the pool's size bounds how many calls run at once.

import { and, eq, ne, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { catalogue } from '../../shared/plan/catalogue.ts';
import type { Parts } from '../parts.ts';
import type { Outcome, ProviderOrder } from '../providers/port.ts';
import { firstLook } from '../purchase/looks.ts';
import { announceChange } from '../store/changes.ts';
import { findPurchase, updatePurchase } from '../store/purchases.ts';
import { type PurchaseRow, webhookInbox } from '../store/schema.ts';
import { accept, type Refused, type Verdict } from '../verdict.ts';

const tryAgainSeconds = 5;

export async function ensureOrder(parts: Parts, orgId: string, purchaseId: string): Promise<Verdict<null>> {
  return inTurn(parts, orgId, purchaseId, async (row) => {
    if (row.providerOrderId !== null || row.state !== 'awaiting_payment') return accept(null);
    // Paid by a mandate, whose charge brings an order of its own.
    if (row.renewalMode === 'autopay') return accept(null);
    const order = await findOrMake(parts, row);
    if (!order.ok) {
      parts.log.warn({ purchaseId, kind: order.kind, reason: order.reason }, 'no order yet');
      return unavailable(order.retryAfterSeconds);
    }
    await keepOrder(parts, row, order.value);
    return accept(null);
  });
}

/**
 * Finds the order of a purchase where it is not known whether one was made, and takes it for the purchase's own, whatever
 * became of the purchase meanwhile. Makes none. The order's id, or null when the provider has none.
 */
export async function adoptOrder(parts: Parts, orgId: string, purchaseId: string): Promise<Outcome<string | null>> {
  return inTurn(parts, orgId, purchaseId, async (row) => {
    if (row.providerOrderId !== null || row.orderAttempts === 0) return { ok: true, value: row.providerOrderId };
    const found = await find(parts, row);
    if (!found.ok) return found;
    if (found.value === null) return { ok: true, value: null };
    await keepOrder(parts, row, found.value);
    return { ok: true, value: found.value.orderId };
  });
}

/** One at a time for a purchase, with its row as it is then. */
async function inTurn<T>(
  { database: { inOrg, waiting } }: Parts,
  orgId: string,
  purchaseId: string,
  work: (row: PurchaseRow) => Promise<T>,
): Promise<T> {
  return drizzle(waiting).transaction(async (lock) => {
    await lock.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`order ${orgId} ${purchaseId}`}, 0))`);
    const found = await inOrg(orgId, (tx) => findPurchase(tx, orgId, purchaseId));
    if (found === null) throw new Error(`no purchase ${purchaseId}`);
    return work(found.row);
  });
}

async function keepOrder(parts: Parts, row: PurchaseRow, { orderId }: ProviderOrder): Promise<void> {
  const revived = await parts.database.inOrg(row.orgId, async (tx) => {
    const now = parts.clock.now();
    const nextLookAt = firstLook(row.createdAt, now);
    await updatePurchase(tx, row, { providerOrderId: orderId, nextLookAt, looks: 0 });
    // A webhook of this order may have come before we knew that the order is ours.
    const told = await tx
      .update(webhookInbox)
      .set({ state: 'pending', attempts: 0, nextAttemptAt: now, doneAt: null })
      .where(
        and(
          eq(webhookInbox.provider, row.provider),
          eq(webhookInbox.orderId, orderId),
          ne(webhookInbox.state, 'applied'),
        ),
      )
      .returning({ id: webhookInbox.inboxId });
    await announceChange(tx, row.orgId);
    return told.length > 0;
  });
  if (revived) parts.wakeInbox(0);
}

async function findOrMake(parts: Parts, row: PurchaseRow): Promise<Outcome<ProviderOrder>> {
  if (row.orderAttempts > 0) {
    const found = await find(parts, row);
    if (!found.ok) return found;
    if (found.value !== null) return { ok: true, value: found.value };
  }
  // Looked for from then on, also if this process ends before it hears of the order.
  const nextLookAt = row.nextLookAt ?? firstLook(row.createdAt, parts.clock.now());
  const change = { orderAttempts: row.orderAttempts + 1, nextLookAt };
  await parts.database.inOrg(row.orgId, (tx) => updatePurchase(tx, row, change));
  const made = await parts.provider.createOrder({
    receipt: row.receipt,
    amountPaise: row.amountPaise,
    currency: 'INR',
    description: catalogue[row.sku].description,
    returnUrl: returnUrlOf(parts.publicUrl, row),
    notes: { purchaseId: row.purchaseId, orgId: row.orgId, sku: row.sku },
  });
  if (made.ok) return made;
  if (made.kind !== 'unknown') {
    // Nothing was made now; an earlier attempt, if there was one, is looked for as before.
    if (row.nextLookAt === null) {
      await parts.database.inOrg(row.orgId, (tx) => updatePurchase(tx, row, { nextLookAt: null }));
    }
    return made;
  }
  // Without a clear answer the order may exist: one look before the counter is told to come back.
  const found = await find(parts, row);
  return found.ok && found.value !== null ? { ok: true, value: found.value } : made;
}

/** Where the provider sends the browser back to: the pay page's own way back. */
export function returnUrlOf(publicUrl: string, row: Pick<PurchaseRow, 'purchaseId' | 'payToken'>): string {
  return `${publicUrl}/pay/${row.purchaseId}/return?t=${row.payToken}`;
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
