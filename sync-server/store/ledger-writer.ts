// Writes computed entries, if the heads they follow are still the heads: one statement, one transaction, any number of
// orgs. Knows SQL and row shapes, decides nothing.
import type { Pool } from 'pg';
import type { Entry, EntryKind } from '../../shared/ledger/entry.ts';
import type { AppendedEntry, LedgerHead } from '../ledger/append.ts';
import type { SpendRequest } from '../ledger/batch.ts';
import { violatedUnique } from './database.ts';
import { queryInOrgs } from './scope.ts';

/** A head as the database knows it; `keys` counts the keys that were used for something else than a spend. */
export interface KnownHead extends LedgerHead {
  readonly keys: number;
}

export interface OrgWrite {
  readonly orgId: string;
  /** The head that the entries follow. */
  readonly from: KnownHead;
  readonly to: LedgerHead;
  readonly entries: readonly { readonly request: SpendRequest; readonly written: AppendedEntry }[];
}

export type OrgOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'moved'; readonly head: KnownHead }
  /** One of the keys was used before. */
  | { readonly kind: 'known' };

/** An entry that a key wrote before, with what is needed to answer again. */
export interface KnownKey {
  readonly orgId: string;
  readonly key: string;
  /** null: the key belongs to another route or kind, and can only be refused. */
  readonly spend: { readonly entry: Entry; readonly bodyHash: string; readonly available: number } | null;
}

interface HeadRow {
  org_id: string;
  seq: string;
  balance: string;
  held: string;
  hash: Buffer;
  keys: string;
}

const headOf = (row: HeadRow): KnownHead => ({
  seq: Number(row.seq),
  balance: Number(row.balance),
  held: Number(row.held),
  hash: row.hash.toString('hex'),
  keys: Number(row.keys),
});

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

export async function readHeads(pool: Pool, orgIds: readonly string[]): Promise<Map<string, KnownHead>> {
  const { rows } = await queryInOrgs<HeadRow>(pool, orgIds, {
    name: 'ledger-heads',
    text: 'select org_id, seq, balance, held, hash, keys from credit_balance_cache where org_id = any($1)',
    values: [orgIds],
  });
  return new Map(rows.map((row) => [row.org_id, headOf(row)]));
}

/**
 * Locks the heads in a fixed order, moves those that are as expected, and inserts the entries of exactly these orgs. The
 * row of an org tells whether it was written, and otherwise where its ledger stands.
 *
 * $1 to $7 and $21 are one element an org: org, expected seq, hash and held, new seq, balance and hash, expected keys. $8 to
 * $19 are one element an entry, $20 is the time. A key that was used before runs into the unique index and fails the whole statement. An org
 * without entries, where everything was refused, is locked and compared as the others are, and stays as it was.
 */
const append = {
  name: 'ledger-append',
  text: `
    with head as materialized (
      select org_id, seq, balance, held, hash, keys from credit_balance_cache
      where org_id = any($1::text[]) order by org_id for update
    ), taken as materialized (
      select distinct e.org from unnest($8::text[], $13::text[]) e(org, key)
      join idempotency_key k on k.org_id = e.org and k.key = e.key
    ), moved as (
      update credit_balance_cache c set seq = n.new_seq, balance = n.balance, hash = n.new_hash,
        updated_at = case when n.new_seq > c.seq then $20::timestamptz else c.updated_at end
      from head, unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[], $21::bigint[])
        n(org, seq, hash, held, new_seq, balance, new_hash, keys)
      where c.org_id = n.org and head.org_id = n.org
        and head.seq = n.seq and head.hash = n.hash and head.held = n.held and head.keys = n.keys
        and n.org not in (select org from taken)
      returning c.org_id
    ), written as (
      insert into credits_ledger (org_id, seq, delta, balance_after, kind, reference, idempotency_key, body_hash, actor,
        feature, occurred_at, created_at, hash, held_after)
      select e.org, e.seq, e.delta, e.balance, 'spend', e.reference, e.key, e.body, e.actor, e.feature, e.occurred, $20,
        e.hash, e.held
      from unnest($8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::bytea[],
          $15::text[], $16::text[], $17::timestamptz[], $18::bytea[], $19::bigint[])
        e(org, seq, delta, balance, reference, key, body, actor, feature, occurred, hash, held)
      join moved on moved.org_id = e.org
    )
    select head.*, case when moved.org_id is not null then 'written'
                        when head.org_id in (select org from taken) then 'known'
                        else 'moved' end as outcome
    from head left join moved on moved.org_id = head.org_id`,
};

/** The same for one entry of one org, which is what an idle line sends: a third of the work of planning for many. */
const appendOne = {
  name: 'ledger-append-one',
  text: `
    with moved as (
      update credit_balance_cache set seq = $5, balance = $6, hash = $7, updated_at = $14
      where org_id = $1 and seq = $2 and hash = $3 and held = $4 and keys = $16
        and not exists (select from idempotency_key where org_id = $1 and key = $8)
      returning org_id
    )
    insert into credits_ledger (org_id, seq, delta, balance_after, kind, reference, idempotency_key, body_hash, actor, feature,
      occurred_at, created_at, hash, held_after)
    select org_id, $5, $9, $6, 'spend', $10, $8, $11, $12, $13, $15, $14, $7, $4 from moved
    returning seq`,
};

/** True if the entry was written; false if the head moved or the key was used before. */
export async function writeOne(pool: Pool, write: OrgWrite, now: Date): Promise<boolean> {
  const [line, second] = write.entries;
  if (line === undefined || second !== undefined) return false;
  const { request, written } = line;
  const values = [
    write.orgId,
    write.from.seq,
    bytes(write.from.hash),
    write.from.held,
    written.fields.seq,
    written.fields.balanceAfter,
    bytes(written.hash),
    request.key,
    written.fields.delta,
    written.fields.reference,
    bytes(request.bodyHash),
    request.actor,
    request.feature,
    now.toISOString(),
    written.fields.occurredAt,
    write.from.keys,
  ];
  try {
    return (await queryInOrgs(pool, [write.orgId], { ...appendOne, values })).rowCount === 1;
  } catch (error) {
    if (violatedUnique(error) === 'credits_ledger_key') return false;
    throw error;
  }
}

/** Writes all orgs' entries in one transaction; the outcome of each org is its own. */
export async function writeBatch(pool: Pool, writes: readonly OrgWrite[], now: Date): Promise<Map<string, OrgOutcome>> {
  const at = now.toISOString();
  const lines = writes.flatMap(({ orgId, entries }) => entries.map((entry) => ({ orgId, ...entry })));
  const values = [
    writes.map((write) => write.orgId),
    writes.map((write) => write.from.seq),
    writes.map((write) => bytes(write.from.hash)),
    writes.map((write) => write.from.held),
    writes.map((write) => write.to.seq),
    writes.map((write) => write.to.balance),
    writes.map((write) => bytes(write.to.hash)),
    lines.map((line) => line.orgId),
    lines.map(({ written }) => written.fields.seq),
    lines.map(({ written }) => written.fields.delta),
    lines.map(({ written }) => written.fields.balanceAfter),
    lines.map(({ written }) => written.fields.reference),
    lines.map(({ request }) => request.key),
    lines.map(({ request }) => bytes(request.bodyHash)),
    lines.map(({ request }) => request.actor),
    lines.map(({ request }) => request.feature),
    lines.map(({ written }) => written.fields.occurredAt),
    lines.map(({ written }) => bytes(written.hash)),
    lines.map(({ written }) => written.head.held),
    at,
    writes.map((write) => write.from.keys),
  ];
  type OutcomeRow = HeadRow & { outcome: 'written' | 'moved' | 'known' };
  let rows: OutcomeRow[];
  try {
    ({ rows } = await queryInOrgs<OutcomeRow>(
      pool,
      writes.map(({ orgId }) => orgId),
      { ...append, values },
    ));
  } catch (error) {
    // Nothing was written for any org; which keys were known is found out by asking.
    if (violatedUnique(error) !== 'credits_ledger_key') throw error;
    return new Map(writes.map(({ orgId }) => [orgId, { kind: 'known' }]));
  }
  return new Map(
    rows.map((row): [string, OrgOutcome] => [
      row.org_id,
      row.outcome === 'moved' ? { kind: 'moved', head: headOf(row) } : { kind: row.outcome },
    ]),
  );
}

/** Which of these keys were used before, and for what. */
export async function findKnownKeys(
  pool: Pool,
  orgId: string,
  keys: readonly string[],
): Promise<Map<string, KnownKey>> {
  const { rows } = await queryInOrgs<LedgerRow>(pool, [orgId], {
    name: 'ledger-known-keys',
    text: `select seq, delta, balance_after, kind, reference, idempotency_key, actor, feature, occurred_at, created_at, hash,
             body_hash, held_after from credits_ledger where org_id = $1 and idempotency_key = any($2)
           union all
           select null, null, null, null, null, key, null, null, null, null, null, null, null
           from idempotency_key where org_id = $1 and key = any($2)`,
    values: [orgId, keys],
  });
  return new Map(rows.map((row) => [row.idempotency_key, { orgId, key: row.idempotency_key, spend: spendOf(row) }]));
}

interface LedgerRow {
  seq: string | null;
  delta: string;
  balance_after: string;
  kind: EntryKind;
  reference: string | null;
  idempotency_key: string;
  actor: string | null;
  feature: string | null;
  occurred_at: Date;
  created_at: Date;
  hash: Buffer;
  body_hash: Buffer | null;
  held_after: string;
}

function spendOf(row: LedgerRow): KnownKey['spend'] {
  if (row.seq === null || row.kind !== 'spend' || row.body_hash === null) return null;
  const entry = {
    seq: Number(row.seq),
    delta: Number(row.delta),
    balanceAfter: Number(row.balance_after),
    kind: row.kind,
    reference: row.reference,
    idempotencyKey: row.idempotency_key,
    actor: row.actor,
    feature: row.feature,
    occurredAt: row.occurred_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    hash: row.hash.toString('hex'),
  };
  return { entry, bodyHash: row.body_hash.toString('hex'), available: entry.balanceAfter - Number(row.held_after) };
}
