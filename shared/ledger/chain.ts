// The hash chain: each entry's hash covers the one before, so a changed, missing or reordered entry shows. SHA-256 comes
// from the caller, since every runtime brings its own.
import type { FeedEntry } from './entry.ts';

/** The hash before entry 1. */
export const chainStart = '0'.repeat(64);

export type HashedFields = Omit<FeedEntry, 'hash' | 'createdAt'>;

/** Lower-case hex SHA-256 of a UTF-8 text. */
export type Sha256 = (text: string) => string;

/** The text whose SHA-256 is an entry's hash: the hash before, then each field on a line of its own, null as empty. */
export function chainText(previousHash: string, orgId: string, fields: HashedFields): string {
  const { seq, delta, balanceAfter, kind, reference, idempotencyKey, actor, feature, occurredAt } = fields;
  const about = `${reference ?? ''}\n${idempotencyKey ?? ''}\n${actor ?? ''}\n${feature ?? ''}`;
  return `${previousHash}\n${orgId}\n${seq}\n${delta}\n${balanceAfter}\n${kind}\n${about}\n${occurredAt}`;
}

/** Where a chain stands: the last entry that was checked. */
export interface ChainHead {
  readonly seq: number;
  readonly balance: number;
  readonly hash: string;
}

export const emptyChain: ChainHead = { seq: 0, balance: 0, hash: chainStart };

export type ChainCheck =
  | { readonly ok: true; readonly head: ChainHead }
  | { readonly ok: false; readonly seq: number; readonly fault: 'gap' | 'balance' | 'hash' };

/** Checks that `entries` continue `head` with no gap, right sums and right hashes; names the first one that does not. */
export function checkChain(orgId: string, head: ChainHead, entries: readonly FeedEntry[], sha256: Sha256): ChainCheck {
  let at = head;
  for (const next of entries) {
    if (next.seq !== at.seq + 1) return { ok: false, seq: next.seq, fault: 'gap' };
    if (next.balanceAfter !== at.balance + next.delta) return { ok: false, seq: next.seq, fault: 'balance' };
    if (sha256(chainText(at.hash, orgId, next)) !== next.hash) return { ok: false, seq: next.seq, fault: 'hash' };
    at = { seq: next.seq, balance: next.balanceAfter, hash: next.hash };
  }
  return { ok: true, head: at };
}
