// A batch of spends behind one head: each with its own verdict, in arrival order. Pure: what is known to be a repeat, and
// which head holds, is the store's to find out.
import type { Sha256 } from '../../shared/ledger/chain.ts';
import { type AppendedEntry, appendEntry, type LedgerHead } from './append.ts';

export interface SpendRequest {
  /** Credits, above 0. */
  readonly amount: number;
  readonly feature: string;
  readonly reference: string | null;
  readonly key: string;
  /** SHA-256 of the checked body, hex: the same key with another body is refused. */
  readonly bodyHash: string;
  readonly actor: string;
  readonly occurredAt: Date;
}

export type SpendDecision =
  | { readonly kind: 'entry'; readonly written: AppendedEntry }
  | { readonly kind: 'insufficient'; readonly available: number }
  /** The same key came before in this batch, and wrote this. */
  | { readonly kind: 'repeat'; readonly written: AppendedEntry }
  | { readonly kind: 'reused' };

export interface BatchDecision {
  /** One a request, in the same order. */
  readonly decisions: readonly SpendDecision[];
  readonly head: LedgerHead;
}

/** Decides a batch for one org. A refused spend leaves no trace: the same key may come again, also within the batch. */
export function decideBatch(
  orgId: string,
  head: LedgerHead,
  requests: readonly SpendRequest[],
  sha256: Sha256,
): BatchDecision {
  const used = new Map<string, { readonly written: AppendedEntry; readonly bodyHash: string }>();
  const decisions: SpendDecision[] = [];
  let current = head;
  for (const request of requests) {
    const before = used.get(request.key);
    if (before !== undefined) {
      const same = before.bodyHash === request.bodyHash;
      decisions.push(same ? { kind: 'repeat', written: before.written } : { kind: 'reused' });
      continue;
    }
    const written = appendEntry(orgId, current, entryOf(request), sha256);
    if (written === null) {
      decisions.push({ kind: 'insufficient', available: current.balance - current.held });
      continue;
    }
    used.set(request.key, { written, bodyHash: request.bodyHash });
    decisions.push({ kind: 'entry', written });
    current = written.head;
  }
  return { decisions, head: current };
}

function entryOf(request: SpendRequest) {
  return {
    delta: -request.amount,
    kind: 'spend' as const,
    reference: request.reference,
    idempotencyKey: request.key,
    actor: request.actor,
    feature: request.feature,
    occurredAt: request.occurredAt,
  };
}
