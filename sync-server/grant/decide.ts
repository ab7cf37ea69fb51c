// Which entries a month's grant writes: pure. The store locks what this is told of and writes what this says.
import type { Sha256 } from '../../shared/ledger/chain.ts';
import { type GrantMonth, grantOf, type PaidYear } from '../../shared/plan/grant-months.ts';
import { type AppendedEntry, appendEntry, type LedgerHead, type NewEntry } from '../ledger/append.ts';

/** One org whose grant of one month is to be decided. */
export interface GrantCase {
  readonly orgId: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Credits a month, as the subscription says. */
  readonly amount: number;
  /** Whether the ledger has this month's grant. */
  readonly had: boolean;
  readonly head: LedgerHead;
  /** What is paid and has not gone back. */
  readonly paid: readonly PaidYear[];
}

export interface GrantToWrite {
  readonly orgId: string;
  readonly written: AppendedEntry;
}

/** The entries to be written; a case without one is passed over. */
export function decideGrants(cases: readonly GrantCase[], sha256: Sha256): GrantToWrite[] {
  return cases.flatMap(({ orgId, month, amount, had, head, paid }) => {
    const owed = had || amount === 0 ? null : grantOf(paid, month);
    if (owed === null) return [];
    const written = appendEntry(orgId, head, grantEntry(owed, amount), sha256);
    if (written === null) throw new Error('adding credits was refused');
    return [{ orgId, written }];
  });
}

/** The entry of a month's grant. */
export function grantEntry({ month, at }: GrantMonth, amount: number): NewEntry {
  return {
    delta: amount,
    kind: 'monthly_grant',
    reference: month,
    idempotencyKey: `grant:${month}`,
    actor: 'system',
    feature: null,
    occurredAt: at,
  };
}
