-- Keys that sign entitlements change: each new one is announced in a statement that the one before it signed, so that a
-- counter can follow from the keys that it got at activation. All public parts are kept for ever: what was signed can be
-- verified for ever. Of the private parts only those are kept that still sign.
alter table signing_key
  -- Where the key stands in the chain of statements: 1, 2, 3 … without a gap.
  add column place integer,
  -- From when it signs. A new key is announced first, so that counters hold it by then.
  add column signs_from timestamptz(3),
  -- Compact JWS by the key one place before, over this key's public part; the first one has none.
  add column statement text,
  alter column private_jwk drop not null;

update signing_key set place = sorted.place, signs_from = sorted.created_at
from (select kid, created_at, row_number() over (order by created_at, kid) as place from signing_key) as sorted
where signing_key.kid = sorted.kid;

alter table signing_key
  alter column place set not null,
  alter column signs_from set not null,
  add constraint signing_key_place_key unique (place),
  add constraint signing_key_place_check check (place >= 1);

-- What was announced stays as it was announced; the one thing that ever happens to a key is that its private part goes.
create function refuse_signing_key_change() returns trigger language plpgsql as $$
begin
  if (new.kid, new.public_jwk, new.created_at, new.place, new.signs_from, new.statement)
     is distinct from
     (old.kid, old.public_jwk, old.created_at, old.place, old.signs_from, old.statement)
     or (new.private_jwk is not null and new.private_jwk is distinct from old.private_jwk)
  then
    raise exception 'UPDATE of signing_key is refused: a key stays as it was announced' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger signing_key_is_facts before update on signing_key
  for each row execute function refuse_signing_key_change();
create trigger signing_key_is_not_deleted before delete on signing_key
  for each row execute function refuse_change();
create trigger signing_key_is_kept before truncate on signing_key
  for each statement execute function refuse_change();

grant update (private_jwk) on signing_key to pharmapulse_app;
