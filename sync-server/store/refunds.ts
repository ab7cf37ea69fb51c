// Money that goes back, and what goes back with it: the one way in which a refund that the provider tells of takes effect,
// whoever asked for it and however often and in whatever order it is told. One transaction: refund row, payment, credits,
// purchase, subscription, credit note, audit. Locks as in settle.ts: subscription, purchase, payment, ledger, counter.
import { unreachable } from '../../shared/contract/unreachable.ts';
import { makeId } from '../clock.ts';
import type { ProviderRefund, ReportedPayment } from '../providers/port.ts';
import { movePurchase } from '../purchase/machine.ts';
import { creditsToTakeBack, isLastPart, refundableNow } from '../purchase/refund.ts';
import { raiseAlarm } from './alarms.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { issueCreditNote, notedPaise } from './invoices.ts';
import { reverseCredits, type TakenBack } from './ledger.ts';
import { findPayment, lockPayment, type PaymentKey, type PaymentRow, paymentsOf, updatePayment } from './payments.ts';
import { grantsLeft, remakeSubscription } from './plan-chain.ts';
import { lockPurchase, updatePurchase } from './purchases.ts';
import { refundsOf, rowFor, updateRefund } from './refund-rows.ts';
import type { PurchaseRow } from './schema.ts';
import type { RefundRow } from './schema-payments.ts';
import { enterOrg } from './scope.ts';
import { applyPayment, type Settled, type SettlingParts } from './settle.ts';
import { lockSubscription } from './subscriptions.ts';
import type { Tx } from './tx.ts';

export interface RefundReport {
  readonly refund: ProviderRefund;
  /** The payment as the same report shows it, where it does. */
  readonly payment: ReportedPayment | null;
}

/** `unknown`: no payment of that id is known yet; it may come. */
export type RefundEffect = Settled | 'unknown';

/** What a webhook says of a refund. A payment that it shows and that nobody had told of takes its effect first. */
export async function applyRefund(tx: Tx, parts: SettlingParts, report: RefundReport): Promise<RefundEffect> {
  const { refund, payment } = report;
  const { acrossOrgs } = parts.database;
  const provider = parts.provider.name;
  let key = await findPayment(acrossOrgs, provider, refund.paymentId);
  if (key === null) {
    if (payment === null) return 'unknown';
    const settled = await applyPayment(tx, parts, { payment, order: null }, 'webhook');
    // Foreign, or never captured: then nothing of ours went back.
    if (settled === 'foreign' || settled === 'nothing' || settled === 'failure_noted') return settled;
    key = await findPayment(tx, provider, refund.paymentId);
    if (key === null) throw new Error(`payment ${refund.paymentId} was settled and is not there`);
  }
  await enterOrg(tx, key.orgId);
  return noteRefund(tx, parts, key, refund);
}

/** What the provider says of a refund of a known payment, by webhook, by answer or when asked. Enter the org before. */
export async function noteRefund(
  tx: Tx,
  parts: SettlingParts,
  key: PaymentKey,
  told: ProviderRefund,
): Promise<Settled> {
  const now = parts.clock.now();
  await lockSubscription(tx, key.orgId);
  const purchase = await lockPurchase(tx, key.orgId, key.purchaseId);
  const payment = await lockPayment(tx, key);
  const row = await rowFor(tx, payment, told, now);
  if (row.status === 'processed' || row.status === 'restored') return 'known';
  // Told late: a refund that failed was pending before.
  if (row.status === 'failed' && told.status !== 'processed') return 'known';
  switch (told.status) {
    case 'pending': {
      const nextAskAt = new Date(now.getTime() + 3_600_000);
      if (row.status !== 'pending' || row.nextAskAt === null) {
        await updateRefund(tx, row, { status: 'pending', nextAskAt, updatedAt: now });
      }
      return 'refund_pending';
    }
    case 'failed':
      await updateRefund(tx, row, { status: 'failed', nextAskAt: null, updatedAt: now });
      await raiseAlarm(
        tx,
        {
          kind: 'refund_failed',
          subject: `refund ${told.refundId}`,
          orgId: key.orgId,
          details: { purchaseId: key.purchaseId, paymentId: key.paymentId, amountPaise: told.amountPaise },
        },
        now,
      );
      parts.log.error({ refundId: told.refundId, paymentId: key.paymentId }, 'a refund failed at the provider');
      return 'refund_failed';
    case 'processed':
      await takeBack(tx, parts, { purchase, payment, row }, now);
      return 'refunded';
    default:
      return unreachable(told.status);
  }
}

export interface Refunding {
  readonly purchase: PurchaseRow;
  readonly payment: PaymentRow;
  readonly row: RefundRow;
}

/** The money is gone: everything that it had given goes with it. Behind the locks; the row is not processed yet. */
export async function takeBack(
  tx: Tx,
  parts: SettlingParts,
  { purchase, payment, row }: Refunding,
  now: Date,
): Promise<void> {
  const { orgId, purchaseId } = purchase;
  const part = Math.min(row.amountPaise, refundableNow(payment));
  if (part < row.amountPaise) {
    parts.log.error({ refundId: row.refundId, paymentId: payment.paymentId }, 'more was refunded than was paid');
    const details = { purchaseId, refundId: row.refundId, amountPaise: row.amountPaise, leftPaise: part };
    const subject = `payment ${payment.paymentId}`;
    await raiseAlarm(tx, { kind: 'refund_beyond_payment', subject, orgId, details }, now);
  }
  const settled = payment.effect === 'settled';
  const last = isLastPart(payment, part);
  const refundedPaise = payment.refundedPaise + part;
  await updatePayment(tx, payment, {
    refundedPaise,
    updatedAt: now,
    ...(last && !settled ? { effect: 'refunded', refundId: row.refundId } : {}),
  });
  const state = await stateAfter(tx, purchase, settled && last);
  await updatePurchase(tx, purchase, { refundedPaise: purchase.refundedPaise + part, state, closedAt: now });
  const taken =
    settled && part > 0 ? await takeCredits(tx, purchase, payment, row, part, now) : { reversed: 0, shortfall: 0 };
  if (settled && last && purchase.sku !== 'topup.50k') await remakeSubscription(tx, orgId, now);
  // The note of a lost dispute that was won stands: what goes back after that is on it already, as far as it reaches.
  const standing = settled ? (await notedPaise(tx, purchase)) - payment.refundedPaise : 0;
  const noted = settled ? Math.max(0, part - standing) : 0;
  const noteId = noted > 0 ? makeId('cn', parts.clock, parts.random) : null;
  await updateRefund(tx, row, { status: 'processed', nextAskAt: null, ...taken, noteId, updatedAt: now });
  const details = { refundId: row.refundId, paymentId: payment.paymentId, amountPaise: part, ...taken, noteId };
  await writeAudit(tx, { orgId, actor: row.actor, action: 'payment.refunded', subject: purchaseId, details }, now);
  if (taken.shortfall > 0) {
    const short = { kind: 'reversal_short', subject: `purchase ${purchaseId}`, orgId, details: { ...taken } } as const;
    await raiseAlarm(tx, short, now);
    parts.log.error({ purchaseId, ...taken }, 'credits that went back with their money were spent already');
  }
  await announceChange(tx, orgId);
  if (noteId !== null) await issueCreditNote(tx, purchase, noted, noteId, now);
}

/** Where the purchase is once this payment has gone back; `allOfIt`: all of the money that had settled it. */
async function stateAfter(tx: Tx, purchase: PurchaseRow, allOfIt: boolean): Promise<PurchaseRow['state']> {
  // Money that was kept aside is no longer waiting once none of it is left; of a paid purchase it was never a part.
  const aside = await paymentsOf(tx, purchase.orgId, purchase.purchaseId);
  const waiting = aside.some(({ effect }) => effect === 'review' || effect === 'refund_due');
  if (!allOfIt && (purchase.state !== 'under_review' || waiting)) return purchase.state;
  const move = movePurchase(purchase.state, 'sent_back');
  return move === 'nothing' || move === 'refused' ? purchase.state : move.to;
}

async function takeCredits(
  tx: Tx,
  purchase: PurchaseRow,
  payment: PaymentRow,
  row: RefundRow,
  part: number,
  now: Date,
): Promise<TakenBack> {
  const credits = await creditsOf(tx, purchase, payment, part);
  if (credits === 0) return { reversed: 0, shortfall: 0 };
  const entry = {
    reference: purchase.purchaseId,
    idempotencyKey: `reversal:${row.refundKey}`,
    actor: row.actor,
    occurredAt: now,
  };
  return reverseCredits(tx, purchase.orgId, credits, entry, now);
}

/** Credits that came back when a lost dispute was won, the last time that it was. */
function givenBack(rows: readonly RefundRow[]): number {
  return rows.findLast(({ status }) => status === 'restored')?.reversed ?? 0;
}

/** What this part of the money had given, in credits. */
async function creditsOf(tx: Tx, purchase: PurchaseRow, payment: PaymentRow, part: number): Promise<number> {
  switch (purchase.sku) {
    case 'topup.50k': {
      const before = (await refundsOf(tx, payment)).filter(({ status }) => status === 'processed');
      const taken = before.reduce((sum, { reversed, shortfall }) => sum + reversed + shortfall, 0);
      return creditsToTakeBack(purchase.credits, taken, payment, part);
    }
    // A plan's credits come with the months, not with the money: they go when the plan goes.
    case 'plan.pharmapulse-one':
      if (!isLastPart(payment, part)) return 0;
      // Won back while another plan stood in its place: what that gave back is all that this payment has given.
      return purchase.state === 'paid' ? grantsLeft(tx, purchase) : givenBack(await refundsOf(tx, payment));
    case 'renewal.year':
      return 0;
    default:
      return unreachable(purchase.sku);
  }
}
