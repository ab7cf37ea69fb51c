// Owns what the world outside does besides paying at the checkout: the bank, the seller's dashboard, the customer's app.
// Commanded by `POST /play` and by the operator page:
//
//   {"action":"refund", "paymentId", amount?}            from the dashboard; the whole rest without an amount
//   {"action":"finish_refund", "refundId", "status":"processed"|"failed"}   what the bank says of a pending one
//   {"action":"dispute", "paymentId", amount?, reason?, phase?}
//   {"action":"decide_dispute", "disputeId", "status":"under_review"|"action_required"|"won"|"lost"|"closed"}
//
// Each answers {payment, order, refund|dispute, events}.

import { z } from 'zod';
import type { Deliveries } from './deliveries.ts';
import { type Disputes, disputePhases, disputeSteps } from './disputes.ts';
import { orderEntity, paymentEntity, refundEntity } from './entities.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';
import type { Refunds } from './refunds.ts';

const amount = z.coerce.number().int().min(1).optional();

export const actRequest = z.discriminatedUnion('action', [
  z.object({ action: z.literal('refund'), paymentId: z.string(), amount }),
  z.object({ action: z.literal('finish_refund'), refundId: z.string(), status: z.enum(['processed', 'failed']) }),
  z.object({
    action: z.literal('dispute'),
    paymentId: z.string(),
    amount,
    reason: z.string().min(1).max(100).optional(),
    phase: z.enum(disputePhases).optional(),
  }),
  z.object({ action: z.literal('decide_dispute'), disputeId: z.string(), status: z.enum(disputeSteps) }),
]);
export type ActRequest = z.infer<typeof actRequest>;

export interface ActParts {
  readonly payments: Payments;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly disputes: Disputes;
  readonly deliveries: Deliveries;
  readonly wake: () => void;
}

export type Act = ReturnType<typeof createAct>;

export function createAct(parts: ActParts) {
  const { payments, orders, deliveries, wake } = parts;
  return (asked: ActRequest) => {
    const { paymentId, ...more } = act(parts, asked);
    wake();
    const payment = payments.get(paymentId);
    return {
      payment: paymentEntity(payment),
      order: orderEntity(orders.get(payment.order_id)),
      ...more,
      events: deliveries.eventsOfOrder(payment.order_id),
    };
  };
}

function act({ refunds, disputes }: ActParts, asked: ActRequest) {
  switch (asked.action) {
    case 'refund': {
      const refund = refunds.create(asked.paymentId, { amount: asked.amount }, null);
      return { paymentId: refund.payment_id, refund: refundEntity(refund) };
    }
    case 'finish_refund': {
      const refund = refunds.finish(asked.refundId, asked.status);
      return { paymentId: refund.payment_id, refund: refundEntity(refund) };
    }
    case 'dispute': {
      const dispute = disputes.open(asked.paymentId, asked);
      return { paymentId: dispute.payment_id, dispute };
    }
    case 'decide_dispute': {
      const dispute = disputes.move(asked.disputeId, asked.status);
      return { paymentId: dispute.payment_id, dispute };
    }
  }
}
