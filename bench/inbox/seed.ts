// Top-ups that wait for their money, each with an order at the provider, spread over the orgs of the benchmark's database.
import type { Pool } from 'pg';
import { orderIdOf } from './events.ts';

export const amountPaise = 250_000;

export async function seedPurchases(owner: Pool, count: number): Promise<void> {
  await owner.query(
    `insert into branch (org_id, branch_id, name, created_at) select org_id, 'br_bench', 'Bench', now() from org;
     insert into device (org_id, device_id, branch_id, name, token_hash, created_at)
       select org_id, 'dev_bench', 'br_bench', 'Bench', sha256(org_id::bytea), now() from org;
     insert into subscription (org_id, service_renewal_status, branches_included, priority_support, monthly_credit_grant, updated_at)
       select org_id, 'none', 1, false, 0, now() from org;`,
  );
  await owner.query(
    `insert into purchase (org_id, purchase_id, sku, quantity, state, catalogue_version, list_price_paise,
       prices_include_gst, rate_bp, sac, amount_paise, credits, provider, receipt, order_attempts, provider_order_id,
       pay_token, device_id, created_at, expires_at)
     select orgs.org_id, 'pur_' || i, 'topup.50k', 1, 'awaiting_payment', 'bench', $2, true, 1800, '998314', $2, 50000,
       'razorpay', 'rcpt_' || i, 1, $3 || lpad(i::text, 14, '0'), 'token_' || i, 'dev_bench', now(), now() + interval '3 days'
     from generate_series(1, $1) i
     join (select org_id, row_number() over (order by org_id) - 1 as at, count(*) over () as n from org) orgs
       on orgs.at = i % orgs.n`,
    [count, amountPaise, orderIdOf(0).replace(/0+$/, '')],
  );
  await owner.query('vacuum analyze');
}
