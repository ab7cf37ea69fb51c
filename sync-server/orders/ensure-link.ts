// Payment links: how a purchase is paid where the provider says no to an order. The same rules as for orders: the attempt
// is counted in the database before the provider is asked, and what an unclear answer may have made is looked for by the
// receipt before anything is made again. And one more: once a link may exist, only a link is ever asked for, so that a
// purchase is payable in one way. For whoever holds the purchase's lock (ensure-order.ts).
import type { OrderParts } from '../parts.ts';
import type { OrderRequest, Outcome, PaymentLink, PaymentLinks } from '../providers/port.ts';
import { firstLook } from '../purchase/looks.ts';
import { type PurchaseKey, updatePurchase } from '../store/purchases.ts';
import type { PurchaseRow } from '../store/schema.ts';
import { refuseOtherSum } from './other-sum.ts';

/** 401: our key. 408, 409: a call that may be under way. 429: a limit. None of them is a word about the order. */
const notAboutTheOrder: ReadonlySet<number> = new Set([401, 408, 409, 429]);

/** The provider itself said no to this very request, and will say so again: certainly nothing was made. */
export function isFinalNo(outcome: Outcome<unknown>): boolean {
  if (outcome.ok || outcome.kind !== 'refused' || outcome.status === undefined) return false;
  return outcome.status >= 400 && outcome.status < 500 && !notAboutTheOrder.has(outcome.status);
}

/** The link with our receipt, or null when the provider certainly has none. */
export async function findLink(
  parts: OrderParts,
  links: PaymentLinks,
  row: PurchaseRow,
): Promise<Outcome<PaymentLink | null>> {
  const found = await links.find(row.receipt);
  if (!found.ok || found.value === null) return found;
  return refuseOtherSum(parts, row, `link ${found.value.linkId}`, found.value) ?? found;
}

export async function findOrMakeLink(
  parts: OrderParts,
  links: PaymentLinks,
  row: PurchaseRow,
  request: OrderRequest,
): Promise<Outcome<PaymentLink>> {
  const before = await findLink(parts, links, row);
  if (!before.ok) return before;
  if (before.value !== null) return { ok: true, value: before.value };
  const save = (change: Partial<PurchaseRow>) =>
    parts.database.inOrg(row.orgId, (tx) => updatePurchase(tx, row, change));
  // Looked for from then on, also if this process ends before it hears of the link.
  const nextLookAt = row.nextLookAt ?? firstLook(row.createdAt, parts.clock.now());
  await save({ linkAttempts: row.linkAttempts + 1, nextLookAt });
  const made = await links.create({ ...request, expiresAt: row.expiresAt });
  if (made.ok) return made;
  if (made.kind !== 'unknown') {
    // Nothing was made now; an earlier attempt, if there was one, is looked for as before.
    await save({ linkAttempts: row.linkAttempts, nextLookAt: row.nextLookAt });
    return made;
  }
  const found = await findLink(parts, links, row);
  return found.ok && found.value !== null ? { ok: true, value: found.value } : made;
}

/**
 * The link of a purchase that is cancelled or expired takes no money any more, on the provider's word. `paid`: it has some
 * already, which is honoured as ever.
 */
export async function endLink(parts: OrderParts, key: PurchaseKey, linkId: string): Promise<Outcome<'ended' | 'paid'>> {
  const { links } = parts.provider;
  if (links === null) return { ok: false, kind: 'refused', reason: `${parts.provider.name} has no payment links` };
  const ended = await links.cancel(linkId);
  if (!ended.ok || ended.value === 'paid') return ended;
  const linkEndedAt = parts.clock.now();
  await parts.database.inOrg(key.orgId, (tx) => updatePurchase(tx, key, { linkEndedAt }));
  return ended;
}
