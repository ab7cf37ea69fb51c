// Razorpay's webhooks as a busy day sends them: for each purchase `payment.captured` and `order.paid`, each an event of its
// own, and one in ten told again under the id that it had.
import { createHmac } from 'node:crypto';

export interface SignedEvent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const webhookSecret = 'whsec_bench';

const repeatedEvery = 10;
/** How many events later one is told again. */
const repeatedAfter = 25;

export const orderIdOf = (purchase: number): string => `order_${String(purchase).padStart(14, '0')}`;

/** Tells the events of one purchase after the other, for ever new ones. */
export function eventSource(amountPaise: number) {
  let told = 0;
  let repeats = 0;
  return {
    next: (): SignedEvent => {
      told += 1;
      const isRepeat = told % repeatedEvery === 0 && told > repeatedAfter;
      if (isRepeat) repeats += 1;
      const at = told - repeats - (isRepeat ? repeatedAfter : 0);
      return eventOf(at, amountPaise);
    },
    /** How many different events were told so far. */
    distinct: () => told - repeats,
  };
}

/** The event with this number, from 1. */
function eventOf(number: number, amountPaise: number): SignedEvent {
  const purchase = Math.ceil(number / 2);
  const event = number % 2 === 1 ? 'payment.captured' : 'order.paid';
  const body = bodyOf(event, purchase, amountPaise);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-razorpay-event-id': `evt${String(number).padStart(11, '0')}`,
      'x-razorpay-signature': createHmac('sha256', webhookSecret).update(body).digest('hex'),
    },
  };
}

function bodyOf(event: 'payment.captured' | 'order.paid', purchase: number, amount: number): string {
  const at = 1_795_000_000;
  const money = { amount, currency: 'INR' };
  const payment = {
    ...{ id: `pay_${String(purchase).padStart(14, '0')}`, entity: 'payment', ...money, status: 'captured' },
    ...{ order_id: orderIdOf(purchase), invoice_id: null, international: false, method: 'upi', captured: true },
    ...{
      amount_refunded: 0,
      refund_status: null,
      description: 'AI credits, pack of 50,000',
      card_id: null,
      bank: null,
    },
    ...{
      wallet: null,
      vpa: 'bench@upi',
      email: 'bench@example.in',
      contact: '+919000000000',
      notes: [],
      fee: 0,
      tax: 0,
    },
    ...{ error_code: null, error_description: null, created_at: at, acquirer_data: { rrn: '000000000000' } },
  };
  const order = {
    ...{ id: orderIdOf(purchase), entity: 'order', ...money, amount_paid: amount, amount_due: 0, status: 'paid' },
    ...{ receipt: `rcpt_${purchase}`, offer_id: null, attempts: 1, notes: [], created_at: at },
  };
  const withOrder = event === 'order.paid';
  return JSON.stringify({
    ...{
      entity: 'event',
      account_id: 'acc_BenchAccount01',
      event,
      contains: withOrder ? ['payment', 'order'] : ['payment'],
    },
    payload: { payment: { entity: payment }, ...(withOrder ? { order: { entity: order } } : {}) },
    created_at: at,
  });
}
