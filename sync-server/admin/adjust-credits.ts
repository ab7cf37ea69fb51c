// An operator gives or takes credits: one adjustment entry with its reason, an audit row, and never below what is available.
import type { AdjustAnswer, AdjustRequest } from '../../shared/contract/admin.ts';
import type { Parts } from '../parts.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { type KeyUse, lookUpKey, saveKey } from '../store/idempotency.ts';
import { adjustCredits, lockLedger } from '../store/ledger.ts';
import { isOrg } from '../store/operator.ts';
import type { Tx } from '../store/tx.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';

type AdjustingParts = Pick<Parts, 'database' | 'clock'>;

/** `key`: the caller's Idempotency-Key, if it sent one; the same key and body answers with the first result. */
export async function adjustOrgCredits(
  parts: AdjustingParts,
  orgId: string,
  wish: AdjustRequest,
  key: string | null,
): Promise<Verdict<AdjustAnswer>> {
  const use = key === null ? null : { orgId, key, route: 'POST /api/admin/orgs/:id/credits', body: wish };
  const { inOrg, acrossOrgs } = parts.database;
  if (!(await isOrg(acrossOrgs, orgId))) return refuse('not_found');
  return inOrg(orgId, (tx) => adjust(tx, parts, orgId, wish, use));
}

async function adjust(
  tx: Tx,
  parts: AdjustingParts,
  orgId: string,
  { delta, reason }: AdjustRequest,
  use: KeyUse | null,
): Promise<Verdict<AdjustAnswer>> {
  // The ledger's lock comes first: two requests with one key cannot both find it new.
  const head = await lockLedger(tx, orgId);
  if (use !== null) {
    const before = await lookUpKey(tx, use);
    if (before.state === 'answered') return accept(before.answer as AdjustAnswer);
    if (before.state !== 'new') return refuse('idempotency_key_reused');
  }
  const now = parts.clock.now();
  const entry = await adjustCredits(
    tx,
    orgId,
    head,
    { delta, reference: reason, idempotencyKey: use?.key ?? null, actor: 'operator', feature: null, occurredAt: now },
    now,
  );
  const available = head.balance - head.held;
  if (entry === null) return refuse('insufficient_credits', { available, required: -delta });
  const answer = { entry, balance: entry.balanceAfter, available: available + delta };
  if (use !== null) await saveKey(tx, use, String(entry.seq), answer, now);
  const details = { delta, reason, seq: entry.seq, balance: entry.balanceAfter };
  await writeAudit(
    tx,
    { orgId, actor: 'operator', action: 'credits.adjusted', subject: `entry ${entry.seq}`, details },
    now,
  );
  await announceChange(tx, orgId);
  return accept(answer);
}
