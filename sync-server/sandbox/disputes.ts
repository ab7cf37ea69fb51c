// Owns disputes: the customer's bank asks the money of a payment back, and in the end somebody is right. Each step is
// announced in the transaction that makes it. The payment itself is not changed by it, as at Razorpay.

import type { Db, PaymentRow } from './database.ts';
import { createShelf } from './documents.ts';
import type { Announce } from './events.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import type { Orders } from './orders.ts';
import type { Payments } from './payments.ts';
import { Refusal } from './refusal.ts';
import { ofPayment } from './snapshots.ts';

export const disputePhases = ['chargeback', 'fraud', 'retrieval', 'pre_arbitration', 'arbitration'] as const;
export const disputeSteps = ['under_review', 'action_required', 'won', 'lost', 'closed'] as const;
export type DisputeStep = (typeof disputeSteps)[number];

export interface Dispute {
  readonly id: string;
  readonly entity: 'dispute';
  readonly payment_id: string;
  readonly amount: number;
  readonly currency: string;
  readonly amount_deducted: number;
  readonly reason_code: string;
  readonly respond_by: number;
  readonly status: 'open' | 'under_review' | 'won' | 'lost' | 'closed';
  readonly phase: (typeof disputePhases)[number];
  readonly created_at: number;
  readonly evidence: { readonly amount: number; readonly summary: string | null; readonly submitted_at: number | null };
}

export interface DisputeRequest {
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
  readonly phase?: Dispute['phase'] | undefined;
}

export interface DisputeParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly payments: Payments;
  readonly orders: Orders;
  readonly announce: Announce;
}

const DAYS_TO_RESPOND = 7;

export type Disputes = ReturnType<typeof createDisputes>;

export function createDisputes({ db, clock, newId, payments, orders, announce }: DisputeParts) {
  const shelf = createShelf<Dispute>(db, 'dispute');

  function keep(dispute: Dispute, step: DisputeStep | 'created'): Dispute {
    shelf.put({ id: dispute.id, owner: dispute.payment_id, createdAt: dispute.created_at, body: dispute });
    const payment = payments.get(dispute.payment_id);
    const moment = { payment, order: orders.get(payment.order_id), more: { dispute } };
    announce([ofPayment(`payment.dispute.${step}`, moment)]);
    return dispute;
  }

  return {
    get: shelf.get,
    list: shelf.list,
    open: db.transaction((paymentId: string, asked: DisputeRequest): Dispute => {
      const payment = payments.get(paymentId);
      const amount = asked.amount ?? payment.amount;
      mayBeDisputed(payment, amount);
      const now = unixSeconds(clock);
      const dispute: Dispute = {
        id: newId('disp_'),
        entity: 'dispute',
        payment_id: paymentId,
        amount,
        currency: payment.currency,
        amount_deducted: 0,
        reason_code: asked.reason ?? 'goods_or_services_not_received_or_partially_received',
        respond_by: now + DAYS_TO_RESPOND * 86_400,
        status: 'open',
        phase: asked.phase ?? 'chargeback',
        created_at: now,
        evidence: { amount, summary: null, submitted_at: null },
      };
      return keep(dispute, 'created');
    }),
    move: db.transaction((id: string, step: DisputeStep): Dispute => {
      const dispute = shelf.get(id);
      if (dispute.status !== 'open' && dispute.status !== 'under_review') {
        throw new Refusal(`The dispute is ${dispute.status} already`, { field: 'status' });
      }
      const status = step === 'action_required' ? 'open' : step;
      return keep({ ...dispute, status, amount_deducted: step === 'lost' ? dispute.amount : 0 }, step);
    }),
  };
}

function mayBeDisputed(payment: PaymentRow, amount: number): void {
  if (payment.status !== 'captured' && payment.status !== 'refunded') {
    throw new Refusal('Only a captured payment can be disputed');
  }
  if (amount < 1 || amount > payment.amount)
    throw new Refusal('The amount is not within the payment', { field: 'amount' });
}
