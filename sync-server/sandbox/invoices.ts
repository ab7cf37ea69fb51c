// Owns the invoices that a mandate's charges leave behind: issued with an order of their own, and paid once.

import type { Db, OrderRow } from './database.ts';
import { createShelf, type Search } from './documents.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import type { Plan } from './plans.ts';

export interface Invoice {
  readonly id: string;
  readonly entity: 'invoice';
  readonly order_id: string;
  readonly subscription_id: string;
  readonly payment_id: string | null;
  readonly status: 'issued' | 'paid';
  readonly paid_at: number | null;
  readonly amount: number;
  readonly amount_paid: number;
  readonly amount_due: number;
  readonly currency: string;
  readonly billing_start: number;
  readonly billing_end: number;
  readonly created_at: number;
}

export interface Bill {
  readonly subscriptionId: string;
  readonly customerId: string | null;
  readonly plan: Plan;
  readonly quantity: number;
  readonly order: OrderRow;
  readonly from: number;
  readonly to: number;
}

const CUSTOMER = { name: null, email: 'counter@sandbox.example', contact: '+919000090000', gstin: null };

export type Invoices = ReturnType<typeof createInvoices>;

export function createInvoices(db: Db, clock: Clock, newId: NewId) {
  const shelf = createShelf<Invoice>(db, 'invoice');
  const keep = (invoice: Invoice): Invoice => {
    const { id, subscription_id: owner, order_id: reference, created_at: createdAt } = invoice;
    shelf.put({ id, owner, reference, createdAt, body: invoice });
    return invoice;
  };
  return {
    get: shelf.get,
    /** However its order is paid, by the mandate or by hand, the invoice is. */
    ofOrder: (orderId: string): Invoice | null => shelf.list({ reference: orderId, count: 1, skip: 0 })[0] ?? null,
    list: (search: Search) => shelf.list(search),
    issue: (bill: Bill): Invoice => keep(invoiceOf(bill, newId, unixSeconds(clock))),
    pay(invoice: Invoice, paymentId: string): Invoice {
      const { amount } = invoice;
      const paid = { status: 'paid', amount_paid: amount, amount_due: 0, paid_at: unixSeconds(clock) } as const;
      return keep({ ...invoice, ...paid, payment_id: paymentId });
    },
  };
}

function invoiceOf({ subscriptionId, customerId, plan, quantity, order, from, to }: Bill, newId: NewId, now: number) {
  const { amount, currency } = order;
  const { name, amount: unit } = plan.item;
  const line = {
    id: newId('li_'),
    name,
    description: null,
    amount,
    unit_amount: unit,
    currency,
    type: 'plan',
    quantity,
  };
  return {
    id: newId('inv_'),
    entity: 'invoice' as const,
    receipt: null,
    invoice_number: null,
    customer_id: customerId,
    customer_details: { id: customerId, ...CUSTOMER },
    order_id: order.id,
    subscription_id: subscriptionId,
    line_items: [{ ...line, tax_inclusive: false, taxes: [] }],
    payment_id: null,
    status: 'issued' as const,
    expire_by: null,
    issued_at: now,
    paid_at: null,
    cancelled_at: null,
    expired_at: null,
    date: now,
    partial_payment: false,
    gross_amount: amount,
    tax_amount: 0,
    taxable_amount: amount,
    amount,
    amount_paid: 0,
    amount_due: amount,
    currency,
    currency_symbol: '₹',
    description: null,
    notes: [],
    short_url: null,
    billing_start: from,
    billing_end: to,
    type: 'invoice',
    created_at: now,
  };
}
