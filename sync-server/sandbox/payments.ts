// Owns payments and their state machine: authorized → captured → refunded, failed → authorized (late). One success an
// order: a second one that comes late is given back at once. Each step that the world outside would hear of is announced
// in the same transaction, so that a crash leaves either both or none.

import type { BankReasonName } from './bank-reasons.ts';
import { bankReasons } from './bank-reasons.ts';
import type { Db, OrderRow, PaymentRow } from './database.ts';
import type { Announce } from './events.ts';
import type { Faults } from './faults.ts';
import type { Clock, NewId } from './ids.ts';
import type { Orders } from './orders.ts';
import { type Attempt, createPaymentRows, type PaymentRows } from './payment-rows.ts';
import type { Refunds } from './refunds.ts';
import { Refusal } from './refusal.ts';
import { type EventName, ofPayment, type Snapshot } from './snapshots.ts';

/** Who has a word in the payments of some orders: links and mandates. Their events go out with the payment's. */
export interface Follower {
  /** The invoice that a payment of this order is for. */
  invoiceIdOf?(order: OrderRow): string | null;
  /** Refuses by throwing. */
  mayPay?(order: OrderRow): void;
  captured?(payment: PaymentRow, order: OrderRow): Snapshot[];
  failed?(payment: PaymentRow): Snapshot[];
}

export interface PaymentParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: Faults;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly announce: Announce;
  readonly followers: readonly Follower[];
}

export type Payments = ReturnType<typeof createPayments>;

export function createPayments(parts: PaymentParts) {
  const { db, faults, orders, announce, followers } = parts;
  const rows = createPaymentRows(parts);
  const { snapshot, settle, settleAtOnce, authoriseLate } = createSettling(parts, rows);

  function payable(order: OrderRow): OrderRow {
    if (order.status === 'paid') throw new Refusal('Payment processing failed because the order is already paid');
    if (rows.ofOrder(order.id).some(({ status }) => status === 'authorized')) {
      throw new Refusal('Another payment of this order is being processed');
    }
    for (const follower of followers) follower.mayPay?.(order);
    return order;
  }

  function insert(order: OrderRow, attempt: Attempt, status: 'authorized' | 'failed', error: string | null): string {
    const invoiceId = followers.map((one) => one.invoiceIdOf?.(order) ?? null).find((id) => id !== null) ?? null;
    const id = rows.insert({ order, attempt, status, error, invoiceId });
    orders.markAttempted(order.id);
    return id;
  }

  return {
    get: rows.get,
    ofOrder: rows.ofOrder,
    list: rows.list,
    pay: db.transaction((attempt: Attempt): PaymentRow => {
      const asked = payable(orders.get(attempt.orderId));
      const order = faults.take('foreign_order') ? orders.makeForeign(asked) : asked;
      const id = insert(order, attempt, 'authorized', null);
      const told = [snapshot('payment.authorized', id)];
      announce(attempt.capture === false ? told : [...told, ...settleAtOnce(id)]);
      return rows.get(id);
    }),
    fail: db.transaction((attempt: Attempt, reason: BankReasonName): PaymentRow => {
      const order = payable(orders.get(attempt.orderId));
      const id = insert(order, attempt, 'failed', JSON.stringify(bankReasons[reason]));
      const heard = followers.flatMap((follower) => follower.failed?.(rows.get(id)) ?? []);
      const told = [snapshot('payment.failed', id), ...heard];
      announce(faults.take('late_authorisation') ? [...told, ...authoriseLate(id)] : told);
      return rows.get(id);
    }),
    authoriseLate: db.transaction((id: string): PaymentRow => {
      announce(authoriseLate(id));
      return rows.get(id);
    }),
    capture: db.transaction((id: string, amount: unknown): PaymentRow => {
      mayBeCaptured(rows.get(id), amount);
      if (orders.get(rows.get(id).order_id).status === 'paid') throw new Refusal('The order is already paid');
      announce(settle(id));
      return rows.get(id);
    }),
  };
}

/** How a payment becomes money, and what is told of it. The callers announce. */
function createSettling(parts: PaymentParts, rows: PaymentRows) {
  const { faults, orders, refunds, followers } = parts;
  const snapshot = (event: EventName, id: string): Snapshot => {
    const payment = rows.get(id);
    return ofPayment(event, { payment, order: orders.get(payment.order_id) });
  };

  function settle(id: string): Snapshot[] {
    const { order_id, amount, partial } = rows.get(id);
    rows.move(id, 'captured');
    if (partial === 1) orders.addPart(order_id, amount);
    else orders.markPaid(order_id, amount);
    const order = orders.get(order_id);
    const paid = order.status === 'paid' ? [snapshot('order.paid', id)] : [];
    const heard = followers.flatMap((follower) => follower.captured?.(rows.get(id), order) ?? []);
    return [snapshot('payment.captured', id), ...paid, ...heard];
  }

  return {
    snapshot,
    settle,
    /** Captured and, where the switch says so, given back before anybody hears of the capture. */
    settleAtOnce(id: string): Snapshot[] {
      const told = settle(id);
      return faults.take('refund_before_captured') ? [...refunds.giveBack(rows.get(id)), ...told] : told;
    },
    authoriseLate(id: string): Snapshot[] {
      const payment = rows.get(id);
      if (payment.status !== 'failed') throw new Refusal('Only a failed payment can be authorised late');
      rows.move(id, 'authorized');
      const told = [snapshot('payment.authorized', id)];
      if (orders.get(payment.order_id).status !== 'paid') return [...told, ...settle(id)];
      rows.move(id, 'captured');
      return [...told, ...refunds.giveBack(rows.get(id))];
    },
  };
}

function mayBeCaptured(payment: PaymentRow, amount: unknown): void {
  if (!Number.isSafeInteger(amount)) throw new Refusal('The amount must be an integer.', { field: 'amount' });
  if (payment.status === 'captured' || payment.status === 'refunded') {
    throw new Refusal('This payment has already been captured');
  }
  if (payment.status !== 'authorized') throw new Refusal('Only payments which have been authorized can be captured');
  if (amount !== payment.amount) throw new Refusal('Capture amount must be equal to the amount authorized');
}
