// The one subscription row of an org: read, locked, changed by a plan or a renewal. Status and features are never read
// from it but computed (shared/plan/renewal.ts).
import { eq } from 'drizzle-orm';
import type { Subscription } from '../../shared/contract/billing.ts';
import { planIncludes } from '../../shared/plan/catalogue.ts';
import { nextMonthStart } from '../../shared/plan/grant-months.ts';
import { firstReminderAt } from '../../shared/plan/reminders.ts';
import { daysLeftAt, nextDueAfterPlan, renewalStatusAt } from '../../shared/plan/renewal.ts';
import { subscription } from './schema.ts';
import type { Tx } from './tx.ts';

export type SubscriptionRow = typeof subscription.$inferSelect;

export async function readSubscription(tx: Tx, orgId: string): Promise<SubscriptionRow> {
  const [row] = await tx.select().from(subscription).where(eq(subscription.orgId, orgId));
  return found(row, orgId);
}

/** Locks the row until the transaction ends. Taken after a purchase's row and before the ledger's. */
export async function lockSubscription(tx: Tx, orgId: string): Promise<SubscriptionRow> {
  const [row] = await tx.select().from(subscription).where(eq(subscription.orgId, orgId)).for('update');
  return found(row, orgId);
}

function found(row: SubscriptionRow | undefined, orgId: string): SubscriptionRow {
  if (row === undefined) throw new Error(`org ${orgId} has no subscription row`);
  return row;
}

/** The plan begins: first service year from the payment's date. The grants are the caller's (grants.ts). */
export async function startPlan(tx: Tx, orgId: string, paidAt: Date, amountPaise: number, now: Date): Promise<void> {
  const serviceRenewalNextDue = nextDueAfterPlan(paidAt);
  await tx
    .update(subscription)
    .set({
      planType: 'one_time',
      oneTimePurchasedAt: paidAt,
      oneTimeAmountPaise: amountPaise,
      serviceRenewalStatus: renewalStatusAt({ serviceRenewalNextDue }, now),
      serviceRenewalNextDue,
      branchesIncluded: planIncludes.branches,
      prioritySupport: planIncludes.prioritySupport,
      monthlyCreditGrant: planIncludes.monthlyCredits,
      renewalMode: 'manual',
      nextGrantAt: nextMonthStart(paidAt),
      nextReminderAt: firstReminderAt(serviceRenewalNextDue),
      updatedAt: now,
    })
    .where(eq(subscription.orgId, orgId));
}

/** The plan was refunded in full: as it was before it was bought. */
export async function endPlan(tx: Tx, orgId: string, now: Date): Promise<void> {
  await tx
    .update(subscription)
    .set({
      planType: null,
      oneTimePurchasedAt: null,
      oneTimeAmountPaise: null,
      serviceRenewalStatus: 'none',
      serviceRenewalNextDue: null,
      branchesIncluded: 0,
      prioritySupport: false,
      monthlyCreditGrant: 0,
      renewalMode: null,
      nextGrantAt: null,
      nextReminderAt: null,
      updatedAt: now,
    })
    .where(eq(subscription.orgId, orgId));
}

export async function moveNextDue(tx: Tx, orgId: string, nextDue: string, now: Date): Promise<void> {
  await tx
    .update(subscription)
    .set({
      serviceRenewalNextDue: nextDue,
      serviceRenewalStatus: renewalStatusAt({ serviceRenewalNextDue: nextDue }, now),
      nextReminderAt: firstReminderAt(nextDue),
      updatedAt: now,
    })
    .where(eq(subscription.orgId, orgId));
}

/** Who renews: the user by hand, or a mandate by itself. */
export async function setRenewalMode(tx: Tx, orgId: string, mode: 'manual' | 'autopay', now: Date): Promise<void> {
  await tx.update(subscription).set({ renewalMode: mode, updatedAt: now }).where(eq(subscription.orgId, orgId));
}

/** As the contract shows it at an instant. What the plan includes stays; what a lapse turns off shows in the features. */
export function subscriptionAt(row: SubscriptionRow, now: Date): Subscription {
  const status = renewalStatusAt(row, now);
  return {
    planType: row.planType,
    oneTimePurchasedAt: row.oneTimePurchasedAt?.toISOString() ?? null,
    oneTimeAmountPaise: row.oneTimeAmountPaise,
    serviceRenewalStatus: status,
    serviceRenewalNextDue: row.serviceRenewalNextDue,
    daysLeft: daysLeftAt(row, now),
    branchesIncluded: row.branchesIncluded,
    prioritySupport: row.prioritySupport,
    monthlyCreditGrant: row.monthlyCreditGrant,
    renewalMode: row.renewalMode,
  };
}
