// A mandate's charge: an ordinary payment of an order that the provider made by itself. Here is found which purchase it
// pays, that purchase is given the order, and the one settling function does the rest, once, whoever tells of the charge.
import { and, desc, eq } from 'drizzle-orm';
import { businessDate } from '../../shared/plan/service-year.ts';
import { makeId } from '../clock.ts';
import type { ReportedPayment } from '../providers/port.ts';
import { paysPaidYear } from '../purchase/mandate-times.ts';
import { termsOf } from '../purchase/terms.ts';
import { writeAudit } from './audit.ts';
import { announceChange } from './changes.ts';
import { wakeEventsOf } from './inbox.ts';
import { insertPurchase } from './new-purchase.ts';
import { readBuyer } from './orgs.ts';
import { findPayment } from './payments.ts';
import { findByOrder, findInProgress, lockPurchase, updatePurchase } from './purchases.ts';
import { type PurchaseRow, purchase } from './schema.ts';
import type { MandateRow } from './schema-payments.ts';
import { applyPayment, type NewsFrom, type Settled, type SettlingParts } from './settle.ts';
import { lockSubscription } from './subscriptions.ts';
import type { Tx } from './tx.ts';

type Charge = ReportedPayment & { readonly orderId: string };

/** The mandate's and the org's rows are locked. */
export async function applyCharge(
  tx: Tx,
  parts: SettlingParts,
  row: MandateRow,
  told: ReportedPayment,
  from: NewsFrom,
): Promise<Settled> {
  // A provider that makes no order for a charge still has one id for it, which is then the order's too.
  const payment: Charge = { ...told, orderId: told.orderId ?? told.paymentId };
  const known = await findPayment(tx, row.provider, payment.paymentId);
  if (known === null && (await findByOrder(tx, row.provider, payment.orderId)) === null) {
    switch (payment.status) {
      case 'captured':
      case 'refunded':
        await holdOrder(tx, parts, row, payment);
        break;
      case 'failed':
        return noteFailure(tx, parts, row, payment);
      default:
        return 'nothing';
    }
  }
  return applyPayment(tx, parts, { payment, order: null }, from);
}

/** The bank's reason, shown on the purchase that waits for the charge. Every look tells of it again. */
async function noteFailure(tx: Tx, parts: SettlingParts, row: MandateRow, payment: Charge): Promise<Settled> {
  const asked = await lockPurchase(tx, row.orgId, row.purchaseId);
  const failureCode = payment.failure?.code ?? 'payment_failed';
  const failureDescription = payment.failure?.description ?? '';
  const same = asked.failureCode === failureCode && asked.failureDescription === failureDescription;
  if (asked.state !== 'awaiting_payment' || same) return 'nothing';
  await updatePurchase(tx, asked, { failureCode, failureDescription, failureAt: parts.clock.now() });
  await announceChange(tx, row.orgId);
  return 'failure_noted';
}

/** Gives the order of a charge that took money to the purchase that it pays, and wakes events that came before. */
async function holdOrder(tx: Tx, parts: SettlingParts, row: MandateRow, payment: Charge): Promise<void> {
  const now = parts.clock.now();
  const key = await purchaseFor(tx, parts, row, businessDate(payment.capturedAt ?? now));
  await updatePurchase(tx, key, { providerOrderId: payment.orderId });
  await wakeEventsOf(tx, row.provider, { orderId: payment.orderId }, now);
}

/**
 * The first charge pays the purchase with which the mandate was asked for. Each later one pays a purchase of its own, made
 * here; it is born closed where another is open for its year or the year is paid: money for it then settles or goes back
 * by the rules for money that comes late.
 */
async function purchaseFor(tx: Tx, parts: SettlingParts, row: MandateRow, on: string) {
  const { orgId } = row;
  const { serviceRenewalNextDue: nextDue } = await lockSubscription(tx, orgId);
  const asked = await lockPurchase(tx, orgId, row.purchaseId);
  const paidYear = paysPaidYear(on, nextDue);
  const isFirst = asked.state === 'awaiting_payment' || asked.renewalDue === nextDue || paidYear;
  if (asked.providerOrderId === null && isFirst) return asked;
  const renewalDue = nextDue === null || paidYear ? ((await lastPaidDue(tx, orgId)) ?? on) : nextDue;
  const rival = paidYear || (await findInProgress(tx, orgId, 'renewal.year', renewalDue)) !== null;
  return makePurchase(tx, parts, row, { deviceId: asked.deviceId, renewalDue, on, isOpen: !rival });
}

/** The due date of the latest renewal that is paid. */
async function lastPaidDue(tx: Tx, orgId: string): Promise<string | null> {
  const [last] = await tx
    .select({ due: purchase.renewalDue })
    .from(purchase)
    .where(and(eq(purchase.orgId, orgId), eq(purchase.sku, 'renewal.year'), eq(purchase.state, 'paid')))
    .orderBy(desc(purchase.renewalDue))
    .limit(1);
  return last?.due ?? null;
}

interface NextYear {
  readonly deviceId: string;
  readonly renewalDue: string;
  /** The day of the charge, whose prices hold. */
  readonly on: string;
  readonly isOpen: boolean;
}

async function makePurchase(
  tx: Tx,
  parts: SettlingParts,
  row: MandateRow,
  year: NextYear,
): Promise<Pick<PurchaseRow, 'orgId' | 'purchaseId'>> {
  const { orgId } = row;
  const { deviceId, renewalDue, on, isOpen } = year;
  const { pricesIncludeGst, seller } = parts.config;
  const selling = { pricesIncludeGst, sellerGstin: seller.gstin };
  const terms = termsOf('renewal.year', 1, selling, await readBuyer(tx, orgId), on);
  const now = parts.clock.now();
  const purchaseId = makeId('pur', parts.clock, parts.random);
  const wish = {
    orgId,
    purchaseId,
    deviceId,
    sku: 'renewal.year',
    quantity: 1,
    renewalMode: 'autopay',
    renewalDue,
  } as const;
  await insertPurchase(tx, parts, isOpen ? wish : { ...wish, state: 'cancelled' }, terms);
  const details = { sku: 'renewal.year', quantity: 1, amountPaise: terms.amountPaise, mandate: row.receipt };
  await writeAudit(tx, { orgId, actor: 'provider', action: 'purchase.created', subject: purchaseId, details }, now);
  return wish;
}
