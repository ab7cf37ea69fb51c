// A pharmacy with a long ledger: signed up over HTTP, its entries chained as the server chains them and written straight into
// the database. Keys, references and times are as random as a counter's own, since they decide what the wire carries.
import { hash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { chainStart, chainText, type HashedFields } from '../../shared/ledger/chain.ts';

export interface Pharmacy {
  readonly orgId: string;
  readonly token: string;
}

const headers = (token?: string) => ({
  'content-type': 'application/json',
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
});

export async function signUp(url: string): Promise<Pharmacy> {
  const body = { legalName: 'Bench', address: 'Bench', stateCode: '27', pin: '400001', deviceName: 'Bench' };
  const answer = await fetch(`${url}/api/orgs`, { method: 'POST', headers: headers(), body: JSON.stringify(body) });
  const { orgId, deviceToken } = (await answer.json()) as { orgId: string; deviceToken: string };
  return { orgId, token: deviceToken };
}

export async function joinCode(url: string, { token }: Pharmacy): Promise<string> {
  const answer = await fetch(`${url}/api/devices/join-codes`, { method: 'POST', headers: headers(token), body: '{}' });
  return ((await answer.json()) as { code: string }).code;
}

/** One credit of the pharmacy's is spent at another counter. Returns its entry's number, and when it was answered, in milliseconds. */
export async function spendOne(url: string, { token }: Pharmacy, key: string): Promise<{ seq: number; at: number }> {
  const answer = await fetch(`${url}/api/credits/spend`, {
    method: 'POST',
    headers: { ...headers(token), 'idempotency-key': key },
    body: JSON.stringify({ amount: 1, feature: 'ai.assist' }),
  });
  const at = Date.now();
  const { entry } = (await answer.json()) as { entry: { seq: number } };
  return { seq: entry.seq, at };
}

export type SeedRow = HashedFields & { readonly createdAt: string; readonly hash: string };

const features = ['ai.assist', 'ai.assist', 'ai.assist', 'ai.batch', 'ai.scan'];

/** Entries of four counters over years, from the first on. */
export function* makeRows(orgId: string, count: number): Generator<SeedRow> {
  const devices = Array.from({ length: 4 }, () => `dev_${randomBytes(13).toString('hex')}`);
  const pick = <T>(list: readonly T[]): T => list[randomBytes(1).readUInt8() % list.length] as T;
  let [before, balance, at] = [chainStart, 0, Date.parse('2024-01-01T00:00:00.000Z')];
  for (let seq = 1; seq <= count; seq += 1) {
    const granted = seq === 1 || balance < 1_000;
    const delta = granted ? 50_000 : -(1 + (randomBytes(1).readUInt8() % 40));
    balance += delta;
    at += randomBytes(2).readUInt16LE();
    const month = new Date(at).toISOString().slice(0, 7);
    const fields: HashedFields = {
      ...{ seq, delta, balanceAfter: balance, kind: granted ? 'topup' : 'spend' },
      reference: granted ? `pur_${seq}_${month}` : seq % 2 === 0 ? null : `bill-${100_000 + seq * 3}`,
      idempotencyKey: granted ? null : randomBytes(24).toString('base64url'),
      actor: granted ? 'system' : pick(devices),
      feature: granted ? null : pick(features),
      occurredAt: new Date(at).toISOString(),
    };
    before = hash('sha256', chainText(before, orgId, fields), 'hex');
    yield { ...fields, createdAt: new Date(at + (seq % 20)).toISOString(), hash: before };
  }
}

const rowsAtOnce = 20_000;

export async function seedLedger(owner: Pool, orgId: string, count: number): Promise<void> {
  let rows: SeedRow[] = [];
  const flush = async () => {
    const column = (of: (row: SeedRow) => unknown) => rows.map(of);
    await owner.query(
      `insert into credits_ledger (org_id, seq, delta, balance_after, kind, reference, idempotency_key, actor, feature,
         occurred_at, created_at, hash)
       select $1, seq, delta, balance, kind, reference, key, actor, feature, occurred, created, decode(hash, 'hex')
       from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
         $10::timestamptz[], $11::timestamptz[], $12::text[])
         as r(seq, delta, balance, kind, reference, key, actor, feature, occurred, created, hash)`,
      [
        orgId,
        column((row) => row.seq),
        column((row) => row.delta),
        column((row) => row.balanceAfter),
        column((row) => row.kind),
        column((row) => row.reference),
        column((row) => row.idempotencyKey),
        column((row) => row.actor),
        column((row) => row.feature),
        column((row) => row.occurredAt),
        column((row) => row.createdAt),
        column((row) => row.hash),
      ],
    );
    rows = [];
  };
  for (const row of makeRows(orgId, count)) {
    rows.push(row);
    if (rows.length === rowsAtOnce) await flush();
  }
  if (rows.length > 0) await flush();
  await owner.query(
    `update credit_balance_cache c set balance = l.balance_after, seq = l.seq, hash = l.hash
     from credits_ledger l where c.org_id = $1 and l.org_id = $1 and l.seq = $2`,
    [orgId, count],
  );
  await owner.query('vacuum analyze credits_ledger');
}
