// Owns refunds: the checks, the idempotency key (same key and body answers the same refund, another body is refused), and
// what a refund does to its payment. An order that was paid stays paid. Refunds are processed at once unless a switch says
// otherwise; one that fails brings its money back to the payment.

import { z } from 'zod';
import type { Db, PaymentRow, RefundRow } from './database.ts';
import type { Announce } from './events.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import { notesText, type Orders } from './orders.ts';
import { createRefundRows } from './refund-rows.ts';
import { Refusal } from './refusal.ts';
import { ofPayment, type Snapshot } from './snapshots.ts';

const refundBody = z.object({
  amount: z.number().nullish(),
  receipt: z.string().max(40).nullish(),
  notes: notesText,
});

const KEY = /^[A-Za-z0-9_-]{10,}$/;

export type Refunds = ReturnType<typeof createRefunds>;

export interface RefundParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: Faults;
  readonly orders: Orders;
  readonly announce: Announce;
}

export function createRefunds({ db, clock, newId, faults, orders, announce }: RefundParts) {
  const rows = createRefundRows(db);

  const about = (event: 'refund.created' | 'refund.processed' | 'refund.failed', refund: RefundRow): Snapshot => {
    const payment = rows.payment(refund.payment_id);
    return ofPayment(event, { payment, order: orders.get(payment.order_id), refund });
  };

  function finish(refund: RefundRow, status: 'processed' | 'failed'): Snapshot {
    if (refund.status !== 'pending') throw new Refusal('Only a pending refund can be finished');
    rows.finish(refund, status);
    return about(`refund.${status}`, rows.get(refund.id));
  }

  function write(row: Pick<RefundRow, 'amount' | 'receipt' | 'notes' | 'idempotency_key' | 'request'>, of: PaymentRow) {
    const fails = faults.take('refund_fails');
    const status = fails || faults.take('refund_pending') ? 'pending' : 'processed';
    const made = { id: newId('rfnd_'), payment_id: of.id, currency: of.currency, created_at: unixSeconds(clock) };
    const refund: RefundRow = { ...row, ...made, status };
    rows.insert(refund);
    const told = [about('refund.created', refund)];
    if (fails) return { refund, told: [...told, finish(refund, 'failed')] };
    return { refund, told: status === 'pending' ? told : [...told, about('refund.processed', refund)] };
  }

  return {
    create: db.transaction((paymentId: string, body: unknown, key: string | null): RefundRow => {
      if (key !== null && !KEY.test(key)) throw new Refusal('The idempotency key must have at least 10 characters');
      const request = JSON.stringify({ paymentId, body });
      const seen = key === null ? null : rows.ofKey(key);
      if (seen?.request === request) return seen;
      if (seen !== null) {
        throw new Refusal('Different request with the same idempotency key has already been processed.');
      }
      const payment = rows.payment(paymentId);
      const parsed = refundBody.safeParse(body ?? {});
      if (!parsed.success) throw new Refusal('The refund request is invalid');
      const amount = refundable(payment, parsed.data.amount ?? payment.amount - payment.amount_refunded);
      const { receipt = null, notes } = parsed.data;
      const { refund, told } = write({ amount, receipt, notes, idempotency_key: key, request }, payment);
      announce(told);
      return refund;
    }),
    /** The whole amount goes back without anybody asking. The caller announces it in its turn. */
    giveBack: (payment: PaymentRow): Snapshot[] =>
      write({ amount: payment.amount, receipt: null, notes: '[]', idempotency_key: null, request: '' }, payment).told,
    get: rows.get,
    /** What the bank says of a pending refund in the end. */
    finish: db.transaction((id: string, status: 'processed' | 'failed'): RefundRow => {
      announce([finish(rows.get(id), status)]);
      return rows.get(id);
    }),
    list: (paymentId: string | null, count: number, skip: number, until = Number.MAX_SAFE_INTEGER): RefundRow[] =>
      rows.list(paymentId, count, skip, until),
  };
}

function refundable(payment: PaymentRow, amount: number): number {
  if (payment.status === 'refunded') throw new Refusal('The payment has been fully refunded already');
  if (payment.status !== 'captured') throw new Refusal('The payment status should be captured for action to be taken');
  if (!Number.isSafeInteger(amount)) throw new Refusal('The amount must be an integer.', { field: 'amount' });
  if (amount < 100) throw new Refusal('The amount must be at least INR 1.00', { field: 'amount' });
  if (amount > payment.amount - payment.amount_refunded) {
    throw new Refusal('The refund amount provided is greater than amount captured', { field: 'amount' });
  }
  return amount;
}
