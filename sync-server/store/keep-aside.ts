// Money that has no effect: kept on the books with its reason, for an operator to decide or on its way back.
import type { AlarmKind } from '../../shared/contract/alarms.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { ReportedPayment } from '../providers/port.ts';
import { raiseAlarm } from './alarms.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { insertPayment, lockPayment } from './payments.ts';
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
