-- Rows of one org are out of reach of work for another, whatever a query forgets to say: the role that the server works as
-- sees the rows of the orgs that its transaction has named in the setting app.orgs (ids, separated by commas), and no
-- others. Without the setting it sees none. FORCE holds for the tables' owner too; it works across orgs by a policy of its
-- own, and so does the role that only reads (the look-ups before an org is known, operators, the verifier).
--
-- The rule is written so that no index can serve it: as a condition on org_id beside the query's own it was taken into every
-- index scan, sorted anew each time, and made the planner expect hardly any rows.
do $$
declare
  name text;
begin
  foreach name in array array['org', 'branch', 'device', 'join_code', 'subscription', 'credits_ledger',
    'credit_balance_cache', 'credit_hold', 'purchase', 'billing_payment', 'billing_invoice', 'billing_audit_log',
    'idempotency_key']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy of_the_named_orgs on %I to pharmapulse_app
      using (array_position((select string_to_array(current_setting(''app.orgs'', true), '','')), org_id) is not null)', name);
    execute format('create policy of_every_org on %I to current_user using (true)', name);
    execute format('create policy readable on %I for select to pharmapulse_reader using (true)', name);
  end loop;
end $$;

-- The reader writes nothing, and has no business with the keys that sign.
grant usage on schema public to pharmapulse_reader;
grant select on all tables in schema public to pharmapulse_reader;
revoke all on signing_key from pharmapulse_reader;
