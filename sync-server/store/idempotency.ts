// Idempotency keys: the first result of a key, kept for ever. A refusal is never kept, so the same key may succeed later.
import { createHash } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { creditBalanceCache, creditsLedger, idempotencyKey } from './schema.ts';
import type { Tx } from './tx.ts';

/** What a key is used for: who, which key, on what, with which body. */
export interface KeyUse {
  readonly orgId: string;
  readonly key: string;
  /** Method and path, e.g. `POST /api/credits/spend`. */
  readonly route: string;
  /** The checked request body; key order does not matter. */
  readonly body: unknown;
}

export type KeyState =
  | { readonly state: 'new' }
  | { readonly state: 'reused' }
  /** Begun before, without a result yet; subject is what it began. */
  | { readonly state: 'begun'; readonly subject: string | null }
  | { readonly state: 'answered'; readonly answer: unknown };

export async function lookUpKey(tx: Tx, use: KeyUse): Promise<KeyState> {
  const [row] = await tx
    .select()
    .from(idempotencyKey)
    .where(and(eq(idempotencyKey.orgId, use.orgId), eq(idempotencyKey.key, use.key)));
  if (row === undefined) return (await isSpendKey(tx, use)) ? { state: 'reused' } : { state: 'new' };
  if (row.route !== use.route || !row.bodyHash.equals(bodyHash(use.body))) return { state: 'reused' };
  if (row.status === null) return { state: 'begun', subject: row.subject };
  return { state: 'answered', answer: row.answer };
}

/** Spends keep their key on their entry; the same key for something else is refused like any other. */
async function isSpendKey(tx: Tx, use: KeyUse): Promise<boolean> {
  const rows = await tx
    .select({ seq: creditsLedger.seq })
    .from(creditsLedger)
    .where(and(eq(creditsLedger.orgId, use.orgId), eq(creditsLedger.idempotencyKey, use.key)));
  return rows.length > 0;
}

/**
 * Writes the key's first use; with `answer` where the result is known in the same transaction. The ledger's lock must be
 * held since before the key was looked up: a spend with the same key is then either seen by the look-up or sees this.
 */
export async function saveKey(tx: Tx, use: KeyUse, subject: string | null, answer: unknown, now: Date): Promise<void> {
  await tx
    .update(creditBalanceCache)
    .set({ keys: sql`${creditBalanceCache.keys} + 1` })
    .where(eq(creditBalanceCache.orgId, use.orgId));
  await tx.insert(idempotencyKey).values({
    orgId: use.orgId,
    key: use.key,
    route: use.route,
    bodyHash: bodyHash(use.body),
    subject,
    status: answer === undefined ? null : 200,
    answer: answer === undefined ? null : answer,
    createdAt: now,
  });
}

/** Keeps the first result; false if another request was faster, whose result then stands. */
export async function answerKey(tx: Tx, use: KeyUse, answer: unknown): Promise<boolean> {
  const rows = await tx
    .update(idempotencyKey)
    .set({ status: 200, answer })
    .where(and(eq(idempotencyKey.orgId, use.orgId), eq(idempotencyKey.key, use.key), isNull(idempotencyKey.status)))
    .returning({ key: idempotencyKey.key });
  return rows.length > 0;
}

/** What the key began came to nothing: it begins something else now. */
export async function beginKeyAgain(tx: Tx, use: KeyUse, subject: string): Promise<void> {
  await tx
    .update(idempotencyKey)
    .set({ subject })
    .where(and(eq(idempotencyKey.orgId, use.orgId), eq(idempotencyKey.key, use.key), isNull(idempotencyKey.status)));
}

export function bodyHash(body: unknown): Buffer {
  return createHash('sha256').update(canonical(body), 'utf8').digest();
}

/** JSON with sorted keys, so that the same request hashes the same however it was written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
