-- What comes after a payment, and what never came: refunds, disputes, looks at the provider, alarms, mandates.

-- Money that goes back, once per refund; what was refunded of a payment is the sum of its processed refunds, so the order
-- in which the provider tells of them changes nothing.
create table billing_refund (
  org_id       text not null,
  -- Ours, and the key under which the provider is asked. Of a refund that was made elsewhere: made when we heard of it.
  refund_key   text not null,
  provider     text not null,
  payment_id   text not null,
  purchase_id  text not null,
  amount_paise bigint not null check (amount_paise > 0),
  -- requested: the provider is to be asked, or its answer is unknown. pending: it has it. restored: it was a lost dispute
  -- that was won in the end.
  status       text not null check (status in ('requested', 'pending', 'processed', 'failed', 'restored')),
  -- The provider's id; a lost dispute has the dispute's.
  refund_id    text,
  -- Device id, `system`, `provider` or `operator`.
  actor        text not null,
  reason       text not null,
  -- What it did: credits that were taken back, what could not be taken, and the credit note.
  reversed     bigint not null default 0 check (reversed >= 0),
  shortfall    bigint not null default 0 check (shortfall >= 0),
  note_id      text,
  attempts     integer not null default 0,
  next_ask_at  timestamptz(3),
  created_at   timestamptz(3) not null,
  updated_at   timestamptz(3) not null,
  primary key (org_id, refund_key),
  foreign key (org_id, provider, payment_id) references billing_payment,
  foreign key (org_id, purchase_id) references purchase,
  -- When the provider is asked: to do it, or what became of it.
  check (status <> 'requested' or next_ask_at is not null),
  check (status in ('requested', 'pending') or next_ask_at is null),
  check (status in ('requested', 'failed') or refund_id is not null)
);
create unique index billing_refund_told on billing_refund (provider, refund_id) where refund_id is not null;
create index billing_refund_ask on billing_refund (next_ask_at) where next_ask_at is not null;
create index billing_refund_payment on billing_refund (org_id, provider, payment_id);

-- A payment that went back before refunds had rows of their own.
insert into billing_refund (org_id, refund_key, provider, payment_id, purchase_id, amount_paise, status, refund_id, actor,
    reason, created_at, updated_at)
  select org_id, refund_id, provider, payment_id, purchase_id, refunded_paise, 'processed', refund_id, 'system',
    coalesce(reason, ''), updated_at, updated_at
  from billing_payment where effect = 'refunded';
-- What was to go back goes on under the key that it may have been asked with before.
insert into billing_refund (org_id, refund_key, provider, payment_id, purchase_id, amount_paise, status, actor, reason,
    next_ask_at, created_at, updated_at)
  select org_id, left(encode(sha256(convert_to(provider || ' ' || payment_id, 'UTF8')), 'hex'), 40), provider, payment_id,
    purchase_id, amount_paise, 'requested', 'system', coalesce(reason, ''), now(), now(), now()
  from billing_payment where effect = 'refund_due';
-- What the provider's reports say of a payment's refunds in all; more than the rows add up to means one was never told.
alter table billing_payment add column reported_refunded_paise bigint not null default 0 check (reported_refunded_paise >= 0);
create index billing_payment_untold on billing_payment (updated_at) where reported_refunded_paise > refunded_paise;

create table billing_dispute (
  org_id       text not null,
  provider     text not null,
  dispute_id   text not null,
  payment_id   text not null,
  purchase_id  text not null,
  amount_paise bigint not null check (amount_paise >= 0),
  currency     text not null,
  status       text not null check (status in ('open', 'won', 'lost', 'closed')),
  reason       text,
  created_at   timestamptz(3) not null,
  updated_at   timestamptz(3) not null,
  primary key (org_id, provider, dispute_id),
  unique (provider, dispute_id),
  foreign key (org_id, provider, payment_id) references billing_payment
);

-- When the provider is asked about a purchase next; null when there is nothing left to ask. settled_by: who brought the
-- news that paid it; webhook_seen: whether any event of its order was looked for since.
alter table purchase
  add column next_look_at timestamptz(3),
  add column looks integer not null default 0,
  add column settled_by text check (settled_by in ('webhook', 'look_up')),
  add column webhook_seen boolean;
create index purchase_look on purchase (next_look_at) where next_look_at is not null;
update purchase set next_look_at = now()
  where provider_order_id is not null and state in ('awaiting_payment', 'cancelled', 'expired');

-- What a person must look at. One row per kind and subject: what happens again counts up.
create table billing_alarm (
  alarm_id   bigint generated always as identity primary key,
  kind       text not null,
  subject    text not null,
  -- null: no org's, like a wrong signature.
  org_id     text,
  details    jsonb not null default '{}',
  times      integer not null default 1 check (times > 0),
  first_at   timestamptz(3) not null,
  last_at    timestamptz(3) not null,
  closed_at  timestamptz(3),
  closed_by  text
);
create unique index billing_alarm_open on billing_alarm (kind, subject) where closed_at is null;

-- A standing permission of the customer to take the yearly renewal.
create table mandate (
  org_id           text not null references org,
  -- Ours; the receipt by which it is found again at the provider.
  receipt          text not null unique,
  provider         text not null,
  mandate_id       text,
  -- The renewal with which it was asked for.
  purchase_id      text not null,
  amount_paise     bigint not null check (amount_paise > 0),
  -- requested: the provider is to be asked, or its answer is unknown.
  status           text not null check (status in ('requested', 'created', 'authenticated', 'active', 'pending', 'halted',
                     'paused', 'cancelled', 'completed', 'expired')),
  authorisation_url text,
  first_charge_at  timestamptz(3),
  attempts         integer not null default 0,
  next_look_at     timestamptz(3),
  looks            integer not null default 0,
  created_at       timestamptz(3) not null,
  updated_at       timestamptz(3) not null,
  primary key (org_id, receipt),
  foreign key (org_id, purchase_id) references purchase
);
create unique index mandate_told on mandate (provider, mandate_id) where mandate_id is not null;
create unique index mandate_one on mandate (org_id)
  where status in ('requested', 'created', 'authenticated', 'active', 'pending', 'paused');
create index mandate_look on mandate (next_look_at) where next_look_at is not null;

alter table webhook_inbox add column mandate_id text;
create index webhook_inbox_payment on webhook_inbox (provider, payment_id) where payment_id is not null;
create index webhook_inbox_mandate on webhook_inbox (provider, mandate_id) where mandate_id is not null;
create or replace function refuse_inbox_fact_change() returns trigger language plpgsql as $$
begin
  if (new.inbox_id, new.provider, new.mode, new.event_id, new.event, new.order_id, new.payment_id, new.mandate_id, new.body,
      new.received_at)
     is distinct from
     (old.inbox_id, old.provider, old.mode, old.event_id, old.event, old.order_id, old.payment_id, old.mandate_id, old.body,
      old.received_at)
  then
    raise exception 'UPDATE of webhook_inbox is refused: what came is a fact' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

-- A refund that was made stays made: its money, and what it did, are never rewritten.
create function refuse_refund_change() returns trigger language plpgsql as $$
begin
  if (new.org_id, new.refund_key, new.provider, new.payment_id, new.purchase_id, new.amount_paise, new.actor, new.created_at)
     is distinct from
     (old.org_id, old.refund_key, old.provider, old.payment_id, old.purchase_id, old.amount_paise, old.actor, old.created_at)
     or old.status = 'restored'
     or (old.status = 'processed' and (new.status not in ('processed', 'restored')
       or (new.reversed, new.shortfall, new.note_id, new.refund_id)
          is distinct from (old.reversed, old.shortfall, old.note_id, old.refund_id)))
  then
    raise exception 'UPDATE of billing_refund is refused: what went back is a fact' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger billing_refund_is_facts before update on billing_refund
  for each row execute function refuse_refund_change();
create trigger billing_refund_is_not_deleted before delete on billing_refund
  for each row execute function refuse_change();
create trigger billing_refund_is_kept before truncate on billing_refund
  for each statement execute function refuse_change();

do $$
declare
  name text;
begin
  foreach name in array array['billing_refund', 'billing_dispute', 'mandate']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy of_the_named_orgs on %I to pharmapulse_app
      using (array_position((select string_to_array(current_setting(''app.orgs'', true), '','')), org_id) is not null)', name);
    execute format('create policy of_every_org on %I to current_user using (true)', name);
    execute format('create policy readable on %I for select to pharmapulse_reader using (true)', name);
  end loop;
end $$;
-- An alarm may be of an org or of none; the app raises and closes them, and sees those of the org that it works for.
alter table billing_alarm enable row level security;
alter table billing_alarm force row level security;
create policy of_the_named_orgs on billing_alarm to pharmapulse_app
  using (org_id is null or array_position((select string_to_array(current_setting('app.orgs', true), ',')), org_id) is not null);
create policy of_every_org on billing_alarm to current_user using (true);
create policy readable on billing_alarm for select to pharmapulse_reader using (true);

grant select, insert, update on billing_refund, billing_dispute, mandate, billing_alarm to pharmapulse_app;
grant usage on all sequences in schema public to pharmapulse_app;
grant select on billing_refund, billing_dispute, mandate, billing_alarm to pharmapulse_reader;
