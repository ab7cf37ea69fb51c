// Pharmacies with a plan by the hundred thousand, written straight into the database, and the proof of what they were granted:
// SQL that knows the handbook and nothing of the program.
import type { Pool } from 'pg';

/**
 * `orgs` pharmacies whose plans were bought within the eleven months before `month` (`YYYY-MM`), with the grant of the month of
 * purchase; the grant of `month` is the one that is due next.
 */
export async function seedPharmacies(owner: Pool, orgs: number, month: string): Promise<void> {
  const client = await owner.connect();
  // Counters are of no account here: a purchase without one is enough.
  await client.query("set session_replication_role = replica; set statement_timeout = '10min'");
  const begin = `('${month}-01'::timestamp at time zone 'Asia/Kolkata')`;
  await client.query(
    `create temporary table pharmacy as
       select 'org_' || upper(substr(md5(i::text), 1, 26)) as org_id, i,
         date_trunc('milliseconds', ${begin} - interval '1 hour' - random() * interval '330 days') as paid_at
       from generate_series(1, $1::int) i`,
    [orgs],
  );
  const bought = `to_char(paid_at at time zone 'Asia/Kolkata', 'YYYY-MM')`;
  const hash = hashOf({
    ...{
      before: "repeat('0', 64)",
      org: 'org_id',
      seq: '1',
      delta: '50000',
      balance: '50000',
      kind: "'monthly_grant'",
    },
    ...{ reference: bought, key: `'grant:' || ${bought}`, actor: "'system'", feature: 'null', occurred: 'paid_at' },
  });
  const fill = [
    `insert into org (org_id, legal_name, address, state_code, pin, created_at)
     select org_id, 'Pharmacy', 'Road', '27', '400001', paid_at from pharmacy`,
    `insert into subscription (org_id, plan_type, one_time_purchased_at, one_time_amount_paise, service_renewal_status,
       service_renewal_next_due, branches_included, priority_support, monthly_credit_grant, renewal_mode, next_grant_at,
       updated_at)
     select org_id, 'one_time', paid_at, 1500000, 'active',
       ((paid_at at time zone 'Asia/Kolkata')::date + interval '1 year')::date, 1, true, 50000, 'manual', ${begin}, paid_at
     from pharmacy`,
    `insert into purchase (org_id, purchase_id, sku, quantity, state, catalogue_version, list_price_paise, prices_include_gst,
       rate_bp, sac, amount_paise, credits, provider, receipt, pay_token, device_id, created_at, expires_at, paid_at)
     select org_id, 'pur_' || i, 'plan.pharmapulse-one', 1, 'paid', '2026-11-01', 1500000, true, 1800, '997331', 1500000, 0,
       'sandbox', 'receipt_' || i, 'token_' || i, 'dev_1', paid_at, paid_at, paid_at from pharmacy`,
    `insert into credits_ledger (org_id, seq, delta, balance_after, kind, reference, idempotency_key, actor, occurred_at,
       created_at, hash)
     select org_id, 1, 50000, 50000, 'monthly_grant', ${bought}, 'grant:' || ${bought}, 'system', paid_at, paid_at, ${hash}
     from pharmacy`,
    `insert into credit_balance_cache (org_id, balance, held, seq, hash, updated_at)
     select org_id, 50000, 0, 1, hash, created_at from credits_ledger`,
  ];
  for (const statement of fill) await client.query(statement);
  client.release(true);
  await owner.query('vacuum analyze');
}

type HashedField =
  | 'before'
  | 'org'
  | 'seq'
  | 'delta'
  | 'balance'
  | 'kind'
  | 'reference'
  | 'key'
  | 'actor'
  | 'feature'
  | 'occurred';

/** The hash of an entry as the contract defines it, as an SQL expression of expressions. */
function hashOf(entry: Readonly<Record<HashedField, string>>): string {
  const { before, org, seq, delta, balance, kind, reference, key, actor, feature, occurred } = entry;
  const iso = `to_char(${occurred} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const lines = [before, org, seq, delta, balance, kind, reference, key, actor, feature, iso].map(
    (field) => `coalesce((${field})::text, '')`,
  );
  return `sha256(convert_to(concat_ws(E'\\n', ${lines.join(', ')}), 'UTF8'))`;
}

export interface Proof {
  /** Orgs that own a plan. */
  readonly orgs: number;
  /** Grants of the month, and the different orgs that they are of. */
  readonly grants: number;
  readonly granted: number;
  /** Grants that are not of 50,000, not of the month's first instant, or not of the month's key. */
  readonly odd: number;
  /** Entries whose number, balance or hash does not follow from the one before; all entries there are. */
  readonly broken: number;
  readonly entries: number;
  /** Orgs whose cached head is not their last entry. */
  readonly astray: number;
}

/** Every entry of the database is looked at. */
export async function proveGrants(owner: Pool, month: string): Promise<Proof> {
  const hash = hashOf({
    ...{ before: 'previous', org: 'org_id', seq: 'seq', delta: 'delta', balance: 'balance_after', kind: 'kind' },
    ...{ reference: 'reference', key: 'idempotency_key', actor: 'actor', feature: 'feature', occurred: 'occurred_at' },
  });
  const client = await owner.connect();
  await client.query("set statement_timeout = '10min'");
  const { rows } = await client.query<Record<keyof Proof, string>>(
    `with chain as (
       select *, row_number() over own as place, sum(delta) over own as sum,
         coalesce(encode(lag(hash) over own, 'hex'), repeat('0', 64)) as previous,
         lead(seq) over own is null as last
       from credits_ledger window own as (partition by org_id order by seq)
     ), month as (
       select * from credits_ledger where kind = 'monthly_grant' and reference = $1
     )
     select (select count(*) from subscription where plan_type is not null) as orgs,
       (select count(*) from month) as grants,
       (select count(distinct org_id) from month) as granted,
       (select count(*) from month where delta <> 50000 or idempotency_key <> 'grant:' || $1
          or occurred_at <> ($1 || '-01')::timestamp at time zone 'Asia/Kolkata') as odd,
       (select count(*) from chain where seq <> place or balance_after <> sum or hash <> ${hash}) as broken,
       (select count(*) from chain) as entries,
       (select count(*) from chain join credit_balance_cache c using (org_id)
          where last and (c.seq, c.balance, c.hash) is distinct from (chain.seq, chain.balance_after, chain.hash)) as astray`,
    [month],
  );
  client.release(true);
  const [row] = rows;
  if (row === undefined) throw new Error('no proof');
  const number = (field: keyof Proof) => Number(row[field]);
  return {
    ...{ orgs: number('orgs'), grants: number('grants'), granted: number('granted'), odd: number('odd') },
    ...{ broken: number('broken'), entries: number('entries'), astray: number('astray') },
  };
}

/** What is wrong with a proof, in words; nothing if each org has one grant and every chain holds. */
export function faultsOf(proof: Proof, entriesBefore: number): string[] {
  const { orgs, grants, granted, odd, broken, entries, astray } = proof;
  const faults: string[] = [];
  if (grants !== orgs || granted !== orgs)
    faults.push(`${grants} grants of ${granted} orgs, not one of each of ${orgs}`);
  if (entries !== entriesBefore + orgs) faults.push(`${entries} entries, not ${entriesBefore + orgs}`);
  if (odd > 0) faults.push(`${odd} grants of another amount, moment or key`);
  if (broken > 0) faults.push(`${broken} entries do not follow from the one before`);
  if (astray > 0) faults.push(`${astray} heads are not the last entry`);
  return faults;
}
