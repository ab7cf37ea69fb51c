// The verifier's reading of what an org has few of, held at once: its cache, subscription, purchases and payments.
import type { PoolClient } from 'pg';
import type { OrgFacts, PaymentFact, PurchaseFact, SubscriptionFact } from '../ledger/verify-facts.ts';

const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;
const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text));

/** The next orgs after one, in order; the last range of all has no end. */
export async function nextOrgs(client: PoolClient, after: string | null, most: number): Promise<string[]> {
  const { rows } = await client.query<{ org_id: string }>(
    'select org_id from org where $1::text is null or org_id > $1 order by org_id limit $2',
    [after, most],
  );
  return rows.map((row) => row.org_id);
}

export async function isOrg(client: PoolClient, orgId: string): Promise<boolean> {
  return (await client.query('select from org where org_id = $1', [orgId])).rows.length > 0;
}

/** What is held of each org at once: its cache, subscription, purchases and payments. */
export async function readOrgFacts(client: PoolClient, orgIds: readonly string[]): Promise<OrgFacts[]> {
  const of = async <R extends { org_id: string }>(text: string) =>
    (await client.query<R>(text, [orgIds])).rows.reduce((rows, row) => {
      const own = rows.get(row.org_id);
      if (own === undefined) rows.set(row.org_id, [row]);
      else own.push(row);
      return rows;
    }, new Map<string, R[]>());
  const caches = await of<CacheRow>(
    "select org_id, balance, held, seq, encode(hash, 'hex') as hash from credit_balance_cache where org_id = any($1)",
  );
  const subscriptions = await of<SubscriptionRow>(
    `select *, service_renewal_next_due::text as next_due from subscription where org_id = any($1)`,
  );
  const purchases = await of<PurchaseRow>(
    'select *, renewal_due::text as due from purchase where org_id = any($1) order by org_id, created_at, purchase_id',
  );
  const payments = await of<PaymentRow>(
    'select * from billing_payment where org_id = any($1) order by org_id, created_at',
  );
  return orgIds.map((orgId) => {
    const cache = caches.get(orgId)?.[0];
    const subscription = subscriptions.get(orgId)?.[0];
    return {
      orgId,
      cache:
        cache === undefined
          ? null
          : {
              balance: Number(cache.balance),
              held: Number(cache.held),
              seq: Number(cache.seq),
              hash: cache.hash,
            },
      subscription: subscription === undefined ? null : subscriptionOf(subscription),
      purchases: (purchases.get(orgId) ?? []).map(purchaseOf),
      payments: (payments.get(orgId) ?? []).map(paymentOf),
    };
  });
}

interface CacheRow {
  org_id: string;
  balance: string;
  held: string;
  seq: string;
  hash: string;
}

interface SubscriptionRow {
  org_id: string;
  plan_type: string | null;
  one_time_purchased_at: Date | null;
  one_time_amount_paise: string | null;
  next_due: string | null;
  branches_included: number;
  priority_support: boolean;
  monthly_credit_grant: string;
  next_grant_at: Date | null;
}

const subscriptionOf = (row: SubscriptionRow): SubscriptionFact => ({
  planType: row.plan_type,
  oneTimePurchasedAt: isoOrNull(row.one_time_purchased_at),
  oneTimeAmountPaise: numberOrNull(row.one_time_amount_paise),
  serviceRenewalNextDue: row.next_due,
  branchesIncluded: row.branches_included,
  prioritySupport: row.priority_support,
  monthlyCreditGrant: Number(row.monthly_credit_grant),
  nextGrantAt: isoOrNull(row.next_grant_at),
});

interface PurchaseRow {
  org_id: string;
  purchase_id: string;
  sku: PurchaseFact['sku'];
  quantity: number;
  state: PurchaseFact['state'];
  list_price_paise: string;
  prices_include_gst: boolean;
  rate_bp: number;
  sac: string;
  amount_paise: string;
  credits: string;
  due: string | null;
  provider: string;
  provider_order_id: string | null;
  paid_at: Date | null;
  closed_at: Date | null;
  refunded_paise: string;
}

const purchaseOf = (row: PurchaseRow): PurchaseFact => ({
  purchaseId: row.purchase_id,
  sku: row.sku,
  quantity: row.quantity,
  state: row.state,
  listPricePaise: Number(row.list_price_paise),
  pricesIncludeGst: row.prices_include_gst,
  rateBp: row.rate_bp,
  sac: row.sac,
  amountPaise: Number(row.amount_paise),
  credits: Number(row.credits),
  renewalDue: row.due,
  provider: row.provider,
  providerOrderId: row.provider_order_id,
  paidAt: isoOrNull(row.paid_at),
  closedAt: isoOrNull(row.closed_at),
  refundedPaise: Number(row.refunded_paise),
});

interface PaymentRow {
  org_id: string;
  provider: string;
  payment_id: string;
  purchase_id: string;
  provider_order_id: string;
  amount_paise: string;
  currency: string;
  captured_at: Date;
  effect: PaymentFact['effect'];
  reason: string | null;
  refund_id: string | null;
  refunded_paise: string;
}

const paymentOf = (row: PaymentRow): PaymentFact => ({
  provider: row.provider,
  paymentId: row.payment_id,
  purchaseId: row.purchase_id,
  providerOrderId: row.provider_order_id,
  amountPaise: Number(row.amount_paise),
  currency: row.currency,
  capturedAt: row.captured_at.toISOString(),
  effect: row.effect,
  reason: row.reason,
  refundId: row.refund_id,
  refundedPaise: Number(row.refunded_paise),
});
