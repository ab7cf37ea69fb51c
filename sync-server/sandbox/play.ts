// Owns one act of the person who pays, whoever asks for it: the checkout page, the operator page or a test by HTTP. It
// answers what the checkout hands to the seller's page: three signed values after a success, an error after a failure.

import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { bankReasonNames } from './bank-reasons.ts';
import type { PaymentRow } from './database.ts';
import type { Deliveries } from './deliveries.ts';
import { orderEntity, paymentEntity } from './entities.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';

const wayToPay = {
  method: z.enum(['card', 'upi', 'netbanking']).default('upi'),
  instrument: z.string().max(100).optional(),
  amount: z.int().min(1).optional(),
  currency: z.string().length(3).optional(),
};

export const playRequest = z.discriminatedUnion('action', [
  z.object({ action: z.literal('pay'), orderId: z.string(), ...wayToPay, capture: z.boolean().default(true) }),
  z.object({
    action: z.literal('fail'),
    orderId: z.string(),
    ...wayToPay,
    reason: z.enum(bankReasonNames).default('payment_failed'),
  }),
  /** The bank's answer that comes after the failure was told. */
  z.object({ action: z.literal('authorise_late'), paymentId: z.string() }),
]);

export type PlayRequest = z.infer<typeof playRequest>;

/** What Standard Checkout gives to its handler or posts to the callback. */
export type CheckoutResult =
  | { razorpay_payment_id: string; razorpay_order_id: string; razorpay_signature: string }
  | { error: { code: string; description: string; source: string; step: string; reason: string; metadata: object } };

export interface PlayParts {
  readonly payments: Payments;
  readonly orders: Orders;
  readonly deliveries: Deliveries;
  readonly keySecret: string;
  readonly wake: () => void;
}

export type Play = ReturnType<typeof createPlay>;

export function createPlay({ payments, orders, deliveries, keySecret, wake }: PlayParts) {
  return (request: PlayRequest) => {
    const payment = act(payments, request);
    wake();
    return {
      checkout: checkoutResult(payment, keySecret),
      order: orderEntity(orders.get(payment.order_id)),
      payment: paymentEntity(payment),
      events: deliveries.eventsOfOrder(payment.order_id),
    };
  };
}

function act(payments: Payments, request: PlayRequest): PaymentRow {
  switch (request.action) {
    case 'pay':
      // Razorpay's own test address for a payment that fails.
      if (request.instrument === 'failure@razorpay') return payments.fail(request, 'payment_failed');
      return payments.pay(request);
    case 'fail':
      return payments.fail(request, request.reason);
    case 'authorise_late':
      return payments.authoriseLate(request.paymentId);
  }
}

function checkoutResult(payment: PaymentRow, keySecret: string): CheckoutResult {
  const { id, order_id } = payment;
  const entity = paymentEntity(payment);
  if (entity.error_code !== null) {
    return {
      error: {
        code: entity.error_code,
        description: entity.error_description ?? '',
        source: entity.error_source ?? '',
        step: entity.error_step ?? '',
        reason: entity.error_reason ?? '',
        metadata: { payment_id: id, order_id },
      },
    };
  }
  const signature = createHmac('sha256', keySecret).update(`${order_id}|${id}`).digest('hex');
  return { razorpay_payment_id: id, razorpay_order_id: order_id, razorpay_signature: signature };
}
