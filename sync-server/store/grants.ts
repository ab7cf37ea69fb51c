// Monthly grants of one org, within the transaction that pays or takes back its plan or a renewal. The months that only the
// calendar brings are granted by the hundred: see grant-batch.ts.
import { and, eq, inArray } from 'drizzle-orm';
import { grantMonthsToGive, nextMonthStart, type PaidYear } from '../../shared/plan/grant-months.ts';
import { grantMonthlyCredits } from './ledger.ts';
import { creditsLedger, purchase, subscription } from './schema.ts';
import { readSubscription } from './subscriptions.ts';
import type { Tx } from './tx.ts';

/** What is paid for an org's service years, and has not gone back. */
export async function readPaidYears(tx: Tx, orgId: string): Promise<PaidYear[]> {
  const rows = await tx
    .select({ sku: purchase.sku, paidAt: purchase.paidAt })
    .from(purchase)
    .where(
      and(
        eq(purchase.orgId, orgId),
        eq(purchase.state, 'paid'),
        inArray(purchase.sku, ['plan.pharmapulse-one', 'renewal.year']),
      ),
    );
  return rows.flatMap(({ sku, paidAt }) =>
    paidAt === null || sku === 'topup.50k' ? [] : [{ sku, paidAt, endedAt: null }],
  );
}

/**
 * Gives every month's grant that is owed until now and is not in the ledger: the month of a purchase or of a renewal after a
 * lapse at once, and months that had begun before the payment was heard of. Call it behind the lock of the subscription,
 * when what is paid has changed.
 */
export async function grantOwedMonths(tx: Tx, orgId: string, now: Date): Promise<void> {
  const paid = await readPaidYears(tx, orgId);
  if (paid.length === 0) return;
  // The provider's clock may be a little ahead of ours: what is paid counts from its payment on.
  const until = new Date(Math.max(now.getTime(), ...paid.map(({ paidAt }) => paidAt.getTime())));
  const { monthlyCreditGrant: amount } = await readSubscription(tx, orgId);
  const rows = await tx
    .select({ month: creditsLedger.reference })
    .from(creditsLedger)
    .where(and(eq(creditsLedger.orgId, orgId), eq(creditsLedger.kind, 'monthly_grant')));
  const had = new Set(rows.map(({ month }) => month));
  for (const owed of grantMonthsToGive(paid, until)) {
    if (amount > 0 && !had.has(owed.month)) await grantMonthlyCredits(tx, orgId, owed, amount, now);
  }
  await tx
    .update(subscription)
    .set({ nextGrantAt: nextMonthStart(until) })
    .where(eq(subscription.orgId, orgId));
}
