-- What the calendar brings to a plan by itself: the monthly grant on the 1st, and the reminders around next due.

-- The next month (its first instant in Asia/Kolkata) whose grant is not decided yet; all before it are. null: no plan. The
-- job that grants moves it on in the transaction that writes the grant, so that a kill at any point loses and doubles nothing,
-- and any number of processes share the work.
alter table subscription
  add column next_grant_at timestamptz(3),
  add column next_reminder_at timestamptz(3);
-- Plans that were bought before: every month since is looked at, and those that have a grant are passed over.
update subscription set
    next_grant_at = (date_trunc('month', coalesce(one_time_purchased_at, updated_at) at time zone 'Asia/Kolkata')
      + interval '1 month') at time zone 'Asia/Kolkata',
    next_reminder_at = (service_renewal_next_due - 30)::timestamp at time zone 'Asia/Kolkata'
  where plan_type is not null;
create index subscription_grant on subscription (next_grant_at, org_id) where next_grant_at is not null;
create index subscription_reminder on subscription (next_reminder_at, org_id) where next_reminder_at is not null;

-- How far each month's run has come, for the operator; what is left to do stands in the subscriptions themselves.
create table grant_run (
  month       text primary key check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  -- Grants that the run gave, and orgs that it passed over: lapsed when the month began, or granted by a payment already.
  granted     bigint not null default 0 check (granted >= 0),
  passed      bigint not null default 0 check (passed >= 0),
  started_at  timestamptz(3) not null,
  last_at     timestamptz(3) not null,
  -- When nothing was left for the first time.
  finished_at timestamptz(3)
);

-- Reminders that were given, once each for a next due date.
create table plan_reminder (
  org_id      text not null references org,
  due         date not null,
  kind        text not null check (kind in ('days_30', 'days_15', 'days_7', 'days_1', 'due', 'lapsed')),
  recorded_at timestamptz(3) not null,
  primary key (org_id, due, kind)
);
create trigger plan_reminder_is_facts before update or delete on plan_reminder
  for each row execute function refuse_change();
create trigger plan_reminder_is_kept before truncate on plan_reminder
  for each statement execute function refuse_change();

alter table plan_reminder enable row level security;
alter table plan_reminder force row level security;
create policy of_the_named_orgs on plan_reminder to pharmapulse_app
  using (array_position((select string_to_array(current_setting('app.orgs', true), ',')), org_id) is not null);
create policy of_every_org on plan_reminder to current_user using (true);
create policy readable on plan_reminder for select to pharmapulse_reader using (true);

grant select, insert on plan_reminder to pharmapulse_app;
grant select, insert, update on grant_run to pharmapulse_app;
grant select on plan_reminder, grant_run to pharmapulse_reader;
