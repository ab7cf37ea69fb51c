// One look at one purchase: its order is found where that is unknown, the provider is asked about it, and what it says takes
// effect. It knows no timetable.
import type { OrderParts } from '../parts.ts';
import type { Outcome, ReportedPayment } from '../providers/port.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { endLink } from './ensure-link.ts';
import { adoptOrder, type Held, heldBy } from './ensure-order.ts';
import { type LookedUpPayment, lookUpOrder } from './look-up.ts';
import { soundAlarm } from './sound-alarm.ts';

export interface Seen {
  /** null: the provider has no order of this purchase. */
  readonly orderId: string | null;
  readonly payments: readonly LookedUpPayment[];
}

export async function askAbout(parts: OrderParts, row: PurchaseRow): Promise<Outcome<Seen>> {
  const adopted = row.providerOrderId === null ? await adoptOrder(parts, row.orgId, row.purchaseId) : null;
  if (adopted !== null && !adopted.ok) return adopted;
  const held = adopted?.value ?? heldBy(row);
  if (held === null) return { ok: true, value: { orderId: null, payments: [] } };
  const { orderId } = held;
  const looked = await lookUpHeld(parts, row, held);
  if (!looked.ok) return looked;
  for (const one of looked.value) await tellOfForeignMoney(parts, row, one);
  // One attempt made one order. After more, a second one may have appeared that was not in the list before.
  if (row.orderAttempts > 1) {
    const second = await tellOfSecondOrder(parts, row, held, looked.value);
    if (!second.ok) return second;
  }
  return { ok: true, value: { orderId, payments: looked.value } };
}

/** A link whose purchase nobody is to pay any more is ended here, so that it is tried again until the provider says so. */
async function lookUpHeld(
  parts: OrderParts,
  row: PurchaseRow,
  { orderId, byLink }: Held,
): Promise<Outcome<readonly LookedUpPayment[]>> {
  const asked = { ...row, providerOrderId: orderId };
  const looked = await lookUpOrder(parts, asked);
  const isClosed = row.state === 'cancelled' || row.state === 'expired';
  if (!looked.ok || !byLink || !isClosed || row.linkEndedAt !== null) return looked;
  if (looked.value.some(({ payment }) => hasMoney(payment))) return looked;
  const ended = await endLink(parts, row, orderId);
  if (!ended.ok) return ended;
  // Paid between the look and the wish to end it.
  return ended.value === 'paid' ? lookUpOrder(parts, asked) : looked;
}

const hasMoney = ({ status }: ReportedPayment): boolean => status === 'captured' || status === 'refunded';

/** The report of our order has money in it that says it is another order's. */
async function tellOfForeignMoney(
  parts: OrderParts,
  row: PurchaseRow,
  { payment, became }: LookedUpPayment,
): Promise<void> {
  if (became !== 'foreign' || !hasMoney(payment)) return;
  const { paymentId, orderId, amountPaise, currency } = payment;
  await soundAlarm(parts, {
    kind: 'money_without_effect',
    subject: `payment ${paymentId}`,
    orgId: row.orgId,
    details: { purchaseId: row.purchaseId, orderId, amountPaise, currency },
  });
}

async function tellOfSecondOrder(
  parts: OrderParts,
  row: PurchaseRow,
  { orderId, byLink }: Held,
  known: readonly LookedUpPayment[],
): Promise<Outcome<null>> {
  const found = await parts.provider.findOrder(row.receipt);
  if (!found.ok) return found;
  if (found.value === null || found.value.orderId === orderId) return { ok: true, value: null };
  // A link makes an order for itself, which may have the link's receipt: what is paid by it is paid by the link.
  if (byLink) {
    const second = await parts.provider.fetchOrder(found.value.orderId);
    if (!second.ok) return second;
    const ours = new Set(known.map(({ payment }) => payment.paymentId));
    if (second.value.payments.every((payment) => !hasMoney(payment) || ours.has(payment.paymentId))) {
      return { ok: true, value: null };
    }
  }
  await soundAlarm(parts, {
    kind: 'second_order',
    subject: row.purchaseId,
    orgId: row.orgId,
    details: { receipt: row.receipt, orderId, otherOrderId: found.value.orderId, status: found.value.status },
  });
  return { ok: true, value: null };
}
