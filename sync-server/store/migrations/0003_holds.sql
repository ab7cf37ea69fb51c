-- Holds: credits that are reserved for something that is not finished yet. credit_balance_cache.held is the sum of an
-- org's open holds, always: whoever opens or closes one changes both in one transaction, under the lock of the cache row.
create table credit_hold (
  org_id          text not null references org,
  hold_id         text not null,
  amount          bigint not null check (amount > 0),
  feature         text not null,
  -- Device id of the counter that asked.
  actor           text not null,
  state           text not null default 'open' check (state in ('open', 'captured', 'released', 'expired')),
  captured_amount bigint check (captured_amount between 1 and amount),
  -- The ledger entry that the capture wrote.
  entry_seq       bigint,
  created_at      timestamptz(3) not null,
  expires_at      timestamptz(3) not null,
  closed_at       timestamptz(3),
  primary key (org_id, hold_id),
  foreign key (org_id, entry_seq) references credits_ledger,
  check (expires_at > created_at),
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'captured') = (captured_amount is not null)),
  check ((state = 'captured') = (entry_seq is not null))
);
create unique index credit_hold_entry on credit_hold (org_id, entry_seq) where entry_seq is not null;
create index credit_hold_open on credit_hold (org_id) where state = 'open';
create index credit_hold_due on credit_hold (expires_at) where state = 'open';

-- A hold ends once; what it was stays.
create function refuse_hold_change() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' then
    raise exception 'UPDATE of credit_hold is refused: the hold is closed' using errcode = 'restrict_violation';
  end if;
  if (new.org_id, new.hold_id, new.amount, new.feature, new.actor, new.created_at, new.expires_at)
     is distinct from
     (old.org_id, old.hold_id, old.amount, old.feature, old.actor, old.created_at, old.expires_at)
  then
    raise exception 'UPDATE of credit_hold is refused: only its end may be written' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger credit_hold_ends_once before update on credit_hold
  for each row execute function refuse_hold_change();
create trigger credit_hold_is_not_deleted before delete on credit_hold
  for each row execute function refuse_change();
create trigger credit_hold_is_kept before truncate on credit_hold
  for each statement execute function refuse_change();

grant select, insert on credit_hold to pharmapulse_app;
grant update (state, captured_amount, entry_seq, closed_at) on credit_hold to pharmapulse_app;
