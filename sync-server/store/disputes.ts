// Disputes: the customer's bank asks money back. While one is open nothing is taken, and an operator is told; one that is lost
// is a refund of the disputed money; one that is won after it was called lost gives back what that took.
import { and, eq } from 'drizzle-orm';
import type { ReportedDispute, ReportedPayment } from '../providers/port.ts';
import { laterWord, newsOfDispute } from '../purchase/dispute.ts';
import { movePurchase } from '../purchase/machine.ts';
import { refundableNow } from '../purchase/refund.ts';
import { raiseAlarm } from './alarms.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { addCredits } from './ledger.ts';
import { findPayment, lockPayment, type PaymentKey, updatePayment } from './payments.ts';
import { remakeSubscription } from './plan-chain.ts';
import { lockPurchase, updatePurchase } from './purchases.ts';
import { insertTold, refundsOf, updateRefund } from './refund-rows.ts';
import { type RefundEffect, type Refunding, takeBack } from './refunds.ts';
import { purchase as purchaseTable } from './schema.ts';
import { billingDispute, type RefundRow } from './schema-payments.ts';
import { enterOrg } from './scope.ts';
import { applyPayment, type Settled, type SettlingParts } from './settle.ts';
import { lockSubscription } from './subscriptions.ts';
import type { Tx } from './tx.ts';

export interface DisputeReport {
  readonly dispute: ReportedDispute;
  readonly payment: ReportedPayment | null;
}

type DisputeRow = typeof billingDispute.$inferSelect;

export async function applyDispute(tx: Tx, parts: SettlingParts, report: DisputeReport): Promise<RefundEffect> {
  const { dispute, payment } = report;
  const provider = parts.provider.name;
  let key = await findPayment(parts.database.acrossOrgs, provider, dispute.paymentId);
  if (key === null) {
    if (payment === null) return 'unknown';
    const settled = await applyPayment(tx, parts, { payment, order: null }, 'webhook');
    if (settled === 'foreign' || settled === 'nothing' || settled === 'failure_noted') return settled;
    key = await findPayment(tx, provider, dispute.paymentId);
    if (key === null) throw new Error(`payment ${dispute.paymentId} was settled and is not there`);
  }
  await enterOrg(tx, key.orgId);
  return noteDispute(tx, parts, key, dispute);
}

async function noteDispute(tx: Tx, parts: SettlingParts, key: PaymentKey, dispute: ReportedDispute): Promise<Settled> {
  const now = parts.clock.now();
  await lockSubscription(tx, key.orgId);
  const purchase = await lockPurchase(tx, key.orgId, key.purchaseId);
  const payment = await lockPayment(tx, key);
  const before = await findDispute(tx, key, dispute.disputeId);
  const news = newsOfDispute(before, dispute);
  const { orgId, purchaseId } = key;
  const alarmed = async (kind: 'dispute_open' | 'dispute_lost', more: object) => {
    const details = { purchaseId, ...dispute, ...more };
    await raiseAlarm(tx, { kind, subject: `dispute ${dispute.disputeId}`, orgId, details }, now);
  };
  if (news === 'unclear') {
    await alarmed('dispute_lost', { taken: false, because: 'it was won, and which of the two came later is not told' });
    return 'known';
  }
  if (news === 'known') {
    if (before?.status === dispute.status) await noteTime(tx, before, dispute);
    return 'known';
  }
  await saveDispute(tx, key, dispute, before, now);
  if (dispute.status === 'lost' || dispute.status === 'open') {
    await alarmed(dispute.status === 'lost' ? 'dispute_lost' : 'dispute_open', {});
  } else {
    const action = `dispute.${dispute.status}`;
    const details = { purchaseId, ...dispute };
    await writeAudit(tx, { orgId, actor: 'provider', action, subject: purchaseId, details }, now);
  }
  parts.log.warn({ disputeId: dispute.disputeId, status: dispute.status }, 'dispute');
  if (dispute.status === 'lost') await takeLost(tx, parts, { purchase, payment }, dispute, now);
  if (dispute.status === 'won') await winBack(tx, parts, { purchase, payment }, dispute, now);
  await announceChange(tx, key.orgId);
  return 'disputed';
}

/** The disputed money is gone. Each time that it is lost anew is a loss of its own, with a row of its own. */
async function takeLost(
  tx: Tx,
  parts: SettlingParts,
  { purchase, payment }: Omit<Refunding, 'row'>,
  dispute: ReportedDispute,
  now: Date,
): Promise<void> {
  const amountPaise = Math.min(dispute.amountPaise, refundableNow(payment));
  // Never the row of a refund that an operator asked for, be it of the same sum: that one is money of its own.
  const losses = await lossesOf(tx, payment, dispute);
  if (amountPaise === 0 || losses.some(({ status }) => status === 'processed')) return;
  const refundId = losses.length === 0 ? dispute.disputeId : `${dispute.disputeId}:${losses.length + 1}`;
  const told = { refundId, paymentId: payment.paymentId, amountPaise, status: 'processed' } as const;
  const row = await insertTold(tx, payment, told, now);
  await takeBack(tx, parts, { purchase, payment, row }, now);
}

/** What the lost dispute took is given back; what cannot be (a plan, where another was bought since) is an operator's. */
async function winBack(
  tx: Tx,
  parts: SettlingParts,
  { purchase, payment }: Omit<Refunding, 'row'>,
  dispute: ReportedDispute,
  now: Date,
): Promise<void> {
  const row = (await lossesOf(tx, payment, dispute)).find(({ status }) => status === 'processed');
  if (row === undefined) return;
  const { orgId, purchaseId } = purchase;
  await updateRefund(tx, row, { status: 'restored', updatedAt: now });
  await updatePayment(tx, payment, { refundedPaise: payment.refundedPaise - row.amountPaise, updatedAt: now });
  const state = (await isTaken(tx, purchase)) ? purchase.state : wonBack(purchase.state);
  await updatePurchase(tx, purchase, { refundedPaise: purchase.refundedPaise - row.amountPaise, state });
  if (state === 'paid' && purchase.sku !== 'topup.50k') await remakeSubscription(tx, orgId, now);
  if (row.reversed > 0) {
    const entry = {
      delta: row.reversed,
      kind: 'adjustment' as const,
      reference: purchaseId,
      idempotencyKey: `won:${row.refundKey}`,
      actor: 'provider',
      feature: null,
      occurredAt: now,
    };
    await addCredits(tx, orgId, entry, now);
  }
  // The credit note stands for ever; the money that came back needs a document of its own.
  const details = {
    disputeId: dispute.disputeId,
    amountPaise: row.amountPaise,
    credits: row.reversed,
    noteId: row.noteId,
  };
  const subject = `dispute ${dispute.disputeId}`;
  await raiseAlarm(tx, { kind: 'dispute_won_after_lost', subject, orgId, details: { purchaseId, ...details } }, now);
  parts.log.error({ purchaseId, ...details }, 'a lost dispute was won: its credit note needs a debit note');
}

const wonBack = (state: Refunding['purchase']['state']) => {
  const move = movePurchase(state, 'won_back');
  return move === 'nothing' || move === 'refused' ? state : move.to;
};

/** Whether another purchase took the place of this one since: a second plan, or the same service year. */
async function isTaken(tx: Tx, { orgId, purchaseId, sku, renewalDue }: Refunding['purchase']): Promise<boolean> {
  if (sku === 'topup.50k') return false;
  const rows = await tx
    .select({ id: purchaseTable.purchaseId, state: purchaseTable.state })
    .from(purchaseTable)
    .where(
      and(
        eq(purchaseTable.orgId, orgId),
        eq(purchaseTable.sku, sku),
        renewalDue === null ? undefined : eq(purchaseTable.renewalDue, renewalDue),
      ),
    );
  return rows.some(({ id, state }) => id !== purchaseId && (state === 'paid' || state === 'awaiting_payment'));
}

/** The times that it was lost, the first one first: one that was won after that is restored, and at most the last is not. */
async function lossesOf(tx: Tx, payment: Refunding['payment'], { disputeId }: ReportedDispute): Promise<RefundRow[]> {
  const rows = await refundsOf(tx, payment);
  return rows.filter(({ refundId }) => refundId === disputeId || refundId?.startsWith(`${disputeId}:`) === true);
}

async function findDispute(tx: Tx, key: PaymentKey, disputeId: string): Promise<DisputeRow | null> {
  const [row] = await tx
    .select()
    .from(billingDispute)
    .where(
      and(
        eq(billingDispute.orgId, key.orgId),
        eq(billingDispute.provider, key.provider),
        eq(billingDispute.disputeId, disputeId),
      ),
    );
  return row ?? null;
}

async function saveDispute(
  tx: Tx,
  { orgId, provider, paymentId, purchaseId }: PaymentKey,
  { disputeId, amountPaise, currency, status, reason, toldAt }: ReportedDispute,
  before: DisputeRow | null,
  now: Date,
): Promise<void> {
  if (before === null) {
    await tx.insert(billingDispute).values({
      ...{ orgId, provider, disputeId, paymentId, purchaseId, amountPaise, currency, status, reason, toldAt },
      createdAt: now,
      updatedAt: now,
    });
    return;
  }
  await updateDispute(tx, before, { status, toldAt: laterWord(before.toldAt, toldAt), updatedAt: now });
}

/** The same was said again later: what was said between the two is older than that. */
async function noteTime(tx: Tx, before: DisputeRow, { toldAt }: ReportedDispute): Promise<void> {
  await updateDispute(tx, before, { toldAt: laterWord(before.toldAt, toldAt) });
}

async function updateDispute(
  tx: Tx,
  { orgId, provider, disputeId }: DisputeRow,
  change: Partial<DisputeRow>,
): Promise<void> {
  await tx
    .update(billingDispute)
    .set(change)
    .where(
      and(
        eq(billingDispute.orgId, orgId),
        eq(billingDispute.provider, provider),
        eq(billingDispute.disputeId, disputeId),
      ),
    );
}
