// Owns the reading and writing of payment rows, and what the payment switches make of a new one. The rules are in
// payments.ts.

import type { Db, OrderRow, PaymentRow } from './database.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import { noSuchId } from './refusal.ts';

export interface Attempt {
  readonly orderId: string;
  readonly method: PaymentRow['method'];
  readonly instrument?: string | undefined;
  /** False leaves the payment authorised, to be captured by the API. */
  readonly capture?: boolean | undefined;
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
}

export interface NewPayment {
  readonly order: OrderRow;
  readonly attempt: Attempt;
  readonly status: 'authorized' | 'failed';
  readonly error: string | null;
  readonly invoiceId: string | null;
}

export interface PaymentRowParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: Faults;
}

export type PaymentRows = ReturnType<typeof createPaymentRows>;

const INSTRUMENTS = { card: '4111111111111111', upi: 'success@razorpay', netbanking: 'HDFC' } as const;

export function createPaymentRows({ db, clock, newId, faults }: PaymentRowParts) {
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
    insert({ order, attempt, status, error, invoiceId }: NewPayment): string {
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
        invoice_id: invoiceId,
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
