// An org's status in one reading: subscription, features, credits, prices, and the signed entitlement that says the same.
import type { BillingStatus } from '../../shared/contract/billing.ts';
import { catalogueVersion } from '../../shared/plan/catalogue.ts';
import { featuresOf } from '../../shared/plan/renewal.ts';
import { businessDate } from '../../shared/plan/service-year.ts';
import type { Parts } from '../parts.ts';
import { pricesFor } from '../purchase/terms.ts';
import { getCreditBalance } from './ledger.ts';
import { readBuyer } from './orgs.ts';
import { readReminders } from './reminders.ts';
import { readSubscription, subscriptionAt } from './subscriptions.ts';
import type { Tx } from './tx.ts';

/** How long a counter may trust an entitlement without contact. */
const entitlementDays = 30;

export async function readStatus(parts: Parts, tx: Tx, orgId: string): Promise<BillingStatus> {
  const now = parts.clock.now();
  const row = await readSubscription(tx, orgId);
  const buyer = await readBuyer(tx, orgId);
  const { balance, held, available } = await getCreditBalance(tx, orgId);
  const subscription = subscriptionAt(row, now);
  const features = featuresOf(subscription.serviceRenewalStatus);
  const plan = row.planType === null ? null : 'pharmapulse-one';
  const selling = { pricesIncludeGst: parts.config.pricesIncludeGst, sellerGstin: parts.config.seller.gstin };
  const issuedAt = Math.floor(now.getTime() / 1000);
  return {
    plan,
    org: { id: orgId, legalName: buyer.legalName },
    subscription,
    reminders: await readReminders(tx, orgId, row.serviceRenewalNextDue),
    features,
    credits: { balance, held, available },
    prices: pricesFor(selling, buyer, businessDate(now)),
    pricesIncludeGst: parts.config.pricesIncludeGst,
    catalogueVersion,
    testMoney: parts.provider.name === 'sandbox',
    testTime: parts.config.testClock,
    serverTime: now.toISOString(),
    ...(await parts.signer.sign({
      sub: orgId,
      iat: issuedAt,
      exp: issuedAt + entitlementDays * 86_400,
      plan,
      serviceRenewalStatus: subscription.serviceRenewalStatus,
      serviceRenewalNextDue: subscription.serviceRenewalNextDue,
      features,
    })),
  };
}
