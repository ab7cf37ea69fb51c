// Gives back what holds reserved whose time is over: whoever held the credits crashed, or forgot to say that it was done.
import { decideExpiry } from '../ledger/hold.ts';
import type { Parts } from '../parts.ts';
import { writeAudit } from '../store/audit.ts';
import { findHold, giveBack, listHoldsPastTime } from '../store/holds.ts';
import { lockLedger } from '../store/ledger.ts';

const chunk = 200;

/** Expires every hold whose time is over; returns how many. Safe to run in several processes at once. */
export async function expireHolds(parts: Parts): Promise<number> {
  let expired = 0;
  for (;;) {
    const due = await listHoldsPastTime(parts.database.acrossOrgs, parts.clock.now(), chunk);
    const byOrg = Map.groupBy(due, ({ orgId }) => orgId);
    for (const [orgId, holds] of byOrg) {
      expired += await expireOf(
        parts,
        orgId,
        holds.map(({ holdId }) => holdId),
      );
    }
    if (byOrg.size > 0) parts.changes.announceEntries([...byOrg.keys()]);
    if (due.length < chunk) return expired;
  }
}

/** Each hold is looked at again behind the lock: it may have been captured since it was listed. */
async function expireOf(parts: Parts, orgId: string, holdIds: readonly string[]): Promise<number> {
  return parts.database.inOrg(orgId, async (tx) => {
    let head = await lockLedger(tx, orgId);
    let expired = 0;
    for (const holdId of holdIds) {
      const hold = await findHold(tx, orgId, holdId);
      const now = parts.clock.now();
      const after = hold === null ? null : decideExpiry(head, hold, now);
      if (hold === null || after === null) continue;
      await giveBack(tx, after, hold, 'expired', now);
      await writeAudit(
        tx,
        {
          orgId,
          actor: 'system',
          action: 'hold.expired',
          subject: holdId,
          details: { amount: hold.amount, feature: hold.feature },
        },
        now,
      );
      head = after;
      expired += 1;
    }
    return expired;
  });
}
