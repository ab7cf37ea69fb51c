// Holds in PostgreSQL. Every function that opens or closes one is called behind `lockLedger` and changes the hold and the
// cache's `held` together. Decisions are ledger/hold.ts's.
import { and, eq, lte } from 'drizzle-orm';
import type { Entry } from '../../shared/ledger/entry.ts';
import { appendEntry, type LedgerHead } from '../ledger/append.ts';
import type { HoldState } from '../ledger/hold.ts';
import { bodyHash, type KeyUse } from './idempotency.ts';
import { sha256 } from './ledger.ts';
import { creditBalanceCache, creditHold, creditsLedger, type HoldRow } from './schema.ts';
import type { Tx } from './tx.ts';

export type NewHold = Pick<HoldRow, 'orgId' | 'holdId' | 'amount' | 'feature' | 'actor' | 'expiresAt'>;

/** Writes a hold that was decided, with `head` as it is after it. */
export async function insertHold(tx: Tx, head: LedgerHead, hold: NewHold, now: Date): Promise<void> {
  await tx.insert(creditHold).values({ ...hold, state: 'open', createdAt: now });
  await moveHeld(tx, hold.orgId, head, now);
}

/** Null for an id that is nobody's or another org's. */
export async function findHold(tx: Tx, orgId: string, holdId: string): Promise<HoldRow | null> {
  const [row] = await tx
    .select()
    .from(creditHold)
    .where(and(eq(creditHold.orgId, orgId), eq(creditHold.holdId, holdId)));
  return row ?? null;
}

/** Takes `amount` of a hold and gives the rest back: one ledger entry, behind a head that the hold is gone from. */
export async function captureHold(
  tx: Tx,
  head: LedgerHead,
  hold: HoldRow,
  capture: { readonly amount: number; readonly use: KeyUse; readonly actor: string },
  now: Date,
): Promise<{ readonly entry: Entry; readonly available: number }> {
  const { orgId, holdId, feature } = hold;
  const { amount, use, actor } = capture;
  const made = appendEntry(
    orgId,
    head,
    {
      delta: -amount,
      kind: 'spend',
      reference: holdId,
      idempotencyKey: use.key,
      actor,
      feature,
      occurredAt: now,
    },
    sha256,
  );
  if (made === null) throw new Error(`hold ${holdId} did not reserve its credits`);
  const { fields, hash } = made;
  const bytes = Buffer.from(hash, 'hex');
  await tx.insert(creditsLedger).values({
    ...fields,
    orgId,
    occurredAt: now,
    createdAt: now,
    hash: bytes,
    bodyHash: bodyHash([use.route, use.body]),
    heldAfter: made.head.held,
  });
  await tx
    .update(creditBalanceCache)
    .set({ balance: made.head.balance, held: made.head.held, seq: made.head.seq, hash: bytes, updatedAt: now })
    .where(eq(creditBalanceCache.orgId, orgId));
  await endHold(tx, hold, { state: 'captured', capturedAmount: amount, entrySeq: fields.seq, closedAt: now });
  const entry = { ...fields, createdAt: now.toISOString(), hash };
  return { entry, available: made.head.balance - made.head.held };
}

/** Closes a hold without taking anything, with `head` as it is after it. */
export async function giveBack(
  tx: Tx,
  head: LedgerHead,
  hold: HoldRow,
  state: Extract<HoldState, 'released' | 'expired'>,
  now: Date,
): Promise<void> {
  await endHold(tx, hold, { state, closedAt: now });
  await moveHeld(tx, hold.orgId, head, now);
}

async function endHold(tx: Tx, hold: HoldRow, end: Partial<HoldRow>): Promise<void> {
  const ended = await tx
    .update(creditHold)
    .set(end)
    .where(and(eq(creditHold.orgId, hold.orgId), eq(creditHold.holdId, hold.holdId), eq(creditHold.state, 'open')))
    .returning({ holdId: creditHold.holdId });
  if (ended.length !== 1) throw new Error(`hold ${hold.holdId} was closed already`);
}

async function moveHeld(tx: Tx, orgId: string, head: LedgerHead, now: Date): Promise<void> {
  await tx
    .update(creditBalanceCache)
    .set({ held: head.held, updatedAt: now })
    .where(eq(creditBalanceCache.orgId, orgId));
}

/** Open holds of all orgs whose time is over, oldest first. Only a list of what to look at: each is decided behind its lock. */
export async function listHoldsPastTime(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<Pick<HoldRow, 'orgId' | 'holdId'>[]> {
  return tx
    .select({ orgId: creditHold.orgId, holdId: creditHold.holdId })
    .from(creditHold)
    .where(and(eq(creditHold.state, 'open'), lte(creditHold.expiresAt, now)))
    .orderBy(creditHold.expiresAt)
    .limit(limit);
}
