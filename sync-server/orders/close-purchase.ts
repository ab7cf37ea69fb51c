// The two ways in which an unpaid purchase ends without money: the user cancels it, or its time is over. Neither touches
// the provider's order: money that still comes is honoured (settle.ts). A mandate that would bring it is ended.
import type { Purchase } from '../../shared/contract/billing.ts';
import type { Parts } from '../parts.ts';
import { movePurchase } from '../purchase/machine.ts';
import { stageOf } from '../purchase/mandate-machine.ts';
import { showPurchase } from '../purchase/view.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { lookSoon, mandateOf } from '../store/mandate-rows.ts';
import type { Caller } from '../store/orgs.ts';
import { findPurchase, listOverdue, lockPurchase, updatePurchase } from '../store/purchases.ts';
import { lockSubscription } from '../store/subscriptions.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { endMandates } from './end-mandates.ts';

export async function cancelPurchase(parts: Parts, caller: Caller, purchaseId: string): Promise<Verdict<Purchase>> {
  const { orgId } = caller;
  const ended = await endAgreed(parts, caller, purchaseId);
  if (!ended.ok) return ended;
  return parts.database.inOrg(orgId, async (tx) => {
    if ((await findPurchase(tx, orgId, purchaseId)) === null) return refuse('not_found');
    await lockSubscription(tx, orgId);
    const row = await lockPurchase(tx, orgId, purchaseId);
    const now = parts.clock.now();
    const move = movePurchase(row.state, 'cancel');
    // Cancelling twice is one wish: the second is answered with what the first did.
    if (row.state !== 'cancelled') {
      if (move === 'refused' || move === 'nothing') return refuse('not_cancellable');
      await updatePurchase(tx, row, { state: move.to, closedAt: now });
      await lookSoon(tx, row, now);
      await writeAudit(tx, { orgId, actor: caller.deviceId, action: 'purchase.cancelled', subject: purchaseId }, now);
      await announceChange(tx, orgId);
    }
    const after = await findPurchase(tx, orgId, purchaseId);
    if (after === null) throw new Error(`purchase ${purchaseId} vanished`);
    return accept(showPurchase(after, parts.publicUrl));
  });
}

/** A purchase that waits for the charge of a mandate that was agreed to is cancelled with it, at the provider first. */
async function endAgreed(parts: Parts, { orgId, deviceId }: Caller, purchaseId: string): Promise<Verdict<null>> {
  const agreed = await parts.database.inOrg(orgId, async (tx) => {
    const found = await findPurchase(tx, orgId, purchaseId);
    if (found?.row.renewalMode !== 'autopay' || found.row.state !== 'awaiting_payment') return null;
    const row = await mandateOf(tx, found.row);
    return row === null || stageOf(row.status) === 'asked' ? null : row;
  });
  return agreed === null ? accept(null) : endMandates(parts, [agreed], deviceId);
}

const chunk = 200;

/** Expires every purchase whose time is over; returns how many. Safe to run in several processes at once. */
export async function expirePurchases(parts: Parts): Promise<number> {
  const { inOrg, acrossOrgs } = parts.database;
  let expired = 0;
  for (;;) {
    const now = parts.clock.now();
    const overdue = await listOverdue(acrossOrgs, now, chunk);
    for (const { orgId, purchaseId } of overdue) {
      await inOrg(orgId, async (tx) => {
        await lockSubscription(tx, orgId);
        const row = await lockPurchase(tx, orgId, purchaseId);
        const move = movePurchase(row.state, 'expire');
        if (move === 'refused' || move === 'nothing' || row.expiresAt > now) return;
        await updatePurchase(tx, row, { state: move.to, closedAt: now });
        await writeAudit(tx, { orgId, actor: 'system', action: 'purchase.expired', subject: purchaseId }, now);
        await announceChange(tx, orgId);
        expired += 1;
      });
    }
    if (overdue.length < chunk) return expired;
  }
}
