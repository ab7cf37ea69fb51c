// Owns the JSON that the sandbox shows of a row: the entities of Razorpay's API and events, key for key, also where they
// are odd (notes as a list when there are none). It has no `captured_at`, because Razorpay's payment has none.

import type { OrderRow, PaymentRow, RefundRow } from './database.ts';

export function orderEntity(row: OrderRow) {
  return {
    id: row.id,
    entity: 'order',
    amount: row.amount,
    amount_paid: row.amount_paid,
    amount_due: Math.max(0, row.amount - row.amount_paid),
    currency: row.currency,
    receipt: row.receipt,
    offer_id: null,
    status: row.status,
    attempts: row.attempts,
    notes: JSON.parse(row.notes) as unknown,
    created_at: row.created_at,
  };
}

export interface BankReason {
  code: 'BAD_REQUEST_ERROR' | 'GATEWAY_ERROR';
  description: string;
  source: string;
  step: string;
  reason: string;
}

export function paymentEntity(row: PaymentRow) {
  const error = row.error === null ? null : (JSON.parse(row.error) as BankReason);
  const captured = row.status === 'captured' || row.status === 'refunded';
  const { method, instrument } = row;
  return {
    id: row.id,
    entity: 'payment',
    amount: row.amount,
    currency: row.currency,
    status: row.status,
    order_id: row.order_id,
    invoice_id: row.invoice_id,
    international: false,
    method,
    amount_refunded: row.amount_refunded,
    refund_status: refundStatus(row),
    captured: captured && row.captured_text === 1 ? '1' : captured,
    description: null,
    card_id: null,
    bank: method === 'netbanking' ? instrument : null,
    wallet: null,
    vpa: method === 'upi' ? instrument : null,
    email: 'counter@sandbox.example',
    contact: '+919000090000',
    notes: JSON.parse(row.notes) as unknown,
    fee: captured ? 0 : null,
    tax: captured ? 0 : null,
    error_code: error?.code ?? null,
    error_description: error?.description ?? null,
    error_source: error?.source ?? null,
    error_step: error?.step ?? null,
    error_reason: error?.reason ?? null,
    acquirer_data: {},
    created_at: row.created_at,
    ...(method === 'card' ? { card: { entity: 'card', last4: instrument.slice(-4), network: 'Visa' } } : {}),
    ...(method === 'upi' ? { upi: { vpa: instrument } } : {}),
  };
}

function refundStatus({ amount, amount_refunded }: PaymentRow): 'partial' | 'full' | null {
  if (amount_refunded === 0) return null;
  return amount_refunded === amount ? 'full' : 'partial';
}

export function refundEntity(row: RefundRow) {
  return {
    id: row.id,
    entity: 'refund',
    amount: row.amount,
    currency: row.currency,
    payment_id: row.payment_id,
    receipt: row.receipt,
    notes: JSON.parse(row.notes) as unknown,
    acquirer_data: { arn: null },
    batch_id: null,
    status: row.status,
    speed_processed: 'normal',
    speed_requested: 'normal',
    created_at: row.created_at,
  };
}

export function collection<T>(items: readonly T[]) {
  return { entity: 'collection', count: items.length, items };
}
