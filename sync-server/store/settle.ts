// Settling: the one way in which money that a provider reported takes effect, whoever brings the report (webhook,
// look-up, replay). One transaction: payment row, purchase state, ledger or subscription, invoice, audit. Unique keys make
// a second report of the same money a no-op.
//
// Locks are always taken in this order: subscription (which stands for the org), purchases, ledger, invoice counter.
import { unreachable } from '../../shared/contract/unreachable.ts';
import { nextDueAfterRenewal } from '../../shared/plan/renewal.ts';
import { makeId } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { ProviderOrder, ReportedPayment } from '../providers/port.ts';
import { movePurchase, type PurchaseEvent } from '../purchase/machine.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { grantOwedMonths } from './grants.ts';
import { issueInvoice } from './invoices.ts';
import { keepAside, tellOfAnothers } from './keep-aside.ts';
import { addCredits } from './ledger.ts';
import { readBuyer } from './orgs.ts';
import { findPayment, insertPayment, noteReportedRefund, type PaymentKey } from './payments.ts';
import {
  findByOrder,
  findByReceipt,
  lockPurchase,
  lockRivals,
  lookAtLink,
  type PurchaseKey,
  updatePurchase,
} from './purchases.ts';
import type { PurchaseRow } from './schema.ts';
import { enterOrg } from './scope.ts';
import { lockSubscription, moveNextDue, type SubscriptionRow, startPlan } from './subscriptions.ts';
import type { Tx } from './tx.ts';

/**
 * settled: it paid its purchase now. known: it had its effect before. review: kept aside for an operator. refund_due: it
 * goes back. refunded, refund_pending, refund_failed: what became of money that goes back (refunds.ts). disputed: see
 * disputes.ts. anothers: it is another purchase's. failure_noted: an attempt failed. nothing: no money yet. foreign: not an order of ours.
 */
export type Settled =
  | 'settled'
  | 'known'
  | 'review'
  | 'refund_due'
  | 'refunded'
  | 'refund_pending'
  | 'refund_failed'
  | 'disputed'
  | 'anothers'
  | 'failure_noted'
  | 'nothing'
  | 'foreign';

export interface PaymentReport {
  readonly payment: ReportedPayment;
  /** The order as the same report shows it, where it does. */
  readonly order: ProviderOrder | null;
  /** The payment link that took the money, where one did: then the link stands for the order. */
  readonly linkId?: string;
  /** Our receipt, where a refused attempt carries nothing else. What anybody may write at the provider decides no money. */
  readonly receipt?: string;
}

/** Who brings the news. */
export type NewsFrom = 'webhook' | 'look_up';

export type SettlingParts = Pick<Parts, 'clock' | 'random' | 'config' | 'provider' | 'database' | 'log'>;

export async function applyPayment(
  tx: Tx,
  parts: SettlingParts,
  report: PaymentReport,
  from: NewsFrom,
): Promise<Settled> {
  const { payment } = report;
  const at = await ownerOf(tx, parts, report);
  if (at === null) return 'foreign';
  await enterOrg(tx, at.orgId);
  const subscription = await lockSubscription(tx, at.orgId);
  const purchase = await lockPurchase(tx, at.orgId, at.purchaseId);
  switch (payment.status) {
    case 'created':
    case 'authorized':
      return 'nothing';
    case 'failed':
      return noteFailure(tx, parts, purchase, payment);
    case 'captured':
    case 'refunded':
      return takeMoney(tx, parts, { purchase, subscription, report, from });
    default:
      return unreachable(payment.status);
  }
}

/** The purchase whose order, or payment link, this money is for. */
async function ownerOf(tx: Tx, parts: SettlingParts, report: PaymentReport): Promise<PurchaseKey | null> {
  const { payment, linkId, receipt } = report;
  // An order that this very transaction gave to a purchase is seen by no other connection yet.
  const own = payment.orderId === null ? null : await findByOrder(tx, parts.provider.name, payment.orderId);
  if (own !== null) return own;
  for (const orderId of [linkId, payment.orderId]) {
    const at = orderId == null ? null : await findByOrder(parts.database.acrossOrgs, parts.provider.name, orderId);
    if (at !== null) return at;
  }
  if (payment.status !== 'failed' || receipt === undefined) return null;
  return findByReceipt(parts.database.acrossOrgs, parts.provider.name, receipt);
}

async function noteFailure(
  tx: Tx,
  parts: SettlingParts,
  purchase: PurchaseRow,
  payment: ReportedPayment,
): Promise<Settled> {
  const move = movePurchase(purchase.state, 'attempt_failed');
  if (move === 'nothing' || move === 'refused') return 'nothing';
  await updatePurchase(tx, purchase, {
    failureCode: payment.failure?.code ?? 'payment_failed',
    failureDescription: payment.failure?.description ?? '',
    failureAt: parts.clock.now(),
  });
  await announceChange(tx, purchase.orgId);
  return 'failure_noted';
}

interface Taking {
  readonly purchase: PurchaseRow;
  readonly subscription: SubscriptionRow;
  readonly report: PaymentReport;
  readonly from: NewsFrom;
}

async function takeMoney(tx: Tx, parts: SettlingParts, taking: Taking): Promise<Settled> {
  const { purchase, subscription, report } = taking;
  const { payment } = report;
  const known = await findKnown(tx, parts, purchase.provider, payment.paymentId);
  if (known !== null && !isSame(known, purchase)) return tellOfAnothers(tx, parts, purchase, payment, known);
  if (known !== null) {
    await noteReportedRefund(tx, known, payment, parts.clock.now());
    return 'known';
  }
  const wrong = whatIsWrong(purchase, report);
  const event = wrong !== null ? 'paid_wrong' : isSecond(purchase, subscription) ? 'paid_as_second' : 'paid_in_full';
  const move = movePurchase(purchase.state, event);
  if (move === 'nothing' || move === 'refused') throw new Error(`money without a move: ${purchase.state} ${event}`);
  switch (move.effect) {
    case 'settle':
      await settle(tx, parts, taking);
      return 'settled';
    case 'refund':
      await keepAside(tx, parts, purchase, move.to, payment, 'refund_due', 'the org has this from another purchase');
      return 'refund_due';
    case 'review':
      await keepAside(tx, parts, purchase, move.to, payment, 'review', wrong ?? `paid again while ${purchase.state}`);
      return 'review';
    case 'note_failure':
    case null:
      throw new Error(`money without an effect: ${purchase.state} ${event satisfies PurchaseEvent}`);
    default:
      return unreachable(move.effect);
  }
}

/** Also where it is another org's, whose rows this transaction does not see. */
async function findKnown(
  tx: Tx,
  parts: SettlingParts,
  provider: string,
  paymentId: string,
): Promise<PaymentKey | null> {
  const own = await findPayment(tx, provider, paymentId);
  return own ?? findPayment(parts.database.acrossOrgs, provider, paymentId);
}

const isSame = (a: PurchaseKey, b: PurchaseKey): boolean => a.orgId === b.orgId && a.purchaseId === b.purchaseId;

/** Why captured money is not exactly what the purchase is for, or null if it is. */
function whatIsWrong(purchase: PurchaseRow, { payment, order }: PaymentReport): string | null {
  if (payment.currency !== 'INR') return `currency ${payment.currency} instead of INR`;
  if (payment.amountPaise !== purchase.amountPaise)
    return `${payment.amountPaise} paise instead of ${purchase.amountPaise}`;
  if (order !== null && (order.amountPaise !== purchase.amountPaise || order.currency !== 'INR')) {
    return `the order is for ${order.amountPaise} ${order.currency}`;
  }
  return null;
}

/** Whether the org has this plan, or this service year, already from another purchase. */
function isSecond(purchase: PurchaseRow, subscription: SubscriptionRow): boolean {
  switch (purchase.sku) {
    case 'plan.pharmapulse-one':
      return subscription.planType !== null;
    case 'renewal.year':
      return subscription.serviceRenewalNextDue !== purchase.renewalDue;
    case 'topup.50k':
      return false;
    default:
      return unreachable(purchase.sku);
  }
}

async function settle(tx: Tx, parts: SettlingParts, taking: Taking): Promise<void> {
  const { purchase, subscription, from } = taking;
  const { payment } = taking.report;
  const now = parts.clock.now();
  const paidAt = payment.capturedAt ?? now;
  for (const rival of await lockRivals(tx, purchase)) {
    await updatePurchase(tx, rival, { state: 'cancelled', closedAt: now, ...lookAtLink(rival, now) });
    await writeAudit(
      tx,
      {
        orgId: rival.orgId,
        actor: 'system',
        action: 'purchase.cancelled',
        subject: rival.purchaseId,
        details: { because: purchase.purchaseId },
      },
      now,
    );
  }
  await updatePurchase(tx, purchase, { state: 'paid', paidAt, closedAt: now, settledBy: from, ...confirmLater(now) });
  await insertPayment(tx, purchase, payment, 'settled', null, paidAt, now);
  await giveWhatWasBought(tx, purchase, subscription, paidAt, now);
  const buyer = await readBuyer(tx, purchase.orgId);
  const invoiceId = makeId('inv', parts.clock, parts.random);
  await writeAudit(
    tx,
    {
      orgId: purchase.orgId,
      actor: 'provider',
      action: 'purchase.settled',
      subject: purchase.purchaseId,
      details: { paymentId: payment.paymentId, amountPaise: payment.amountPaise, invoiceId },
    },
    now,
  );
  await announceChange(tx, purchase.orgId);
  await issueInvoice(tx, purchase, buyer, parts.config.seller, invoiceId, now);
}

/** Money that took effect is looked at once more: the provider must show it when it is asked. */
const confirmAfterMs = 3_600_000;
const confirmLater = (now: Date) => ({ nextLookAt: new Date(now.getTime() + confirmAfterMs), looks: 0 });

async function giveWhatWasBought(
  tx: Tx,
  purchase: PurchaseRow,
  subscription: SubscriptionRow,
  paidAt: Date,
  now: Date,
): Promise<void> {
  const { orgId } = purchase;
  switch (purchase.sku) {
    case 'plan.pharmapulse-one':
      await startPlan(tx, orgId, paidAt, purchase.amountPaise, now);
      await grantOwedMonths(tx, orgId, now);
      return;
    case 'renewal.year': {
      const due = subscription.serviceRenewalNextDue;
      if (due === null) throw new Error('a renewal without a plan');
      await moveNextDue(tx, orgId, nextDueAfterRenewal(due, paidAt), now);
      await grantOwedMonths(tx, orgId, now);
      return;
    }
    case 'topup.50k':
      await addCredits(
        tx,
        orgId,
        {
          delta: purchase.credits,
          kind: 'topup',
          reference: purchase.purchaseId,
          idempotencyKey: `topup:${purchase.purchaseId}`,
          actor: purchase.deviceId,
          feature: null,
          occurredAt: paidAt,
        },
        now,
      );
      return;
    default:
      unreachable(purchase.sku);
  }
}
