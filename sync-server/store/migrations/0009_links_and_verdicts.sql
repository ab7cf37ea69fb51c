-- A purchase may be paid by a payment link where the provider refuses to make an order: never by both. A link is asked for
-- once link_attempts says so, and from then on nothing else is; provider_order_id is what the provider holds, order or link.
alter table purchase
  add column link_attempts integer not null default 0 check (link_attempts >= 0),
  add column paid_by_link boolean not null default false,
  -- When the provider said that the link takes no more money, of a purchase that nobody is to pay any more.
  add column link_ended_at timestamptz(3),
  add check (not paid_by_link or provider_order_id is not null),
  add check (link_ended_at is null or paid_by_link);

-- When the provider said what is known of a dispute: a verdict may be turned more than once, and its events come in any order.
alter table billing_dispute add column told_at timestamptz(3);
update billing_dispute set told_at = updated_at;

-- Other mandates under the same receipt to which the customer agreed: one charges, these are to be ended at the provider.
alter table mandate add column second_ids jsonb not null default '[]';

-- One alarm may be about the same thing for two orgs: one payment told of purchases of both, or the same purchase id.
drop index billing_alarm_open;
create unique index billing_alarm_open on billing_alarm (kind, subject, org_id) nulls not distinct where closed_at is null;
