-- The first schema: orgs and their counters, the ledger, purchases, payments, invoices, the audit log and the webhook inbox.
-- Every tenant's key begins with org_id. Money is bigint paise, credits are bigint, instants are timestamptz(3).

create table org (
  org_id      text primary key,
  legal_name  text not null,
  address     text not null,
  state_code  text not null check (state_code ~ '^\d{2}$'),
  pin         text not null check (pin ~ '^\d{6}$'),
  gstin       text,
  phone       text,
  email       text,
  created_at  timestamptz(3) not null
);

create table branch (
  org_id      text not null references org,
  branch_id   text not null,
  name        text not null,
  created_at  timestamptz(3) not null,
  primary key (org_id, branch_id)
);

create table device (
  org_id       text not null,
  device_id    text not null,
  branch_id    text not null,
  name         text not null,
  -- SHA-256 of the bearer token; the token itself is never stored.
  token_hash   bytea not null unique,
  created_at   timestamptz(3) not null,
  last_seen_at timestamptz(3),
  revoked_at   timestamptz(3),
  primary key (org_id, device_id),
  foreign key (org_id, branch_id) references branch
);

create table join_code (
  org_id      text not null references org,
  -- SHA-256 of the code. A code is looked up before any org is known, so it is unique over all.
  code_hash   bytea not null unique,
  branch_id   text not null,
  created_by  text not null,
  created_at  timestamptz(3) not null,
  expires_at  timestamptz(3) not null,
  used_at     timestamptz(3),
  primary key (org_id, code_hash)
);

-- One row per org from sign-up on, so that it can always be locked. Everything is null or zero while no plan is owned.
create table subscription (
  org_id                   text primary key references org,
  plan_type                text check (plan_type in ('one_time', 'subscription')),
  one_time_purchased_at    timestamptz(3),
  one_time_amount_paise    bigint check (one_time_amount_paise > 0),
  -- As it was at updated_at, for operators' queries only. What holds is the pure function of next due and the instant.
  service_renewal_status   text not null default 'none'
    check (service_renewal_status in ('none', 'active', 'due_soon', 'past_due', 'lapsed')),
  service_renewal_next_due date,
  branches_included        integer not null default 0 check (branches_included >= 0),
  priority_support         boolean not null default false,
  monthly_credit_grant     bigint not null default 0 check (monthly_credit_grant >= 0),
  renewal_mode             text check (renewal_mode in ('manual', 'autopay')),
  updated_at               timestamptz(3) not null,
  check ((plan_type is null) = (service_renewal_next_due is null))
);

create table credits_ledger (
  org_id          text not null references org,
  seq             bigint not null check (seq > 0),
  delta           bigint not null check (delta <> 0),
  balance_after   bigint not null check (balance_after >= 0),
  kind            text not null check (kind in ('monthly_grant', 'topup', 'spend', 'reversal', 'adjustment')),
  reference       text,
  idempotency_key text,
  actor           text,
  feature         text,
  occurred_at     timestamptz(3) not null,
  created_at      timestamptz(3) not null,
  hash            bytea not null check (length(hash) = 32),
  primary key (org_id, seq)
);
create unique index credits_ledger_key on credits_ledger (org_id, idempotency_key) where idempotency_key is not null;
-- One grant per org and month, one top-up entry per purchase, ever, whatever runs twice or at once.
create unique index credits_ledger_month on credits_ledger (org_id, reference) where kind = 'monthly_grant';
create unique index credits_ledger_topup on credits_ledger (org_id, reference) where kind = 'topup';

-- Where each org's ledger stands: the fold of its entries, and the lock that orders its writers.
create table credit_balance_cache (
  org_id     text primary key references org,
  balance    bigint not null default 0 check (balance >= 0),
  held       bigint not null default 0 check (held >= 0 and held <= balance),
  seq        bigint not null default 0 check (seq >= 0),
  hash       bytea not null check (length(hash) = 32),
  updated_at timestamptz(3) not null
);

create table purchase (
  org_id             text not null references org,
  purchase_id        text not null,
  sku                text not null check (sku in ('plan.pharmapulse-one', 'renewal.year', 'topup.50k')),
  quantity           integer not null check (quantity between 1 and 20),
  state              text not null
    check (state in ('awaiting_payment', 'paid', 'under_review', 'cancelled', 'expired', 'refunded')),
  -- Frozen when the purchase is accepted.
  catalogue_version  text not null,
  list_price_paise   bigint not null check (list_price_paise > 0),
  prices_include_gst boolean not null,
  rate_bp            integer not null check (rate_bp >= 0),
  sac                text not null,
  amount_paise       bigint not null check (amount_paise > 0),
  credits            bigint not null check (credits >= 0),
  renewal_mode       text check (renewal_mode in ('manual', 'autopay')),
  -- The due date that a renewal is for: one open or paid renewal per org and due date.
  renewal_due        date,
  -- How it is paid. receipt finds the order again when a call's outcome is unknown; pay_token opens the pay page.
  provider           text not null,
  receipt            text not null unique,
  order_attempts     integer not null default 0,
  provider_order_id  text,
  pay_token          text not null unique,
  device_id          text not null,
  created_at         timestamptz(3) not null,
  expires_at         timestamptz(3) not null,
  paid_at            timestamptz(3),
  closed_at          timestamptz(3),
  review_reason      text,
  refunded_paise     bigint not null default 0 check (refunded_paise >= 0),
  failure_code        text,
  failure_description text,
  failure_at          timestamptz(3),
  primary key (org_id, purchase_id),
  foreign key (org_id, device_id) references device,
  check ((sku = 'renewal.year') = (renewal_due is not null)),
  check (state <> 'paid' or paid_at is not null)
);
create unique index purchase_order on purchase (provider, provider_order_id) where provider_order_id is not null;
create unique index purchase_one_plan on purchase (org_id)
  where sku = 'plan.pharmapulse-one' and state in ('awaiting_payment', 'paid');
create unique index purchase_one_renewal on purchase (org_id, renewal_due)
  where sku = 'renewal.year' and state in ('awaiting_payment', 'paid');
create index purchase_recent on purchase (org_id, created_at desc, purchase_id desc);
create index purchase_due on purchase (expires_at) where state = 'awaiting_payment';
-- Calls to the provider whose outcome is unknown: an order may exist that no purchase names yet.
create index purchase_unknown_order on purchase (provider)
  where state = 'awaiting_payment' and provider_order_id is null and order_attempts > 0;

-- Money that the provider reported, once per payment, with what became of it here.
create table billing_payment (
  org_id            text not null,
  provider          text not null,
  payment_id        text not null,
  purchase_id       text not null,
  provider_order_id text not null,
  amount_paise      bigint not null check (amount_paise >= 0),
  currency          text not null,
  method            text,
  captured_at       timestamptz(3) not null,
  -- settled: it paid its purchase. review: an operator decides. refund_due, refunded: it goes or went back.
  effect            text not null check (effect in ('settled', 'review', 'refund_due', 'refunded')),
  reason            text,
  refund_id         text,
  refunded_paise    bigint not null default 0 check (refunded_paise >= 0 and refunded_paise <= amount_paise),
  created_at        timestamptz(3) not null,
  updated_at        timestamptz(3) not null,
  primary key (org_id, provider, payment_id),
  unique (provider, payment_id),
  foreign key (org_id, purchase_id) references purchase
);
create unique index billing_payment_settled on billing_payment (org_id, purchase_id) where effect = 'settled';
create index billing_payment_refund_due on billing_payment (created_at) where effect = 'refund_due';

-- The last number given out in each series and financial year. Locked last in a settling transaction, so that numbers
-- have no gap and the lock is short.
create table invoice_counter (
  series         text not null,
  financial_year text not null,
  last_serial    bigint not null default 0 check (last_serial >= 0),
  primary key (series, financial_year)
);

create table billing_invoice (
  org_id         text not null references org,
  invoice_id     text not null,
  kind           text not null check (kind in ('invoice', 'credit_note')),
  series         text not null,
  financial_year text not null,
  serial         bigint not null check (serial > 0),
  number         text not null check (length(number) <= 16),
  issued_on      date not null,
  purchase_id    text not null,
  original_id    text,
  total_paise    bigint not null,
  -- The whole document as issued; nothing of it is looked up again.
  document       jsonb not null,
  created_at     timestamptz(3) not null,
  primary key (org_id, invoice_id),
  unique (series, financial_year, serial),
  foreign key (org_id, purchase_id) references purchase
);
create unique index billing_invoice_number on billing_invoice (upper(number));
create unique index billing_invoice_one on billing_invoice (org_id, purchase_id) where kind = 'invoice';

create table billing_audit_log (
  org_id   text not null,
  audit_id bigint generated always as identity,
  at       timestamptz(3) not null,
  actor    text not null,
  action   text not null,
  subject  text,
  details  jsonb not null default '{}',
  primary key (org_id, audit_id)
);

-- Every signed webhook, once, as it came. Whose it is shows only when it is applied.
create table webhook_inbox (
  inbox_id        bigint generated always as identity primary key,
  provider        text not null,
  mode            text not null check (mode in ('live', 'test')),
  event_id        text not null,
  event           text not null,
  order_id        text,
  payment_id      text,
  body            bytea not null,
  received_at     timestamptz(3) not null,
  state           text not null default 'pending' check (state in ('pending', 'applied', 'ignored', 'parked')),
  attempts        integer not null default 0,
  reason          text,
  next_attempt_at timestamptz(3) not null,
  done_at         timestamptz(3),
  unique (provider, mode, event_id)
);
create index webhook_inbox_due on webhook_inbox (next_attempt_at) where state = 'pending';
create index webhook_inbox_order on webhook_inbox (provider, order_id) where order_id is not null;

create table idempotency_key (
  org_id     text not null references org,
  key        text not null,
  -- What the key was first used for: method and path, and SHA-256 of the body.
  route      text not null,
  body_hash  bytea not null,
  subject    text,
  status     integer,
  -- The first result, once there is one; a refusal is never kept.
  answer     jsonb,
  created_at timestamptz(3) not null,
  primary key (org_id, key)
);

-- Keys that sign entitlements. The newest signs; all are published while a counter may still hold a statement of theirs.
create table signing_key (
  kid         text primary key,
  private_jwk jsonb not null,
  public_jwk  jsonb not null,
  created_at  timestamptz(3) not null
);

-- How far the test clock is ahead of the machine's, in milliseconds; one row, only where TEST_CLOCK is on.
create table test_clock (
  only_one  boolean primary key default true check (only_one),
  offset_ms bigint not null
);

-- Facts are never changed or deleted: the database itself says no, to the owner too.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of % is refused: its rows are facts', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger credits_ledger_is_facts before update or delete on credits_ledger
  for each row execute function refuse_change();
create trigger credits_ledger_is_kept before truncate on credits_ledger
  for each statement execute function refuse_change();
create trigger billing_audit_log_is_facts before update or delete on billing_audit_log
  for each row execute function refuse_change();
create trigger billing_audit_log_is_kept before truncate on billing_audit_log
  for each statement execute function refuse_change();
create trigger billing_invoice_is_facts before update or delete on billing_invoice
  for each row execute function refuse_change();
create trigger billing_invoice_is_kept before truncate on billing_invoice
  for each statement execute function refuse_change();

-- The inbox keeps what came; only what became of it may move on.
create function refuse_inbox_fact_change() returns trigger language plpgsql as $$
begin
  if (new.inbox_id, new.provider, new.mode, new.event_id, new.event, new.order_id, new.payment_id, new.body, new.received_at)
     is distinct from
     (old.inbox_id, old.provider, old.mode, old.event_id, old.event, old.order_id, old.payment_id, old.body, old.received_at)
  then
    raise exception 'UPDATE of webhook_inbox is refused: what came is a fact' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger webhook_inbox_is_facts before update on webhook_inbox
  for each row execute function refuse_inbox_fact_change();
create trigger webhook_inbox_is_not_deleted before delete on webhook_inbox
  for each row execute function refuse_change();
create trigger webhook_inbox_is_kept before truncate on webhook_inbox
  for each statement execute function refuse_change();

-- The server works as this role. It owns nothing, so it cannot switch a trigger off, and lacks the rights besides.
grant usage on schema public to pharmapulse_app;
grant select, insert on all tables in schema public to pharmapulse_app;
grant update on org, branch, device, join_code, subscription, credit_balance_cache, purchase, billing_payment,
  invoice_counter, idempotency_key, test_clock to pharmapulse_app;
grant update (state, attempts, reason, next_attempt_at, done_at) on webhook_inbox to pharmapulse_app;
grant usage on all sequences in schema public to pharmapulse_app;
revoke all on signing_key from pharmapulse_app;
grant select, insert on signing_key to pharmapulse_app;
revoke insert on schema_migration from pharmapulse_app;
