// Refunds of money that may not stay: the second plan or the second renewal of a year. The provider first, then, on its
// word, the purchase. The key is the payment's own, so that asking again never sends the money back twice.
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Parts } from '../parts.ts';
import { movePurchase } from '../purchase/machine.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { lockPurchase, updatePurchase } from '../store/purchases.ts';
import { billingPayment } from '../store/schema.ts';
import { lockSubscription } from '../store/subscriptions.ts';

type PaymentRow = typeof billingPayment.$inferSelect;

/** Sends back what is due; returns how many went. What fails stays due and is tried at the next run. */
export async function sendBackDue(parts: Parts): Promise<number> {
  const due = await parts.database.acrossOrgs
    .select()
    .from(billingPayment)
    .where(and(eq(billingPayment.effect, 'refund_due'), eq(billingPayment.provider, parts.provider.name)))
    .orderBy(billingPayment.createdAt)
    .limit(100);
  let sent = 0;
  for (const payment of due) {
    const key = createHash('sha256').update(`${payment.provider} ${payment.paymentId}`).digest('hex').slice(0, 40);
    const refund = await parts.provider.refundPayment({
      paymentId: payment.paymentId,
      amountPaise: payment.amountPaise,
      idempotencyKey: key,
    });
    if (refund.ok && refund.value.status !== 'failed') {
      await noteSentBack(parts, payment, refund.value.refundId);
      sent += 1;
    } else {
      const reason = refund.ok ? 'the provider says failed' : refund.reason;
      parts.log.error({ paymentId: payment.paymentId, reason }, 'refund not made yet');
    }
  }
  return sent;
}

async function noteSentBack(parts: Parts, payment: PaymentRow, refundId: string): Promise<void> {
  const { orgId, purchaseId, paymentId } = payment;
  await parts.database.inOrg(orgId, async (tx) => {
    await lockSubscription(tx, orgId);
    const row = await lockPurchase(tx, orgId, purchaseId);
    const now = parts.clock.now();
    const changed = await tx
      .update(billingPayment)
      .set({ effect: 'refunded', refundId, refundedPaise: payment.amountPaise, updatedAt: now })
      .where(
        and(
          eq(billingPayment.orgId, orgId),
          eq(billingPayment.provider, payment.provider),
          eq(billingPayment.paymentId, paymentId),
          eq(billingPayment.effect, 'refund_due'),
        ),
      )
      .returning({ id: billingPayment.paymentId });
    if (changed.length === 0) return;
    const move = movePurchase(row.state, 'sent_back');
    const refundedPaise = row.refundedPaise + payment.amountPaise;
    await updatePurchase(
      tx,
      row,
      move === 'nothing' || move === 'refused' ? { refundedPaise } : { state: move.to, refundedPaise },
    );
    const details = { paymentId, refundId, amountPaise: payment.amountPaise };
    await writeAudit(tx, { orgId, actor: 'system', action: 'payment.sent_back', subject: purchaseId, details }, now);
    await announceChange(tx, orgId);
  });
}
