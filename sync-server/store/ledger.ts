// The credit ledger in PostgreSQL. Every writer locks the org's row of the balance cache first, so entries of one org are
// written one after the other and the chain never forks. Spending, which is frequent, has its own way of writing: see
// ledger-lanes.ts.
import { hash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { CreditBalance } from '../../shared/contract/credits.ts';
import { chainStart } from '../../shared/ledger/chain.ts';
import type { Entry } from '../../shared/ledger/entry.ts';
import type { GrantMonth } from '../../shared/plan/grant-months.ts';
import { grantEntry } from '../grant/decide.ts';
import { appendEntry, type LedgerHead, type NewEntry } from '../ledger/append.ts';
import { creditBalanceCache, creditsLedger } from './schema.ts';
import type { Tx } from './tx.ts';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** The empty head of a new org; written at sign-up, so that there is always a row to lock. */
export async function openLedger(tx: Tx, orgId: string, now: Date): Promise<void> {
  const hash = Buffer.from(chainStart, 'hex');
  await tx.insert(creditBalanceCache).values({ orgId, balance: 0, held: 0, seq: 0, hash, updatedAt: now });
}

/** Locks the org's ledger until the transaction ends and says where it stands. */
export async function lockLedger(tx: Tx, orgId: string): Promise<LedgerHead> {
  const [row] = await tx.select().from(creditBalanceCache).where(eq(creditBalanceCache.orgId, orgId)).for('update');
  if (row === undefined) throw new Error(`org ${orgId} has no ledger`);
  return { seq: row.seq, balance: row.balance, held: row.held, hash: row.hash.toString('hex') };
}

/** Credits now, without a lock: good for showing, never for deciding. */
export async function getCreditBalance(tx: Tx, orgId: string): Promise<CreditBalance> {
  const [row] = await tx.select().from(creditBalanceCache).where(eq(creditBalanceCache.orgId, orgId));
  if (row === undefined) throw new Error(`org ${orgId} has no ledger`);
  return { balance: row.balance, held: row.held, available: row.balance - row.held, seq: row.seq };
}

/** Writes one entry behind a locked head; null when it would take more than is available. */
async function write(tx: Tx, orgId: string, head: LedgerHead, entry: NewEntry, now: Date): Promise<Entry | null> {
  const made = appendEntry(orgId, head, entry, sha256);
  if (made === null) return null;
  const hash = Buffer.from(made.hash, 'hex');
  await tx.insert(creditsLedger).values({
    ...made.fields,
    orgId,
    occurredAt: entry.occurredAt,
    createdAt: now,
    hash,
  });
  await tx
    .update(creditBalanceCache)
    .set({ balance: made.head.balance, seq: made.head.seq, hash, updatedAt: now })
    .where(eq(creditBalanceCache.orgId, orgId));
  return { ...made.fields, createdAt: now.toISOString(), hash: made.hash };
}

/**
 * Adds credits. `entry.delta` > 0; `kind` and `reference` say why. The caller makes sure that it happens once, by a
 * unique key that the same transaction writes; the ledger's own unique indexes stand behind it.
 */
export async function addCredits(tx: Tx, orgId: string, entry: NewEntry, now: Date): Promise<Entry> {
  if (entry.delta <= 0) throw new Error(`addCredits takes a positive delta, not ${entry.delta}`);
  const written = await write(tx, orgId, await lockLedger(tx, orgId), entry, now);
  if (written === null) throw new Error('adding credits was refused');
  return written;
}

/** Gives or takes by an operator's word; null when it would take more than is available. `head`: locked by the caller. */
export async function adjustCredits(
  tx: Tx,
  orgId: string,
  head: LedgerHead,
  entry: Omit<NewEntry, 'kind'>,
  now: Date,
): Promise<Entry | null> {
  return write(tx, orgId, head, { ...entry, kind: 'adjustment' }, now);
}

export interface TakenBack {
  readonly reversed: number;
  /** What could not be taken, since it was spent or is held: it never makes the balance negative. */
  readonly shortfall: number;
}

/** Takes back what money that went back had given: as much of `credits` as is available. */
export async function reverseCredits(
  tx: Tx,
  orgId: string,
  credits: number,
  entry: Omit<NewEntry, 'kind' | 'delta' | 'feature'>,
  now: Date,
): Promise<TakenBack> {
  const head = await lockLedger(tx, orgId);
  const reversed = Math.min(credits, head.balance - head.held);
  const taken = { reversed, shortfall: credits - reversed };
  if (reversed === 0) return taken;
  const written = await write(tx, orgId, head, { ...entry, feature: null, kind: 'reversal', delta: -reversed }, now);
  if (written === null) throw new Error('taking back what is available was refused');
  return taken;
}

/**
 * The grant of one month (`owed.month`), once per org and month, ever: returns null when the org has it already. Whether the
 * org may have it is the caller's to decide. `amount`: credits.
 */
export async function grantMonthlyCredits(
  tx: Tx,
  orgId: string,
  owed: GrantMonth,
  amount: number,
  now: Date,
): Promise<Entry | null> {
  const head = await lockLedger(tx, orgId);
  const { month } = owed;
  const [had] = await tx
    .select({ seq: creditsLedger.seq })
    .from(creditsLedger)
    .where(
      and(eq(creditsLedger.orgId, orgId), eq(creditsLedger.kind, 'monthly_grant'), eq(creditsLedger.reference, month)),
    );
  return had === undefined ? write(tx, orgId, head, grantEntry(owed, amount), now) : null;
}
