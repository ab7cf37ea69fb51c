// Which purchases the provider is to be asked about, and whose turn each is. A look is taken by moving its time ahead, so
// that no two processes make the same one, and one whose process ended comes due again by itself.
import { and, eq, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { leaseUntil, unsettledStates, webhookCheckAt } from '../purchase/looks.ts';
import { type PurchaseKey, updatePurchase } from './purchases.ts';
import { billingPayment, type PurchaseRow, purchase, webhookInbox } from './schema.ts';
import type { Tx } from './tx.ts';

const key = { orgId: purchase.orgId, purchaseId: purchase.purchaseId };

export interface DueLook extends PurchaseKey {
  readonly at: Date | null;
}

/** Looks that are due, the longest due first, beginning after the last of the page before. */
export async function listDueLooks(
  tx: Tx,
  provider: string,
  now: Date,
  after: DueLook | null,
  limit: number,
): Promise<DueLook[]> {
  const place = sql`(${purchase.nextLookAt}, ${purchase.orgId}, ${purchase.purchaseId})`;
  return tx
    .select({ ...key, at: purchase.nextLookAt })
    .from(purchase)
    .where(
      and(
        eq(purchase.provider, provider),
        lte(purchase.nextLookAt, now),
        after === null
          ? undefined
          : sql`${place} > (${after.at?.toISOString() ?? null}::timestamptz, ${after.orgId}, ${after.purchaseId})`,
      ),
    )
    .orderBy(purchase.nextLookAt, purchase.orgId, purchase.purchaseId)
    .limit(limit);
}

/** Every purchase of which money may come that has had no effect, of any age; by org and id. */
export async function listUnsettled(
  tx: Tx,
  provider: string,
  after: PurchaseKey | null,
  limit: number,
): Promise<PurchaseKey[]> {
  const mayHaveAnOrder: SQL | undefined = or(isNotNull(purchase.providerOrderId), sql`${purchase.orderAttempts} > 0`);
  return tx
    .select(key)
    .from(purchase)
    .where(
      and(
        eq(purchase.provider, provider),
        inArray(purchase.state, [...unsettledStates]),
        mayHaveAnOrder,
        after === null
          ? undefined
          : sql`(${purchase.orgId}, ${purchase.purchaseId}) > (${after.orgId}, ${after.purchaseId})`,
      ),
    )
    .orderBy(purchase.orgId, purchase.purchaseId)
    .limit(limit);
}

/** A look that was taken. `dueAt`: when it was due; the row has the time at which it is due again if nobody closes it. */
export interface TakenLook {
  readonly row: PurchaseRow;
  readonly dueAt: Date;
}

/** Takes a look that is still due; null if another process has it. */
export async function takeLook(tx: Tx, at: PurchaseKey, now: Date): Promise<TakenLook | null> {
  const [due] = await tx
    .select()
    .from(purchase)
    .where(and(eq(purchase.orgId, at.orgId), eq(purchase.purchaseId, at.purchaseId), lte(purchase.nextLookAt, now)))
    .for('update', { skipLocked: true });
  if (due === undefined || due.nextLookAt === null) return null;
  const nextLookAt = leaseUntil(now);
  await updatePurchase(tx, at, { nextLookAt });
  return { row: { ...due, nextLookAt }, dueAt: due.nextLookAt };
}

export type LookChange = Pick<PurchaseRow, 'nextLookAt'> & Partial<Pick<PurchaseRow, 'looks' | 'webhookSeen'>>;

/** Says when the next look is due, unless something that happened meanwhile said so already. */
export async function closeLook(tx: Tx, { row }: TakenLook, change: LookChange): Promise<void> {
  if (row.nextLookAt === null) throw new Error('a look that nobody took');
  await tx
    .update(purchase)
    .set(change)
    .where(
      and(
        eq(purchase.orgId, row.orgId),
        eq(purchase.purchaseId, row.purchaseId),
        eq(purchase.nextLookAt, row.nextLookAt),
      ),
    );
}

/**
 * Money of an order was found by a look-up. `paid`: it paid its purchase now; else it was kept aside, and who brought the
 * news of it is noted where nobody did before.
 */
export async function noteLookUp(tx: Tx, provider: string, orderId: string, paid: boolean, now: Date): Promise<void> {
  await tx
    .update(purchase)
    .set({ settledBy: 'look_up', nextLookAt: webhookCheckAt(now) })
    .where(
      and(
        eq(purchase.provider, provider),
        eq(purchase.providerOrderId, orderId),
        paid ? undefined : isNull(purchase.settledBy),
      ),
    );
}

/** Whether any signed webhook of this order ever came. */
export async function sawWebhook(tx: Tx, provider: string, orderId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: webhookInbox.inboxId })
    .from(webhookInbox)
    .where(and(eq(webhookInbox.provider, provider), eq(webhookInbox.orderId, orderId)))
    .limit(1);
  return rows.length > 0;
}

/** The payment that paid a purchase, as it was told. */
export async function findSettledPayment(
  tx: Tx,
  { orgId, purchaseId }: PurchaseKey,
): Promise<{ paymentId: string; amountPaise: number } | null> {
  const [found] = await tx
    .select({ paymentId: billingPayment.paymentId, amountPaise: billingPayment.amountPaise })
    .from(billingPayment)
    .where(
      and(
        eq(billingPayment.orgId, orgId),
        eq(billingPayment.purchaseId, purchaseId),
        eq(billingPayment.effect, 'settled'),
      ),
    );
  return found ?? null;
}
