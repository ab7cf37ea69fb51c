-- Spends are written in batches: what waits for an org is committed together, several orgs in one statement (see
-- store/ledger-writer.ts).

-- What a key was first used with, and what was held then: a repeat is answered from the entry itself, for ever.
alter table credits_ledger add column body_hash bytea check (length(body_hash) = 32);
alter table credits_ledger add column held_after bigint not null default 0 check (held_after >= 0);

-- Usage by day, feature and counter reads a range of time. Entries of an org are written in the order of their time, so a
-- range of time is a range of numbers, found in some twenty steps; an index on time would be paid for at every spend.
create function first_entry_since(org text, since timestamptz) returns bigint language plpgsql stable as $$
declare
  low bigint := 1;
  high bigint;
  middle bigint;
  written timestamptz;
begin
  select seq + 1 into high from credit_balance_cache where org_id = org;
  while low < high loop
    middle := (low + high) / 2;
    select created_at into written from credits_ledger where org_id = org and seq = middle;
    if written < since then low := middle + 1; else high := middle; end if;
  end loop;
  return low;
end $$;

-- Every writer locks the org's row of the balance cache first, and that row refers to the org: a second look-up of the org
-- for each entry would prove nothing more.
alter table credits_ledger drop constraint credits_ledger_org_id_fkey;

-- How many idempotency keys were used for something else than a spend. A spend's key is looked up in the same statement
-- that writes it; one that was used elsewhere meanwhile shows as a head that moved.
alter table credit_balance_cache add column keys bigint not null default 0 check (keys >= 0);

-- The cache is updated at every spend: room on each page keeps those updates off its index.
alter table credit_balance_cache set (fillfactor = 50);
