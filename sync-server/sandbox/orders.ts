// Owns orders: making them by the API's rules, finding them, and moving them created → attempted → paid, never back.

import { z } from 'zod';
import type { Db, OrderRow } from './database.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import { noSuchId, Refusal } from './refusal.ts';

export const notesText = z
  .union([z.array(z.unknown()).max(0), z.record(z.string(), z.union([z.string().max(256), z.number(), z.boolean()]))])
  .nullish()
  .transform((notes) => (notes == null || Object.keys(notes).length === 0 ? '[]' : JSON.stringify(notes)));

const orderBody = z.object({
  amount: z.number(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  receipt: z.string().nullish(),
  notes: notesText,
});

export interface OrderFilter {
  readonly receipt?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly count: number;
  readonly skip: number;
}

export type Orders = ReturnType<typeof createOrders>;

export function createOrders(db: Db, clock: Clock, newId: NewId, faults: Faults) {
  const byId = db.prepare<[string], OrderRow>('SELECT * FROM orders WHERE id = ?');
  const byReceipt = db.prepare<[string], OrderRow>('SELECT * FROM orders WHERE receipt = ? ORDER BY id LIMIT 1');
  const insert = db.prepare<[string, number, string, string | null, string, number]>(
    'INSERT INTO orders (id, amount, currency, receipt, notes, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const filtered = db.prepare<[Record<string, unknown>], OrderRow>(`
    SELECT * FROM orders
    WHERE (@receipt IS NULL OR receipt = @receipt) AND created_at BETWEEN @from AND @to
    ORDER BY id DESC LIMIT @count OFFSET @skip`);
  const attempted = db.prepare<[string]>(
    "UPDATE orders SET attempts = attempts + 1, status = iif(status = 'paid', 'paid', 'attempted') WHERE id = ?",
  );
  const paid = db.prepare<[number, string]>(
    "UPDATE orders SET amount_paid = amount_paid + ?, status = 'paid' WHERE id = ?",
  );
  const paidInPart = db.prepare<[{ part: number; id: string }]>(`
    UPDATE orders SET amount_paid = amount_paid + @part,
      status = iif(amount_paid + @part >= amount, 'paid', status) WHERE id = @id`);

  const get = (id: string): OrderRow => {
    const row = byId.get(id);
    if (row === undefined) throw noSuchId();
    return row;
  };
  const make = (amount: number, currency: string, receipt: string | null, notes: string): OrderRow => {
    const id = newId('order_');
    insert.run(id, amount, currency, receipt, notes, unixSeconds(clock));
    return get(id);
  };
  return {
    get,
    find: (id: string): OrderRow | null => byId.get(id) ?? null,
    create: db.transaction((body: unknown): OrderRow => {
      const { amount, currency, receipt, notes } = readOrder(body);
      if (faults.take('order_refused')) throw new Refusal('Orders are not enabled for this account.');
      const seen = receipt === null ? undefined : byReceipt.get(receipt);
      if (seen !== undefined && faults.take('receipt_refused')) {
        throw new Refusal('Order receipt should be unique.', { field: 'receipt' });
      }
      if (seen !== undefined && faults.take('receipt_same_order')) return seen;
      return make(amount, currency, receipt, notes);
    }),
    list: ({ receipt = undefined, from = 0, to = Number.MAX_SAFE_INTEGER, count, skip }: OrderFilter): OrderRow[] =>
      filtered.all({ receipt: receipt ?? null, from, to, count, skip }),
    editNotes(id: string, notes: string): OrderRow {
      db.prepare<[string, string]>('UPDATE orders SET notes = ? WHERE id = ?').run(notes, get(id).id);
      return get(id);
    },
    /** An order that the account makes itself, for a link or a mandate. */
    make,
    /** An order of another product on the same account: nothing of it is ours. */
    makeForeign: (like: OrderRow): OrderRow => make(like.amount, like.currency, 'another-product', '[]'),
    markAttempted(id: string): void {
      attempted.run(id);
    },
    /** Paid by this payment, whatever its amount: a wrong one is a fault that is played. */
    markPaid(id: string, amount: number): void {
      paid.run(amount, id);
    },
    addPart(id: string, part: number): OrderRow {
      paidInPart.run({ part, id });
      return get(id);
    },
  };
}

function readOrder(body: unknown) {
  const parsed = orderBody.safeParse(body);
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'amount');
    throw new Refusal(`The ${field} field is required or invalid.`, { field });
  }
  const { amount, currency, receipt = null, notes } = parsed.data;
  if (!Number.isSafeInteger(amount)) throw new Refusal('The amount must be an integer.', { field: 'amount' });
  if (amount < 100) throw new Refusal('The amount must be at least INR 1.00', { field: 'amount' });
  if (receipt !== null && receipt.length > 40) {
    throw new Refusal('The receipt may not be greater than 40 characters.', { field: 'receipt' });
  }
  if (Object.keys(JSON.parse(notes) as object).length > 15) {
    throw new Refusal('The notes may not have more than 15 items.', { field: 'notes' });
  }
  return { amount, currency, receipt, notes };
}
