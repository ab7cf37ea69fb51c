// Owns the shapes of a Stripe subscription and of its invoices as they are made, and its calendar. Pure but for the ids.

import { after as periodsAfter } from '../cycles.ts';
import type { Line } from './catalogue.ts';
import type { Invoice, InvoicePayment, PaymentIntent, Price, Subscription } from './objects.ts';
import type { SessionNotes } from './session.ts';

/** What is kept beside a subscription. */
export interface MandateNotes {
  readonly anchor: number;
  /** Periods that have begun. */
  readonly periods: number;
  readonly openInvoice: string | null;
  readonly retryAt: number | null;
}

const PERIODS = { day: 'daily', week: 'weekly', month: 'monthly', year: 'yearly' } as const;

/** When the period with this number (from 0) begins. */
export function periodStart({ recurring }: Price, anchor: number, place: number): number {
  const { interval, interval_count } = recurring ?? { interval: 'year' as const, interval_count: 1 };
  return periodsAfter(anchor, PERIODS[interval], interval_count * place);
}

export interface NewMandate {
  readonly id: string;
  readonly itemId: string;
  readonly customer: string;
  readonly line: Line;
  readonly notes: SessionNotes;
  readonly now: number;
}

export function newSubscription({ id, itemId, customer, line, notes, now }: NewMandate): Subscription {
  const { trialEnd, metadata } = notes.mandate;
  const trial = trialEnd !== null && trialEnd > now ? trialEnd : null;
  const item = {
    id: itemId,
    object: 'subscription_item' as const,
    created: now,
    metadata: {},
    price: line.price,
    quantity: line.quantity,
    current_period_start: now,
    current_period_end: trial ?? periodStart(line.price, now, 1),
    subscription: id,
  };
  return {
    id,
    object: 'subscription',
    billing_cycle_anchor: trial ?? now,
    cancel_at_period_end: false,
    canceled_at: null,
    collection_method: 'charge_automatically',
    created: now,
    currency: line.currency,
    customer,
    ended_at: null,
    items: { object: 'list', data: [item], has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    metadata,
    pause_collection: null,
    start_date: now,
    status: trial === null ? 'active' : 'trialing',
    trial_end: trial,
    trial_start: trial === null ? null : now,
  } as Subscription;
}

export interface NewInvoice {
  readonly id: string;
  readonly paymentId: string;
  readonly subscription: Subscription;
  readonly reason: Invoice['billing_reason'];
  readonly amount: number;
  readonly intent: PaymentIntent | null;
  readonly period: { readonly start: number; readonly end: number };
  readonly now: number;
}

export function newInvoice({ id, paymentId, subscription, reason, amount, intent, period, now }: NewInvoice): Invoice {
  const { currency, customer, metadata } = subscription;
  const payments: InvoicePayment[] =
    intent === null
      ? []
      : [
          {
            id: paymentId,
            object: 'invoice_payment',
            amount_paid: null,
            amount_requested: amount,
            currency,
            invoice: id,
            payment: { type: 'payment_intent', payment_intent: intent.id },
            status: 'open',
          },
        ];
  const line = { id: `il_${id}`, object: 'line_item', amount, currency, period, quantity: 1 };
  return {
    id,
    object: 'invoice',
    amount_due: amount,
    amount_paid: 0,
    amount_remaining: amount,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    billing_reason: reason,
    collection_method: 'charge_automatically',
    created: now,
    currency,
    customer,
    lines: { object: 'list', data: [line], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    parent: {
      type: 'subscription_details',
      quote_details: null,
      subscription_details: { metadata, subscription: subscription.id },
    },
    payments: { object: 'list', data: payments, has_more: false, url: `/v1/invoices/${id}/payments` },
    period_end: period.end,
    period_start: period.start,
    status: 'open',
    status_transitions: { finalized_at: now, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: amount,
    total: amount,
  } as Invoice;
}

export function paidInvoice(invoice: Invoice): Invoice {
  const payments = invoice.payments.data.map((one) => ({
    ...one,
    status: 'paid' as const,
    amount_paid: invoice.total,
  }));
  return {
    ...invoice,
    status: 'paid',
    amount_paid: invoice.total,
    amount_remaining: 0,
    attempt_count: invoice.attempt_count + (payments.length > 0 ? 1 : 0),
    next_payment_attempt: null,
    payments: { ...invoice.payments, data: payments },
  };
}
