// Owns the reading and writing of refund rows and of the sum given back on their payment. The rules are in refunds.ts.

import type { Db, PaymentRow, RefundRow } from './database.ts';
import { noSuchId } from './refusal.ts';

export type RefundRows = ReturnType<typeof createRefundRows>;

export function createRefundRows(db: Db) {
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
  const listed = db.prepare<[Record<string, unknown>], RefundRow>(`
    SELECT * FROM refunds WHERE (@paymentId IS NULL OR payment_id = @paymentId) AND created_at <= @until
    ORDER BY id DESC LIMIT @count OFFSET @skip`);

  const must = <T>(row: T | undefined): T => {
    if (row === undefined) throw noSuchId();
    return row;
  };
  return {
    get: (id: string): RefundRow => must(byId.get(id)),
    payment: (id: string): PaymentRow => must(payments.get(id)),
    ofKey: (key: string): RefundRow | null => byKey.get(key) ?? null,
    insert(refund: RefundRow): void {
      insert.run(refund);
      add.run({ amount: refund.amount, id: refund.payment_id });
    },
    finish({ id, amount, payment_id }: RefundRow, status: 'processed' | 'failed'): void {
      finished.run(status, id);
      if (status === 'failed') takeBack.run({ amount, id: payment_id });
    },
    list: (paymentId: string | null, count: number, skip: number, until: number): RefundRow[] =>
      listed.all({ paymentId, count, skip, until }),
  };
}
