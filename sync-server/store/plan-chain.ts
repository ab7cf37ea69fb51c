// The subscription row as the paid purchases make it. A plan or a renewal that is bought moves it forward (settle.ts); when
// one is refunded, it is made anew from what is left, as if the refunded one had never been.
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { nextDueAfterPlan, nextDueAfterRenewal } from '../../shared/plan/renewal.ts';
import { businessMonth } from '../../shared/plan/service-year.ts';
import { grantOwedMonths } from './grants.ts';
import { updatePurchase } from './purchases.ts';
import { creditsLedger, type PurchaseRow, purchase } from './schema.ts';
import { endPlan, moveNextDue, readSubscription, startPlan } from './subscriptions.ts';
import type { Tx } from './tx.ts';

/** Call it behind the locks of subscription and purchases, when a plan or renewal has stopped or started to be paid. */
export async function remakeSubscription(tx: Tx, orgId: string, now: Date): Promise<void> {
  const paid = await tx
    .select()
    .from(purchase)
    .where(
      and(
        eq(purchase.orgId, orgId),
        eq(purchase.state, 'paid'),
        inArray(purchase.sku, ['plan.pharmapulse-one', 'renewal.year']),
      ),
    )
    .orderBy(asc(purchase.paidAt), asc(purchase.purchaseId));
  const plan = paid.find(({ sku }) => sku === 'plan.pharmapulse-one');
  if (plan?.paidAt == null) {
    await endPlan(tx, orgId, now);
    return;
  }
  const { planType } = await readSubscription(tx, orgId);
  if (planType === null) await startPlan(tx, orgId, plan.paidAt, plan.amountPaise, now);
  let due = nextDueAfterPlan(plan.paidAt);
  for (const row of paid) {
    // What was paid for a plan that went back since says nothing about this one.
    if (row.sku !== 'renewal.year' || row.paidAt === null || row.paidAt < plan.paidAt) continue;
    // It stands for this year now, so that the years behind it can be bought again.
    if (row.renewalDue !== due) await updatePurchase(tx, row, { renewalDue: due });
    due = nextDueAfterRenewal(due, row.paidAt);
  }
  await moveNextDue(tx, orgId, due, now);
  // Money that came back after all may have left months behind.
  await grantOwedMonths(tx, orgId, now);
}

/**
 * Credits of a plan's monthly grants that are left: grants since the plan was bought, less what was spent or taken back since,
 * with what came back when a lost dispute was won.
 * Spends count as taken from grants first, so that what was bought apart stays with the pharmacy.
 */
export async function grantsLeft(tx: Tx, plan: PurchaseRow): Promise<number> {
  if (plan.paidAt === null) return 0;
  const { orgId } = plan;
  const month = businessMonth(plan.paidAt);
  const { rows } = await tx.execute<{ left: string }>(sql`
    select coalesce(sum(delta), 0) as left from ${creditsLedger}
    where org_id = ${orgId}
      and seq >= (select seq from ${creditsLedger}
        where org_id = ${orgId} and kind = 'monthly_grant' and reference = ${month})
      and (kind in ('monthly_grant', 'spend')
        or ((kind = 'reversal' or (kind = 'adjustment' and idempotency_key like 'won:%')) and reference in (select purchase_id from ${purchase}
          where org_id = ${orgId} and sku <> 'topup.50k')))`);
  return Math.max(0, Number(rows[0]?.left ?? 0));
}
