-- A counter whose sign-up or join was answered into a dead line asks again with the same idempotency key, and must get what
-- it was given, not a second org. Whoever gives a token to a stranger has nobody to scope a key by: a use is known by the
-- SHA-256 of route, key and body together. The token is sealed under the key, which is not kept.
alter table device
  add column activation_digest bytea,
  add column sealed_token bytea,
  add constraint device_activation_again check ((activation_digest is null) = (sealed_token is null));
create unique index device_activation on device (activation_digest) where activation_digest is not null;
