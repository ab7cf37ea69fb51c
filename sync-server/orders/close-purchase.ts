// The two ways in which an unpaid purchase ends without money: the user cancels it, or its time is over. Neither touches
// the provider's order: money that still comes is honoured (settle.ts). A mandate or a payment link that would bring it is
// ended.
import type { Purchase } from '../../shared/contract/billing.ts';
import type { Parts } from '../parts.ts';
import { movePurchase } from '../purchase/machine.ts';
import { stageOf } from '../purchase/mandate-machine.ts';
import { showPurchase } from '../purchase/view.ts';
import { writeAudit } from '../store/audit.ts';
import { announceChange } from '../store/changes.ts';
import { lookSoon, mandateOf } from '../store/mandate-rows.ts';
import type { Caller } from '../store/orgs.ts';
import { findPurchase, listOverdue, lockPurchase, lookAtLink, updatePurchase } from '../store/purchases.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { lockSubscription } from '../store/subscriptions.ts';
import type { Tx } from '../store/tx.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { askAbout } from './ask-about.ts';
import { endMandates } from './end-mandates.ts';

export async function cancelPurchase(parts: Parts, caller: Caller, purchaseId: string): Promise<Verdict<Purchase>> {
  const { orgId } = caller;
  const ended = await endAgreed(parts, caller, purchaseId);
  if (!ended.ok) return ended;
  const closed = await parts.database.inOrg(orgId, (tx) => close(tx, parts, caller, purchaseId));
  if (!closed.ok) return closed;
  if (closed.value !== null) await endLinkNow(parts, closed.value);
  return parts.database.inOrg(orgId, async (tx) => {
    const after = await findPurchase(tx, orgId, purchaseId);
    if (after === null) throw new Error(`purchase ${purchaseId} vanished`);
    return accept(showPurchase(after, parts.publicUrl));
  });
}

/** The row that was closed now; null if it was before: cancelling twice is one wish. */
async function close(
  tx: Tx,
  parts: Parts,
  { orgId, deviceId }: Caller,
  purchaseId: string,
): Promise<Verdict<PurchaseRow | null>> {
  if ((await findPurchase(tx, orgId, purchaseId)) === null) return refuse('not_found');
  await lockSubscription(tx, orgId);
  const row = await lockPurchase(tx, orgId, purchaseId);
  if (row.state === 'cancelled') return accept(null);
  const now = parts.clock.now();
  const move = movePurchase(row.state, 'cancel');
  if (move === 'refused' || move === 'nothing') return refuse('not_cancellable');
  const change = { state: move.to, closedAt: now, ...lookAtLink(row, now) };
  await updatePurchase(tx, row, change);
  await lookSoon(tx, row, now);
  await writeAudit(tx, { orgId, actor: deviceId, action: 'purchase.cancelled', subject: purchaseId }, now);
  await announceChange(tx, orgId);
  return accept({ ...row, ...change });
}

/** At once where the provider answers; where it does not, the next look tries again. */
async function endLinkNow(parts: Parts, row: PurchaseRow): Promise<void> {
  if (!row.paidByLink || row.provider !== parts.provider.name) return;
  const asked = await askAbout(parts, row);
  if (asked.ok) return;
  const { kind, reason } = asked;
  parts.log.warn({ purchaseId: row.purchaseId, kind, reason }, 'the link of a cancelled purchase is not ended yet');
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
        await updatePurchase(tx, row, { state: move.to, closedAt: now, ...lookAtLink(row, now) });
        await writeAudit(tx, { orgId, actor: 'system', action: 'purchase.expired', subject: purchaseId }, now);
        await announceChange(tx, orgId);
        expired += 1;
      });
    }
    if (overdue.length < chunk) return expired;
  }
}
