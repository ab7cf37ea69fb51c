// Owns what the world outside does besides paying at the checkout: the bank, the seller's dashboard, the customer's app.
// Commanded by `POST /play` and by the operator page:
//
//   {"action":"refund", "paymentId", amount?}            from the dashboard; the whole rest without an amount
//   {"action":"finish_refund", "refundId", "status":"processed"|"failed"}   what the bank says of a pending one
//   {"action":"dispute", "paymentId", amount?, reason?, phase?}
//   {"action":"decide_dispute", "disputeId", "status":"under_review"|"action_required"|"won"|"lost"|"closed"}
//   {"action":"mandate", "subscriptionId", "step"}       step: agree, refuse (on the hosted page); charge, fail_charge,
//                                                        halt (the bank); pause, resume, cancel (the customer's app)
//   {"action":"link", "linkId", "step":"cancel"|"expire"}
//
// Each answers the entities that it touched ({payment, order, refund, dispute, subscription, invoice, link}) and `events`,
// all events of that order and mandate so far.

import { z } from 'zod';
import type { Deliveries } from './deliveries.ts';
import { type Disputes, disputePhases, disputeSteps } from './disputes.ts';
import { orderEntity, paymentEntity, refundEntity } from './entities.ts';
import type { Invoices } from './invoices.ts';
import type { Links } from './links.ts';
import type { Mandates } from './mandates.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';
import type { Refunds } from './refunds.ts';

export const mandateSteps = ['agree', 'refuse', 'charge', 'fail_charge', 'halt', 'pause', 'resume', 'cancel'] as const;
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
  z.object({ action: z.literal('mandate'), subscriptionId: z.string(), step: z.enum(mandateSteps) }),
  z.object({ action: z.literal('link'), linkId: z.string(), step: z.enum(['cancel', 'expire']) }),
]);
export type ActRequest = z.infer<typeof actRequest>;
export const isAct = (action: string): boolean =>
  actRequest.options.some((option) => option.shape.action.value === action);

export interface ActParts {
  readonly payments: Payments;
  readonly orders: Orders;
  readonly refunds: Refunds;
  readonly disputes: Disputes;
  readonly mandates: Mandates;
  readonly invoices: Invoices;
  readonly links: Links;
  readonly deliveries: Deliveries;
  readonly wake: () => void;
}

export type Act = ReturnType<typeof createAct>;

export function createAct(parts: ActParts) {
  const { deliveries, wake } = parts;
  return (asked: ActRequest) => {
    const done = act(parts, asked);
    wake();
    const { order, subscription } = done as { order?: { id: string }; subscription?: { id: string } };
    const ids = [order?.id, subscription?.id].filter((id) => id !== undefined);
    const events = ids.flatMap((id) => deliveries.eventsOfOrder(id));
    return { ...done, events: events.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1)) };
  };
}

function act(parts: ActParts, asked: ActRequest): object {
  const { refunds, disputes, mandates, links, orders } = parts;
  switch (asked.action) {
    case 'refund': {
      const refund = refunds.create(asked.paymentId, { amount: asked.amount }, null);
      return { ...moneyOf(parts, refund.payment_id), refund: refundEntity(refund) };
    }
    case 'finish_refund': {
      const refund = refunds.finish(asked.refundId, asked.status);
      return { ...moneyOf(parts, refund.payment_id), refund: refundEntity(refund) };
    }
    case 'dispute': {
      const dispute = disputes.open(asked.paymentId, asked);
      return { ...moneyOf(parts, dispute.payment_id), dispute };
    }
    case 'decide_dispute': {
      const dispute = disputes.move(asked.disputeId, asked.status);
      return { ...moneyOf(parts, dispute.payment_id), dispute };
    }
    case 'mandate': {
      const subscription = step(mandates, asked);
      return { subscription, ...lastCharge(parts, subscription.id) };
    }
    case 'link': {
      const link = links.end(asked.linkId, asked.step === 'cancel' ? 'cancelled' : 'expired');
      return { link, order: orderEntity(orders.get(link.order_id)) };
    }
  }
}

function moneyOf({ payments, orders }: ActParts, paymentId: string) {
  const payment = payments.get(paymentId);
  return { payment: paymentEntity(payment), order: orderEntity(orders.get(payment.order_id)) };
}

function step(mandates: Mandates, { subscriptionId: id, step }: Extract<ActRequest, { action: 'mandate' }>) {
  switch (step) {
    case 'charge':
      return mandates.charge(id, 'fine');
    case 'fail_charge':
      return mandates.charge(id, 'fails');
    case 'cancel':
      return mandates.cancel(id, false);
    default:
      return mandates[step](id);
  }
}

/** The newest invoice of a mandate, and the last payment for it; nothing before the first charge. */
function lastCharge(parts: ActParts, subscriptionId: string): object {
  const [invoice] = parts.invoices.list({ owner: subscriptionId, count: 1, skip: 0 });
  if (invoice === undefined) return {};
  const last = parts.payments.ofOrder(invoice.order_id).at(-1);
  const order = orderEntity(parts.orders.get(invoice.order_id));
  return last === undefined ? { invoice, order } : { invoice, ...moneyOf(parts, last.id) };
}
