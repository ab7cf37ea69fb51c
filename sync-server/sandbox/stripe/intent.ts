// Owns how a payment intent and a charge look when they are made.

import type { Books } from './books.ts';
import type { Form } from './form.ts';
import type { Charge, PaymentIntent } from './objects.ts';

export type Method = 'card' | 'upi';
type Maker = Pick<Books, 'newId' | 'now'>;

export const DECLINED = {
  type: 'card_error',
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
};

export interface NewIntent {
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Form;
  readonly description: string | null;
  readonly customer: string | null;
}

export function newIntent(asked: NewIntent, { newId, now }: Maker): PaymentIntent {
  const id = newId('pi_');
  return {
    id,
    object: 'payment_intent',
    ...asked,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_sandbox`,
    confirmation_method: 'automatic',
    created: now(),
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    next_action: null,
    payment_method: null,
    payment_method_types: ['card', 'upi'],
    processing: null,
    status: 'requires_payment_method',
  } as PaymentIntent;
}

export function newCharge(
  intent: PaymentIntent,
  method: Method,
  status: 'succeeded' | 'failed',
  { newId, now }: Maker,
) {
  const paid = status === 'succeeded';
  const { amount, currency, customer, description, metadata } = intent;
  return {
    id: newId('ch_'),
    object: 'charge',
    amount,
    amount_captured: paid ? amount : 0,
    amount_refunded: 0,
    balance_transaction: paid ? newId('txn_') : null,
    billing_details: { address: null, email: 'counter@sandbox.example', name: 'Test Pharmacist', phone: null },
    captured: paid,
    created: now(),
    currency,
    customer,
    description,
    disputed: false,
    failure_code: paid ? null : DECLINED.code,
    failure_message: paid ? null : DECLINED.message,
    livemode: false,
    metadata,
    outcome: paid
      ? { type: 'authorized', network_status: 'approved_by_network' }
      : { type: 'issuer_declined', network_status: 'declined_by_network' },
    paid,
    payment_intent: intent.id,
    payment_method: newId('pm_'),
    payment_method_details:
      method === 'card'
        ? { type: 'card', card: { brand: 'visa', last4: '4242' } }
        : { type: 'upi', upi: { vpa: 'success@stripeupi' } },
    receipt_url: null,
    refunded: false,
    status,
  } as Charge;
}
