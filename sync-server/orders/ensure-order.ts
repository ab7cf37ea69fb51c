// Makes sure that a purchase has exactly one order at the provider, or one payment link where the provider refuses orders.
//
// The attempt is counted in the database before the provider is asked, so that after a crash or an unclear answer the next
// attempt knows to look the order up by its receipt first. A lock in the database, held on a connection of a small pool,
// keeps two attempts for one purchase apart, also across processes; the pool's size bounds how many calls run at once.

import { and, eq, ne, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { catalogue } from '../../shared/plan/catalogue.ts';
import type { OrderParts } from '../parts.ts';
import type { OrderRequest, Outcome, PaymentLink, ProviderOrder } from '../providers/port.ts';
import { firstLook } from '../purchase/looks.ts';
import { announceChange } from '../store/changes.ts';
import { findPurchase, updatePurchase } from '../store/purchases.ts';
import { type PurchaseRow, webhookInbox } from '../store/schema.ts';
import { accept, type Refused, type Verdict } from '../verdict.ts';
import { findLink, findOrMakeLink, isFinalNo } from './ensure-link.ts';
import { refuseOtherSum } from './other-sum.ts';

const tryAgainSeconds = 5;

export async function ensureOrder(parts: OrderParts, orgId: string, purchaseId: string): Promise<Verdict<null>> {
  return inTurn(parts, orgId, purchaseId, async (row) => {
    if (row.providerOrderId !== null || row.state !== 'awaiting_payment') return accept(null);
    // Paid by a mandate, whose charge brings an order of its own.
    if (row.renewalMode === 'autopay') return accept(null);
    const held = await findOrMake(parts, row);
    if (!held.ok) {
      parts.log.warn({ purchaseId, kind: held.kind, reason: held.reason }, 'no order yet');
      return unavailable(held.retryAfterSeconds);
    }
    await keep(parts, row, held.value);
    return accept(null);
  });
}

/** What the provider holds for a purchase: the one thing by which it can be paid. */
export interface Held {
  readonly orderId: string;
  readonly byLink: boolean;
}

export const heldBy = ({ providerOrderId, paidByLink }: PurchaseRow): Held | null =>
  providerOrderId === null ? null : { orderId: providerOrderId, byLink: paidByLink };

/**
 * Finds the order or link of a purchase where it is not known whether one was made, and takes it for the purchase's own,
 * whatever became of the purchase meanwhile. Makes none. null: the provider has none.
 */
export async function adoptOrder(parts: OrderParts, orgId: string, purchaseId: string): Promise<Outcome<Held | null>> {
  return inTurn(parts, orgId, purchaseId, async (row) => {
    if (row.providerOrderId !== null || row.orderAttempts === 0) return { ok: true, value: heldBy(row) };
    const found = await findHeld(parts, row);
    if (found.ok && found.value !== null) await keep(parts, row, found.value);
    return found;
  });
}

/** One at a time for a purchase, with its row as it is then. */
async function inTurn<T>(
  { database: { inOrg, waiting } }: OrderParts,
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

async function keep(parts: OrderParts, row: PurchaseRow, { orderId, byLink }: Held): Promise<void> {
  const revived = await parts.database.inOrg(row.orgId, async (tx) => {
    const now = parts.clock.now();
    const nextLookAt = firstLook(row.createdAt, now);
    await updatePurchase(tx, row, { providerOrderId: orderId, paidByLink: byLink, nextLookAt, looks: 0 });
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

async function findOrMake(parts: OrderParts, row: PurchaseRow): Promise<Outcome<Held>> {
  const { links } = parts.provider;
  // Where a link may exist, an order beside it would be a second way to pay.
  if (row.linkAttempts === 0 || links === null) {
    const made = await findOrMakeOrder(parts, row);
    if (!isFinalNo(made) || links === null) return read(made, asOrder);
    parts.log.warn({ purchaseId: row.purchaseId }, 'the provider refuses to make an order: a payment link instead');
  }
  return read(await findOrMakeLink(parts, links, row, requestOf(parts, row)), asLink);
}

async function findHeld(parts: OrderParts, row: PurchaseRow): Promise<Outcome<Held | null>> {
  const { links } = parts.provider;
  if (row.linkAttempts === 0 || links === null) {
    return read(await findOrder(parts, row), (order) => (order === null ? null : asOrder(order)));
  }
  return read(await findLink(parts, links, row), (link) => (link === null ? null : asLink(link)));
}

const asOrder = ({ orderId }: ProviderOrder): Held => ({ orderId, byLink: false });
const asLink = ({ linkId }: PaymentLink): Held => ({ orderId: linkId, byLink: true });

const read = <T, R>(outcome: Outcome<T>, as: (value: T) => R): Outcome<R> =>
  outcome.ok ? { ok: true, value: as(outcome.value) } : outcome;

/** The same for the same purchase, however often it is sent. */
function requestOf(parts: OrderParts, row: PurchaseRow): OrderRequest {
  return {
    receipt: row.receipt,
    amountPaise: row.amountPaise,
    currency: 'INR',
    description: catalogue[row.sku].description,
    returnUrl: returnUrlOf(parts.publicUrl, row),
    notes: { purchaseId: row.purchaseId, orgId: row.orgId, sku: row.sku },
  };
}

/** A final no of the provider is passed on only where it is about making the order. */
async function findOrMakeOrder(parts: OrderParts, row: PurchaseRow): Promise<Outcome<ProviderOrder>> {
  if (row.orderAttempts > 0) {
    const found = await findOrder(parts, row);
    if (!found.ok) return found.kind === 'refused' ? { ok: false, kind: 'unknown', reason: found.reason } : found;
    if (found.value !== null) return { ok: true, value: found.value };
  }
  // Looked for from then on, also if this process ends before it hears of the order.
  const nextLookAt = row.nextLookAt ?? firstLook(row.createdAt, parts.clock.now());
  const change = { orderAttempts: row.orderAttempts + 1, nextLookAt };
  await parts.database.inOrg(row.orgId, (tx) => updatePurchase(tx, row, change));
  const made = await parts.provider.createOrder(requestOf(parts, row));
  if (made.ok) return made;
  if (made.kind !== 'unknown') {
    // Nothing was made now; an earlier attempt, if there was one, is looked for as before.
    if (row.nextLookAt === null) {
      await parts.database.inOrg(row.orgId, (tx) => updatePurchase(tx, row, { nextLookAt: null }));
    }
    return made;
  }
  // Without a clear answer the order may exist: one look before the counter is told to come back.
  const found = await findOrder(parts, row);
  return found.ok && found.value !== null ? { ok: true, value: found.value } : made;
}

/** Where the provider sends the browser back to: the pay page's own way back. */
export function returnUrlOf(publicUrl: string, row: Pick<PurchaseRow, 'purchaseId' | 'payToken'>): string {
  return `${publicUrl}/pay/${row.purchaseId}/return?t=${row.payToken}`;
}

/** The order with our receipt, or null when the provider certainly has none. */
async function findOrder(parts: OrderParts, row: PurchaseRow): Promise<Outcome<ProviderOrder | null>> {
  const found = await parts.provider.findOrder(row.receipt);
  if (!found.ok || found.value === null) return found;
  return refuseOtherSum(parts, row, `order ${found.value.orderId}`, found.value) ?? found;
}

function unavailable(retryAfterSeconds: number | undefined): Refused {
  return { ok: false, code: 'unavailable', retryAfterSeconds: retryAfterSeconds ?? tryAgainSeconds };
}
