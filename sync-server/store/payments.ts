// Payment rows: money that the provider reported, once per payment. Whose they are, what was refunded of them, and which
// stored events wait for one to be known.
import { and, eq, inArray, lte, ne, sql } from 'drizzle-orm';
import type { ReportedPayment } from '../providers/port.ts';
import { billingPayment, type PurchaseRow, webhookInbox } from './schema.ts';
import type { Tx } from './tx.ts';

export type PaymentRow = typeof billingPayment.$inferSelect;
export type PaymentKey = Pick<PaymentRow, 'orgId' | 'provider' | 'paymentId' | 'purchaseId'>;

/** Looks across orgs; null for a payment that has no row. */
export async function findPayment(tx: Tx, provider: string, paymentId: string): Promise<PaymentKey | null> {
  const { orgId, purchaseId } = billingPayment;
  const [row] = await tx
    .select({ orgId, provider: billingPayment.provider, paymentId: billingPayment.paymentId, purchaseId })
    .from(billingPayment)
    .where(and(eq(billingPayment.provider, provider), eq(billingPayment.paymentId, paymentId)));
  return row ?? null;
}

const isIt = ({ orgId, provider, paymentId }: Omit<PaymentKey, 'purchaseId'>) =>
  and(eq(billingPayment.orgId, orgId), eq(billingPayment.provider, provider), eq(billingPayment.paymentId, paymentId));

/** The org's subscription and the purchase are locked before. */
export async function lockPayment(tx: Tx, key: Omit<PaymentKey, 'purchaseId'>): Promise<PaymentRow> {
  const [row] = await tx.select().from(billingPayment).where(isIt(key)).for('update');
  if (row === undefined) throw new Error(`payment ${key.paymentId} vanished`);
  return row;
}

export async function paymentsOf(tx: Tx, orgId: string, purchaseId: string): Promise<PaymentRow[]> {
  return tx
    .select()
    .from(billingPayment)
    .where(and(eq(billingPayment.orgId, orgId), eq(billingPayment.purchaseId, purchaseId)))
    .orderBy(billingPayment.createdAt, billingPayment.paymentId);
}

export async function updatePayment(tx: Tx, key: PaymentKey, change: Partial<PaymentRow>): Promise<void> {
  await tx.update(billingPayment).set(change).where(isIt(key));
}

/** Keeps the most that any report said was refunded: reports come in any order. */
export async function noteReportedRefund(tx: Tx, key: PaymentKey, payment: ReportedPayment, now: Date): Promise<void> {
  if (payment.amountRefundedPaise === 0) return;
  await tx
    .update(billingPayment)
    .set({ reportedRefundedPaise: payment.amountRefundedPaise, updatedAt: now })
    .where(and(isIt(key), sql`${billingPayment.reportedRefundedPaise} < ${payment.amountRefundedPaise}`));
}

/** Payments of which more was reported as refunded than is known, and which nobody asked about since `before`. Looks across orgs. */
export async function listUntold(tx: Tx, provider: string, before: Date, limit: number): Promise<PaymentRow[]> {
  return tx
    .select()
    .from(billingPayment)
    .where(
      and(
        eq(billingPayment.provider, provider),
        sql`${billingPayment.reportedRefundedPaise} > ${billingPayment.refundedPaise}`,
        lte(billingPayment.updatedAt, before),
      ),
    )
    .orderBy(billingPayment.updatedAt)
    .limit(limit);
}

export async function insertPayment(
  tx: Tx,
  purchase: PurchaseRow,
  payment: ReportedPayment,
  effect: 'settled' | 'review' | 'refund_due',
  reason: string | null,
  capturedAt: Date,
  now: Date,
): Promise<void> {
  if (purchase.providerOrderId === null) throw new Error('a payment without an order');
  await tx.insert(billingPayment).values({
    orgId: purchase.orgId,
    provider: purchase.provider,
    paymentId: payment.paymentId,
    purchaseId: purchase.purchaseId,
    providerOrderId: purchase.providerOrderId,
    amountPaise: payment.amountPaise,
    currency: payment.currency,
    method: payment.method,
    capturedAt,
    effect,
    reason,
    refundedPaise: 0,
    reportedRefundedPaise: payment.amountRefundedPaise,
    createdAt: now,
    updatedAt: now,
  });
  await reviveEventsOf(tx, purchase.provider, payment.paymentId, now);
}

/**
 * Events about a payment that came before it was known, a refund before its capture, are due again now. One that another
 * worker has in its hands is passed over: it looks again by itself.
 */
async function reviveEventsOf(tx: Tx, provider: string, paymentId: string, now: Date): Promise<void> {
  const waiting = await tx
    .select({ inboxId: webhookInbox.inboxId })
    .from(webhookInbox)
    .where(
      and(
        eq(webhookInbox.provider, provider),
        eq(webhookInbox.paymentId, paymentId),
        ne(webhookInbox.state, 'applied'),
        sql`${webhookInbox.attempts} > 0`,
      ),
    )
    .for('update', { skipLocked: true });
  if (waiting.length === 0) return;
  await tx
    .update(webhookInbox)
    .set({ state: 'pending', attempts: 0, nextAttemptAt: now, doneAt: null })
    .where(
      inArray(
        webhookInbox.inboxId,
        waiting.map(({ inboxId }) => inboxId),
      ),
    );
}
