// Owns what an event says: the entities as they were at the moment of the change, under the names that Razorpay gives
// them, in its order. When and how it is sent is not known here.

import type { OrderRow, PaymentRow, RefundRow } from './database.ts';
import { orderEntity, paymentEntity, refundEntity } from './entities.ts';

export type EventName = `${'payment' | 'order' | 'refund' | 'subscription' | 'invoice' | 'payment_link'}.${string}`;

export interface Snapshot {
  readonly event: EventName;
  /** The order or the mandate among whose events this one has its place: those go out one after the other. */
  readonly about: string;
  readonly paymentId: string | null;
  readonly entities: Readonly<Record<string, object>>;
}

export interface PaymentMoment {
  readonly payment: PaymentRow;
  readonly order: OrderRow;
  readonly refund?: RefundRow;
  /** Further entities, named as in the event: `dispute`, `payment_link`, … */
  readonly more?: Readonly<Record<string, object>>;
}

/** The events that carry the order beside the payment. */
const WITH_ORDER: ReadonlySet<string> = new Set(['order.paid', 'payment_link.paid', 'payment_link.partially_paid']);

export function ofPayment(event: EventName, { payment, order, refund, more = {} }: PaymentMoment): Snapshot {
  return {
    event,
    about: order.id,
    paymentId: payment.id,
    entities: {
      payment: paymentEntity(payment),
      ...(WITH_ORDER.has(event) ? { order: orderEntity(order) } : {}),
      ...(refund === undefined ? {} : { refund: refundEntity(refund) }),
      ...more,
    },
  };
}
