// Proves the entries of one org, in order: numbers, sums, hashes, signs; and at their end the cache. After a fault it goes
// on from what is stored, so that one changed row is told once and not for every row behind it.
import { chainText, emptyChain, type Sha256 } from '../../shared/ledger/chain.ts';
import type { CacheFact, EntryFact, Findings } from './verify-facts.ts';

/** Kinds of one sign; an adjustment may have either. */
const signs: Readonly<Record<string, 1 | -1>> = { monthly_grant: 1, topup: 1, spend: -1, reversal: -1 };

/** The hash takes null for the empty text, and each field for a line: neither may stand in a field itself. */
const isAmbiguous = (text: string | null): boolean => text === '' || text?.includes('\n') === true;

export function startEntries(orgId: string, sha256: Sha256, findings: Findings) {
  let at = emptyChain;
  return {
    entry: (next: EntryFact): void => {
      const subject = `entry ${next.seq}`;
      if (next.seq !== at.seq + 1) findings.fault('entry_gap', subject, at.seq + 1, next.seq);
      const balance = at.balance + next.delta;
      if (next.balanceAfter !== balance) findings.fault('entry_balance', subject, balance, next.balanceAfter);
      if (next.balanceAfter < 0) findings.fault('entry_negative', subject, 0, next.balanceAfter);
      const hash = sha256(chainText(at.hash, orgId, next));
      if (next.hash !== hash) findings.fault('entry_hash', subject, hash, next.hash);
      const odd = [next.reference, next.idempotencyKey, next.actor, next.feature].find(isAmbiguous);
      if (odd !== undefined) findings.fault('entry_text', subject, 'null or one line', JSON.stringify(odd));
      const sign = signs[next.kind];
      if (next.delta === 0 || (sign !== undefined && Math.sign(next.delta) !== sign)) {
        findings.fault('entry_sign', subject, next.kind, next.delta);
      }
      at = { seq: next.seq, balance: next.balanceAfter, hash: next.hash };
    },
    /** `held`: the sum of the open holds. */
    finish: (cache: CacheFact | null, held: number): void => {
      if (cache === null) {
        findings.fault('org_incomplete', 'balance cache', 'a row', null);
        return;
      }
      if (cache.seq !== at.seq) findings.fault('cache_seq', 'balance cache', at.seq, cache.seq);
      if (cache.balance !== at.balance) findings.fault('cache_balance', 'balance cache', at.balance, cache.balance);
      if (cache.hash !== at.hash) findings.fault('cache_hash', 'balance cache', at.hash, cache.hash);
      if (cache.held !== held) findings.fault('cache_held', 'balance cache', held, cache.held);
      if (held > at.balance) findings.fault('cache_overheld', 'balance cache', at.balance, held);
    },
  };
}
