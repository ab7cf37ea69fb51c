// Owns refunds: the checks, the idempotency key (same key and body answers the same refund, another body is refused), and
// what a refund does to its payment. An order that was paid stays paid. Refunds are processed at once unless a switch says
// otherwise; one that fails brings its money back to the payment.

import { z } from 'zod';
import type { Db, PaymentRow, RefundRow } from './database.ts';
import type { Announce } from './events.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import { notesText, type Orders } from './orders.ts';
import { noSuchId, Refusal } from './refusal.ts';
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
  const payments = db.prepare<[string], PaymentRow>('SELECT * FROM payments WHERE id = ?');
  const byId = db.prepare<[string], RefundRow>('SELECT * FROM refunds WHERE id = ?');
  const byKey = db.prepare<[string], RefundRow>('SELECT * FROM refunds WHERE idempotency_key = ?');
  const insert = db.prepare<[RefundRow]>(`
    INSERT INTO refunds (id, payment_id, amount, currency, receipt, notes, idempotency_key, request, status, created_at)
    VALUES (@id, @payment_id, @amount, @currency, @receipt, @notes, @idempotency_key, @request, @status, @created_at)`);
  const add = db.prepare<[{ amount: number; id: string }]>(`
    UPDATE payments SET amount_refunded = amount_refunded + @amount,
      status = iif(amount_refunded + @amount = amount, 'refunded', status) WHERE id = @id`);

  const finished = db.prepare<[string, string]>('UPDATE refunds SET status = ? WHERE id = ?');
  // What failed is the seller's again: a payment that was given back whole is so no more.
  const takeBack = db.prepare<[{ amount: number; id: string }]>(
    "UPDATE payments SET amount_refunded = amount_refunded - @amount, status = 'captured' WHERE id = @id",
  );

  const get = (id: string): RefundRow => {
    const row = byId.get(id);
    if (row === undefined) throw noSuchId();
    return row;
  };
  const about = (event: 'refund.created' | 'refund.processed' | 'refund.failed', refund: RefundRow): Snapshot => {
    const payment = payments.get(refund.payment_id);
    if (payment === undefined) throw noSuchId();
    return ofPayment(event, { payment, order: orders.get(payment.order_id), refund });
  };

  function finish(id: string, status: 'processed' | 'failed'): Snapshot[] {
    const { amount, payment_id, status: before } = get(id);
    if (before !== 'pending') throw new Refusal('Only a pending refund can be finished');
    finished.run(status, id);
    if (status === 'failed') takeBack.run({ amount, id: payment_id });
    return [about(`refund.${status}`, get(id))];
  }

  function write(row: Pick<RefundRow, 'amount' | 'receipt' | 'notes' | 'idempotency_key' | 'request'>, of: PaymentRow) {
    const fails = faults.take('refund_fails');
    const status = fails || faults.take('refund_pending') ? 'pending' : 'processed';
    const refund: RefundRow = {
      ...row,
      id: newId('rfnd_'),
      payment_id: of.id,
      currency: of.currency,
      status,
      created_at: unixSeconds(clock),
    };
    insert.run(refund);
    add.run({ amount: refund.amount, id: of.id });
    const told = [about('refund.created', refund)];
    if (fails) return { refund, told: [...told, ...finish(refund.id, 'failed')] };
    return { refund, told: status === 'pending' ? told : [...told, about('refund.processed', refund)] };
  }

  return {
    create: db.transaction((paymentId: string, body: unknown, key: string | null): RefundRow => {
      if (key !== null && !KEY.test(key)) throw new Refusal('The idempotency key must have at least 10 characters');
      const request = JSON.stringify({ paymentId, body });
      const seen = key === null ? undefined : byKey.get(key);
      if (seen?.request === request) return seen;
      if (seen !== undefined) {
        throw new Refusal('Different request with the same idempotency key has already been processed.');
      }
      const payment = payments.get(paymentId);
      if (payment === undefined) throw noSuchId();
      const parsed = refundBody.safeParse(body ?? {});
      if (!parsed.success) throw new Refusal('The refund request is invalid');
      const amount = refundable(payment, parsed.data.amount ?? payment.amount - payment.amount_refunded);
      const { receipt = null, notes } = parsed.data;
      const { refund, told } = write({ amount, receipt, notes, idempotency_key: key, request }, payment);
      announce(told);
      return refund;
    }),
    /** A late second success: the whole amount goes back without anybody asking. The caller announces it in its turn. */
    giveBack: (payment: PaymentRow): Snapshot[] =>
      write({ amount: payment.amount, receipt: null, notes: '[]', idempotency_key: null, request: '' }, payment).told,
    get,
    /** What the bank says of a pending refund in the end. */
    finish: db.transaction((id: string, status: 'processed' | 'failed'): RefundRow => {
      announce(finish(id, status));
      return get(id);
    }),
    list: (
      paymentId: string | null,
      count: number,
      skip: number,
      until: number = Number.MAX_SAFE_INTEGER,
    ): RefundRow[] =>
      db
        .prepare<[Record<string, unknown>], RefundRow>(
          `SELECT * FROM refunds WHERE (@paymentId IS NULL OR payment_id = @paymentId) AND created_at <= @until
           ORDER BY id DESC LIMIT @count OFFSET @skip`,
        )
        .all({ paymentId, count, skip, until }),
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
