// Owns payments and their state machine: authorized → captured → refunded, failed → authorized (late). One success an
// order: a second one that comes late is given back at once. Each step that the world outside would hear of is announced
// in the same transaction, so that a crash leaves either both or none.

import type { BankReasonName } from './bank-reasons.ts';
import { bankReasons } from './bank-reasons.ts';
import type { Db, OrderRow, PaymentRow } from './database.ts';
import type { Announce } from './events.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import type { Orders } from './orders.ts';
import type { Refunds } from './refunds.ts';
import { noSuchId, Refusal } from './refusal.ts';
import { type EventName, ofPayment, type Snapshot } from './snapshots.ts';

export interface Attempt {
  readonly orderId: string;
  readonly method: PaymentRow['method'];
  readonly instrument?: string | undefined;
  /** False leaves the payment authorised, to be captured by the API. */
  readonly capture?: boolean | undefined;
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
  readonly invoiceId?: string | undefined;
}

export interface PaymentParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: Faults;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly announce: Announce;
}

export type Payments = ReturnType<typeof createPayments>;

const INSTRUMENTS = { card: '4111111111111111', upi: 'success@razorpay', netbanking: 'HDFC' } as const;

export function createPayments(parts: PaymentParts) {
  const { db, faults, orders, announce } = parts;
  const rows = createRows(parts);
  const snapshot = (event: EventName, id: string): Snapshot => {
    const payment = rows.get(id);
    return ofPayment(event, { payment, order: orders.get(payment.order_id) });
  };

  function settle(id: string): Snapshot[] {
    const { order_id, amount, partial } = rows.get(id);
    rows.move(id, 'captured');
    if (partial === 1 && orders.addPart(order_id, amount).status !== 'paid') return [snapshot('payment.captured', id)];
    if (partial === 0) orders.markPaid(order_id, amount);
    return [snapshot('payment.captured', id), snapshot('order.paid', id)];
  }

  /** Captured and, where the switch says so, given back before anybody hears of the capture. */
  function settleAtOnce(id: string): Snapshot[] {
    const told = settle(id);
    return faults.take('refund_before_captured') ? [...parts.refunds.giveBack(rows.get(id)), ...told] : told;
  }

  function authoriseLate(id: string): Snapshot[] {
    const payment = rows.get(id);
    if (payment.status !== 'failed') throw new Refusal('Only a failed payment can be authorised late');
    rows.move(id, 'authorized');
    const told = [snapshot('payment.authorized', id)];
    if (orders.get(payment.order_id).status !== 'paid') return [...told, ...settle(id)];
    rows.move(id, 'captured');
    return [...told, ...parts.refunds.giveBack(rows.get(id))];
  }

  return {
    get: rows.get,
    ofOrder: rows.ofOrder,
    list: rows.list,
    pay: db.transaction((attempt: Attempt): PaymentRow => {
      const asked = payable(orders.get(attempt.orderId), rows);
      const order = faults.take('foreign_order') ? orders.makeForeign(asked) : asked;
      const id = rows.insert(order, attempt, 'authorized', null);
      orders.markAttempted(order.id);
      const told = [snapshot('payment.authorized', id)];
      announce(attempt.capture === false ? told : [...told, ...settleAtOnce(id)]);
      return rows.get(id);
    }),
    fail: db.transaction((attempt: Attempt, reason: BankReasonName): PaymentRow => {
      const order = payable(orders.get(attempt.orderId), rows);
      const id = rows.insert(order, attempt, 'failed', JSON.stringify(bankReasons[reason]));
      orders.markAttempted(order.id);
      const told = [snapshot('payment.failed', id)];
      announce(faults.take('late_authorisation') ? [...told, ...authoriseLate(id)] : told);
      return rows.get(id);
    }),
    authoriseLate: db.transaction((id: string): PaymentRow => {
      announce(authoriseLate(id));
      return rows.get(id);
    }),
    capture: db.transaction((id: string, amount: unknown): PaymentRow => {
      const payment = rows.get(id);
      if (!Number.isSafeInteger(amount)) throw new Refusal('The amount must be an integer.', { field: 'amount' });
      if (payment.status === 'captured' || payment.status === 'refunded') {
        throw new Refusal('This payment has already been captured');
      }
      if (payment.status !== 'authorized')
        throw new Refusal('Only payments which have been authorized can be captured');
      if (amount !== payment.amount) throw new Refusal('Capture amount must be equal to the amount authorized');
      if (orders.get(payment.order_id).status === 'paid') throw new Refusal('The order is already paid');
      announce(settle(id));
      return rows.get(id);
    }),
  };
}

function payable(order: OrderRow, rows: { ofOrder(orderId: string): PaymentRow[] }): OrderRow {
  if (order.status === 'paid') throw new Refusal('Payment processing failed because the order is already paid');
  if (rows.ofOrder(order.id).some(({ status }) => status === 'authorized')) {
    throw new Refusal('Another payment of this order is being processed');
  }
  return order;
}

/** Reading and writing the rows alone; the rules are above. */
function createRows({ db, clock, newId, faults }: PaymentParts) {
  const byId = db.prepare<[string], PaymentRow>('SELECT * FROM payments WHERE id = ?');
  const insertRow = db.prepare<[Omit<PaymentRow, 'amount_refunded'>]>(`
    INSERT INTO payments (id, order_id, amount, currency, status, method, instrument, notes, captured_text, error,
      invoice_id, partial, created_at)
    VALUES (@id, @order_id, @amount, @currency, @status, @method, @instrument, @notes, @captured_text, @error,
      @invoice_id, @partial, @created_at)`);
  const ofOrder = db.prepare<[string], PaymentRow>('SELECT * FROM payments WHERE order_id = ? ORDER BY id');
  const listed = db.prepare<[number, number, number], PaymentRow>(
    'SELECT * FROM payments WHERE created_at <= ? ORDER BY id DESC LIMIT ? OFFSET ?',
  );
  // A failed payment that is authorised late is no failure any more: its reason goes.
  const moved = db.prepare<[string, string]>('UPDATE payments SET status = ?, error = NULL WHERE id = ?');
  return {
    get(id: string): PaymentRow {
      const row = byId.get(id);
      if (row === undefined) throw noSuchId();
      return row;
    },
    ofOrder: (orderId: string): PaymentRow[] => ofOrder.all(orderId),
    list: (count: number, skip: number, until = Number.MAX_SAFE_INTEGER): PaymentRow[] =>
      listed.all(until, count, skip),
    move(id: string, status: PaymentRow['status']): void {
      moved.run(status, id);
    },
    insert(order: OrderRow, attempt: Attempt, status: PaymentRow['status'], error: string | null): string {
      const id = newId('pay_');
      const due = order.amount - order.amount_paid;
      const partial = attempt.amount === undefined && faults.take('partial_payment');
      const asked = partial ? Math.ceil(due / 2) : due;
      const short = faults.take('wrong_amount') ? shortOf(asked) : asked;
      insertRow.run({
        id,
        order_id: order.id,
        amount: attempt.amount ?? short,
        currency: attempt.currency ?? (faults.take('wrong_currency') ? 'USD' : order.currency),
        status,
        method: attempt.method,
        instrument: attempt.instrument ?? INSTRUMENTS[attempt.method],
        notes: notesOf(order, faults),
        captured_text: faults.take('captured_text') ? 1 : 0,
        error,
        invoice_id: attempt.invoiceId ?? null,
        partial: partial ? 1 : 0,
        created_at: unixSeconds(clock),
      });
      return id;
    },
  };
}

function shortOf(amount: number): number {
  return amount > 100 ? amount - 100 : amount + 100;
}

function notesOf(order: OrderRow, faults: Faults): string {
  if (faults.take('notes_null')) return 'null';
  return faults.take('notes_list') ? '[]' : order.notes;
}
