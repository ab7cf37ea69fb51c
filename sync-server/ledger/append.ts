// How an entry follows the ones before it: number, balance, hash. Pure; the store locks the head and writes the result.
import type { ChainHead, HashedFields } from '../../shared/ledger/chain.ts';
import { chainText, type Sha256 } from '../../shared/ledger/chain.ts';
import type { EntryKind } from '../../shared/ledger/entry.ts';

export interface NewEntry {
  /** Credits, not 0; negative takes. */
  readonly delta: number;
  readonly kind: EntryKind;
  readonly reference: string | null;
  readonly idempotencyKey: string | null;
  readonly actor: string | null;
  readonly feature: string | null;
  readonly occurredAt: Date;
}

/** Where an org's ledger stands, with what open holds keep from being spent. */
export interface LedgerHead extends ChainHead {
  readonly held: number;
}

export interface AppendedEntry {
  readonly fields: HashedFields & { readonly kind: EntryKind };
  readonly hash: string;
  readonly head: LedgerHead;
}

/**
 * The entry that follows `head`, or null when it would take more than is available. Throws on delta 0 or a sum beyond
 * the safe integers: both are mistakes of the caller.
 */
export function appendEntry(orgId: string, head: LedgerHead, entry: NewEntry, sha256: Sha256): AppendedEntry | null {
  if (!Number.isSafeInteger(entry.delta) || entry.delta === 0) throw new Error(`not a delta: ${entry.delta}`);
  const balance = head.balance + entry.delta;
  if (!Number.isSafeInteger(balance)) throw new Error(`balance beyond the safe integers: ${balance}`);
  if (entry.delta < 0 && balance < head.held) return null;
  const fields = {
    seq: head.seq + 1,
    delta: entry.delta,
    balanceAfter: balance,
    kind: entry.kind,
    reference: entry.reference,
    idempotencyKey: entry.idempotencyKey,
    actor: entry.actor,
    feature: entry.feature,
    occurredAt: entry.occurredAt.toISOString(),
  };
  const hash = sha256(chainText(head.hash, orgId, fields));
  return { fields, hash, head: { seq: fields.seq, balance, hash, held: head.held } };
}
