// Money that has no effect: kept on the books with its reason, for an operator to decide or on its way back.
import type { AlarmKind } from '../../shared/contract/alarms.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { ReportedPayment } from '../providers/port.ts';
import { raiseAlarm } from './alarms.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { insertPayment, lockPayment, type PaymentKey } from './payments.ts';
import { updatePurchase } from './purchases.ts';
import { insertRequest } from './refund-rows.ts';
import type { PurchaseRow } from './schema.ts';
import type { Tx } from './tx.ts';

function alarmOf(reason: string): AlarmKind {
  if (reason.startsWith('paid again')) return 'money_without_effect';
  return reason.startsWith('currency') ? 'currency_mismatch' : 'amount_mismatch';
}

/** Money without an effect: kept on the books with its reason, the purchase marked, an alarm raised. Nothing is granted. */
export async function keepAside(
  tx: Tx,
  parts: Pick<Parts, 'clock' | 'random' | 'log'>,
  purchase: PurchaseRow,
  to: PurchaseRow['state'],
  payment: ReportedPayment,
  effect: 'review' | 'refund_due',
  reason: string,
): Promise<void> {
  const now = parts.clock.now();
  if (to !== purchase.state) {
    await updatePurchase(tx, purchase, { state: to, reviewReason: reason, closedAt: now, nextLookAt: null });
  }
  await insertPayment(tx, purchase, payment, effect, reason, payment.capturedAt ?? now, now);
  if (effect === 'refund_due') {
    const row = await lockPayment(tx, { ...purchase, paymentId: payment.paymentId });
    const refundKey = makeId('rfq', parts.clock, parts.random);
    await insertRequest(tx, row, { refundKey, amountPaise: row.amountPaise, actor: 'system', reason }, now);
  }
  const { paymentId, amountPaise, currency } = payment;
  const { orgId, purchaseId } = purchase;
  const details = { purchaseId, paymentId, amountPaise, currency, reason };
  if (effect === 'review') {
    await raiseAlarm(tx, { kind: alarmOf(reason), subject: `payment ${paymentId}`, orgId, details }, now);
  } else {
    const row = { orgId, actor: 'provider', action: 'payment.refund_due', subject: purchaseId, details };
    await writeAudit(tx, row, now);
  }
  parts.log.error(details, 'money without an effect');
  await announceChange(tx, purchase.orgId);
}

/**
 * Money that has its place with another purchase is told of as this one's. One payment pays one order, so one of the two
 * reports is wrong; nothing is given for it a second time, trying again cannot help, and a person must look.
 */
export async function tellOfAnothers(
  tx: Tx,
  parts: Pick<Parts, 'clock' | 'log'>,
  { orgId, purchaseId, providerOrderId }: PurchaseRow,
  { paymentId, amountPaise, currency }: ReportedPayment,
  of: PaymentKey,
): Promise<'anothers'> {
  const reason = 'the payment is known as money of another purchase';
  const itsOwner = { orgId: of.orgId, purchaseId: of.purchaseId };
  const details = { purchaseId, orderId: providerOrderId, paymentId, amountPaise, currency, reason, of: itsOwner };
  await raiseAlarm(
    tx,
    { kind: 'money_without_effect', subject: `payment ${paymentId}`, orgId, details },
    parts.clock.now(),
  );
  parts.log.error(details, 'one payment is told of as money of two purchases');
  return 'anothers';
}
