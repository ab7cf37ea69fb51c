// Owns the shapes of Stripe's objects as the sandbox shows them: the fields that a seller reads, and those around them that
// are always there. Ids of other objects stand where Stripe lets them be expanded.

import type { Form } from './form.ts';

interface Base {
  readonly id: string;
  readonly created: number;
  readonly livemode: false;
  readonly metadata: Form;
}

export interface Session extends Base {
  readonly object: 'checkout.session';
  readonly mode: 'payment' | 'subscription';
  readonly status: 'open' | 'complete' | 'expired';
  readonly payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  readonly amount_subtotal: number;
  readonly amount_total: number;
  readonly currency: string;
  readonly client_reference_id: string | null;
  readonly payment_intent: string | null;
  readonly subscription: string | null;
  readonly invoice: string | null;
  readonly customer: string | null;
  readonly customer_email: string | null;
  readonly customer_details: object | null;
  readonly success_url: string | null;
  readonly cancel_url: string | null;
  readonly expires_at: number;
  readonly url: string | null;
  readonly ui_mode: string;
  readonly payment_method_types: readonly string[];
}

export interface PaymentIntent extends Base {
  readonly object: 'payment_intent';
  readonly amount: number;
  readonly amount_received: number;
  readonly currency: string;
  readonly status: 'requires_payment_method' | 'requires_action' | 'processing' | 'succeeded' | 'canceled';
  readonly customer: string | null;
  readonly description: string | null;
  readonly latest_charge: string | null;
  readonly last_payment_error: object | null;
}

export interface Charge extends Base {
  readonly object: 'charge';
  readonly amount: number;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly captured: boolean;
  readonly currency: string;
  readonly customer: string | null;
  readonly disputed: boolean;
  readonly paid: boolean;
  readonly refunded: boolean;
  readonly status: 'succeeded' | 'pending' | 'failed';
  readonly payment_intent: string;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
  readonly payment_method_details: object;
}

export interface Refund extends Base {
  readonly object: 'refund';
  readonly amount: number;
  readonly currency: string;
  readonly charge: string;
  readonly payment_intent: string;
  readonly reason: string | null;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly failure_reason?: string;
}

export interface Dispute extends Base {
  readonly object: 'dispute';
  readonly amount: number;
  readonly currency: string;
  readonly charge: string;
  readonly payment_intent: string;
  readonly reason: string;
  readonly status: 'needs_response' | 'under_review' | 'won' | 'lost' | 'warning_closed';
}

export interface Price extends Base {
  readonly object: 'price';
  readonly active: true;
  readonly currency: string;
  readonly unit_amount: number;
  readonly product: string;
  readonly lookup_key: string | null;
  readonly type: 'one_time' | 'recurring';
  readonly recurring: Recurring | null;
}

export interface Recurring {
  readonly interval: 'day' | 'week' | 'month' | 'year';
  readonly interval_count: number;
}

export interface Product extends Base {
  readonly object: 'product';
  readonly name: string;
  readonly active: true;
}

export interface Customer extends Base {
  readonly object: 'customer';
  readonly email: string | null;
  readonly name: string | null;
}

export interface Subscription extends Base {
  readonly object: 'subscription';
  readonly status: 'trialing' | 'active' | 'past_due' | 'unpaid' | 'paused' | 'canceled';
  readonly customer: string;
  readonly currency: string;
  readonly latest_invoice: string | null;
  readonly start_date: number;
  readonly billing_cycle_anchor: number;
  readonly trial_start: number | null;
  readonly trial_end: number | null;
  readonly cancel_at_period_end: boolean;
  readonly canceled_at: number | null;
  readonly ended_at: number | null;
  readonly items: { readonly object: 'list'; readonly data: readonly SubscriptionItem[] };
}

export interface SubscriptionItem {
  readonly id: string;
  readonly object: 'subscription_item';
  readonly price: Price;
  readonly quantity: number;
  readonly current_period_start: number;
  readonly current_period_end: number;
  readonly subscription: string;
}

export interface Invoice extends Base {
  readonly object: 'invoice';
  readonly status: 'open' | 'paid';
  readonly amount_due: number;
  readonly amount_paid: number;
  readonly amount_remaining: number;
  readonly total: number;
  readonly currency: string;
  readonly customer: string;
  readonly billing_reason: 'subscription_create' | 'subscription_cycle';
  readonly attempt_count: number;
  readonly next_payment_attempt: number | null;
  readonly period_start: number;
  readonly period_end: number;
  readonly parent: object;
  readonly payments: { readonly object: 'list'; readonly data: readonly InvoicePayment[] };
}

export interface InvoicePayment {
  readonly id: string;
  readonly object: 'invoice_payment';
  readonly amount_paid: number | null;
  readonly amount_requested: number;
  readonly currency: string;
  readonly invoice: string;
  readonly status: 'open' | 'paid';
  readonly payment: { readonly type: 'payment_intent'; readonly payment_intent: string };
}

export interface StripeEvent extends Base {
  readonly object: 'event';
  readonly type: string;
  readonly data: { readonly object: object };
}

export interface Kinds {
  session: Session;
  payment_intent: PaymentIntent;
  charge: Charge;
  refund: Refund;
  dispute: Dispute;
  price: Price;
  product: Product;
  customer: Customer;
  subscription: Subscription;
  invoice: Invoice;
  event: StripeEvent;
}
export type Kind = keyof Kinds;

/** How an id of the kind begins, and the word for it in an answer that it is not there. */
export const kinds: Readonly<Record<Kind, { readonly prefix: string; readonly word: string }>> = {
  session: { prefix: 'cs_test_', word: 'checkout.session' },
  payment_intent: { prefix: 'pi_', word: 'payment_intent' },
  charge: { prefix: 'ch_', word: 'charge' },
  refund: { prefix: 're_', word: 'refund' },
  dispute: { prefix: 'du_', word: 'dispute' },
  price: { prefix: 'price_', word: 'price' },
  product: { prefix: 'prod_', word: 'product' },
  customer: { prefix: 'cus_', word: 'customer' },
  subscription: { prefix: 'sub_', word: 'subscription' },
  invoice: { prefix: 'in_', word: 'invoice' },
  event: { prefix: 'evt_', word: 'event' },
};
