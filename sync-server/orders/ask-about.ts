// One look at one purchase: its order is found where that is unknown, the provider is asked about it, and what it says takes
// effect. It knows no timetable.
import type { Parts } from '../parts.ts';
import type { Outcome } from '../providers/port.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { adoptOrder } from './ensure-order.ts';
import { type LookedUpPayment, lookUpOrder } from './look-up.ts';
import { soundAlarm } from './sound-alarm.ts';

export interface Seen {
  /** null: the provider has no order of this purchase. */
  readonly orderId: string | null;
  readonly payments: readonly LookedUpPayment[];
}

export async function askAbout(parts: Parts, row: PurchaseRow): Promise<Outcome<Seen>> {
  const adopted = row.providerOrderId === null ? await adoptOrder(parts, row.orgId, row.purchaseId) : null;
  if (adopted !== null && !adopted.ok) return adopted;
  const orderId = adopted?.value ?? row.providerOrderId;
  if (orderId === null) return { ok: true, value: { orderId, payments: [] } };
  const looked = await lookUpOrder(parts, { ...row, providerOrderId: orderId });
  if (!looked.ok) return looked;
  for (const one of looked.value) await tellOfForeignMoney(parts, row, one);
  // One attempt made one order. After more, a second one may have appeared that was not in the list before.
  if (row.orderAttempts > 1) {
    const second = await tellOfSecondOrder(parts, row, orderId);
    if (!second.ok) return second;
  }
  return { ok: true, value: { orderId, payments: looked.value } };
}

/** The report of our order has money in it that says it is another order's. */
async function tellOfForeignMoney(parts: Parts, row: PurchaseRow, { payment, became }: LookedUpPayment): Promise<void> {
  const hasMoney = payment.status === 'captured' || payment.status === 'refunded';
  if (became !== 'foreign' || !hasMoney) return;
  const { paymentId, orderId, amountPaise, currency } = payment;
  await soundAlarm(parts, {
    kind: 'money_without_effect',
    subject: `payment ${paymentId}`,
    orgId: row.orgId,
    details: { purchaseId: row.purchaseId, orderId, amountPaise, currency },
  });
}

async function tellOfSecondOrder(parts: Parts, row: PurchaseRow, orderId: string): Promise<Outcome<null>> {
  const found = await parts.provider.findOrder(row.receipt);
  if (!found.ok) return found;
  if (found.value !== null && found.value.orderId !== orderId) {
    await soundAlarm(parts, {
      kind: 'second_order',
      subject: row.purchaseId,
      orgId: row.orgId,
      details: { receipt: row.receipt, orderId, otherOrderId: found.value.orderId, status: found.value.status },
    });
  }
  return { ok: true, value: null };
}
