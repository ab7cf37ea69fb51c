// Webhooks as the provider would send them, made and signed here and not by the sandbox.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Started } from './started.ts';

export interface Told {
  readonly orderId: string;
  readonly event: string;
  readonly paymentId: string;
  /** Paise of the payment. */
  readonly amount: number;
  /** Paise of the order, where it is another. */
  readonly orderAmount?: number;
  /** Fields of the payment that are not as usual. */
  readonly payment?: Record<string, unknown>;
}

let made = 0;
export function nextPaymentId(): string {
  made += 1;
  return `pay_Test${String(made).padStart(10, '0')}`;
}

/** The raw body of an event. */
export function eventBody(at: Date, told: Told): string {
  const seconds = Math.floor(at.getTime() / 1000);
  const { orderId, event, paymentId, amount } = told;
  const failed = event === 'payment.failed';
  const payment = {
    id: paymentId,
    entity: 'payment',
    amount,
    currency: 'INR',
    status: failed ? 'failed' : 'captured',
    order_id: orderId,
    captured: !failed,
    method: 'upi',
    amount_refunded: 0,
    notes: [],
    created_at: seconds,
    ...(failed ? { error_code: 'BAD_REQUEST_ERROR', error_description: 'Your bank said no.' } : {}),
    ...told.payment,
  };
  const order = {
    id: orderId,
    entity: 'order',
    amount: told.orderAmount ?? amount,
    amount_paid: amount,
    amount_due: 0,
    currency: 'INR',
    status: 'paid',
    receipt: 'x',
    attempts: 1,
    notes: [],
    created_at: seconds,
  };
  const withOrder = event === 'order.paid';
  return JSON.stringify({
    entity: 'event',
    account_id: 'acc_TestAccount001',
    event,
    contains: withOrder ? ['payment', 'order'] : ['payment'],
    payload: { payment: { entity: payment }, ...(withOrder ? { order: { entity: order } } : {}) },
    created_at: seconds,
  });
}

/** The secret that signs webhooks now. */
export function secretOf(server: Started): string {
  const { payments } = server.parts.config;
  if (payments.provider === 'razorpay') return payments.webhookSecrets[0] ?? '';
  const file = join(server.parts.config.dataDir, 'sandbox', 'secrets.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { webhookSecret: string }).webhookSecret;
}

export const signatureOf = (body: string, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/** Posts a body as a webhook; `headers` over the right ones, an empty one takes that header away. */
export function post(server: Started, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  made += 1;
  const all: Record<string, string> = {
    'content-type': 'application/json',
    'x-razorpay-signature': signatureOf(body, secretOf(server)),
    'x-razorpay-event-id': `evt${String(made).padStart(11, '0')}`,
    ...headers,
  };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return server.request('POST', '/api/billing/webhook', { raw: body, headers: kept });
}

export const tell = (server: Started, told: Told): Promise<Answer> => post(server, eventBody(server.clock.now(), told));
