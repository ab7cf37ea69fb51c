// Purchases as people see them: the outbox's items and the mirror's purchases of other counters in one list. Computed
// when asked; what is pending is never stored as if it had happened.
import type { Purchase } from '../../shared/contract/billing.ts';
import type { PurchaseView, PurchaseViewState } from '../../shared/contract/purchase-view.ts';
import type { PurchaseOutline, ToldPurchase } from '../../shared/contract/told-purchase.ts';
import type { Mirror } from '../mirror/open.ts';
import { readPurchase, readPurchases } from '../mirror/purchases.ts';
import { type Item, knownPurchase } from '../outbox/item.ts';
import { readItem, readItems } from '../outbox/items.ts';
import type { Outbox } from '../outbox/open.ts';
import { readSetting } from '../outbox/settings.ts';
import type { Session } from '../session/session.ts';

export interface PurchaseSources {
  readonly outbox: Outbox;
  readonly mirror: Mirror;
  readonly session: Session;
}

/** Those that wait for the network, a payment or a decision; of an unknown one of this counter nobody knows that it is over. */
const waitingStates: readonly PurchaseViewState[] = ['queued', 'needs_confirmation', 'awaiting_payment'];
export const isWaiting = (view: PurchaseView) =>
  waitingStates.includes(view.state) || (view.state === 'unknown' && view.mine);

/** The waiting ones first, newest first within. */
export function viewPurchases(from: PurchaseSources): PurchaseView[] {
  const { items } = readItems(from.outbox);
  const ours = new Set(items.map((item) => item.id));
  const others = readPurchases(from.mirror).filter((told) => !ours.has(told.id));
  const views = [...items.map((item) => viewItem(item, from)), ...others.map((other) => viewTold(other, from))];
  return views.sort(
    (a, b) =>
      Number(isWaiting(b)) - Number(isWaiting(a)) || b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id),
  );
}

export function viewPurchase(from: PurchaseSources, id: string): PurchaseView | null {
  const item = readItem(from.outbox, id);
  if (item !== null) return viewItem(item, from);
  const told = readPurchase(from.mirror, id);
  return told === null ? null : viewTold(told, from);
}

function viewItem(item: Item, from: PurchaseSources): PurchaseView {
  const cancelling = item.cancelWantedAt !== null && (item.state === 'queued' || item.state === 'awaiting_payment');
  const open = item.state === 'queued' || item.state === 'needs_confirmation' || item.state === 'awaiting_payment';
  const rejected = item.state === 'rejected' ? item.detail : null;
  return {
    id: item.id,
    sku: item.sku,
    quantity: item.quantity,
    state: item.state,
    amountPaise: item.amountPaise,
    credits: item.credits,
    createdAt: item.queuedAt,
    ...serverParts(from, knownPurchase(item)),
    mine: true,
    deviceName: knownPurchase(item)?.deviceName ?? from.session.saved()?.deviceName ?? null,
    sentAt: item.sentAt,
    newAmountPaise: item.state === 'needs_confirmation' ? item.detail.newAmountPaise : null,
    reason: rejected?.reason ?? null,
    followsId: rejected?.followsId ?? null,
    followsDevice: rejected?.followsDevice ?? null,
    followsState: rejected?.followsId == null ? null : stateOf(from, rejected.followsId),
    cancellable: open && !cancelling,
    cancelling,
  };
}

/** Where a purchase stands as far as this counter knows. */
function stateOf(from: PurchaseSources, id: string): PurchaseViewState | null {
  const own = readItem(from.outbox, id);
  if (own !== null) return own.state;
  const told = readPurchase(from.mirror, id);
  if (told === null) return null;
  return told.known ? told.purchase.state : 'unknown';
}

const viewTold = (told: ToldPurchase, from: PurchaseSources): PurchaseView =>
  told.known ? viewOther(told.purchase, from) : viewStrange(told.outline, from);

/** What can be said of it, and nothing to do. */
function viewStrange(outline: PurchaseOutline, from: PurchaseSources): PurchaseView {
  const device = from.session.saved()?.deviceId;
  return {
    id: outline.id,
    sku: outline.sku,
    quantity: outline.quantity ?? 1,
    state: 'unknown',
    amountPaise: outline.amountPaise,
    credits: outline.credits ?? 0,
    createdAt: outline.createdAt,
    ...serverParts(from, null),
    mine: device !== undefined && outline.deviceId === device,
    deviceName: outline.deviceName,
    sentAt: outline.createdAt,
    ...undecided,
    cancellable: false,
  };
}

/** What is null in all that are neither rejected nor at a new price. */
const undecided = {
  newAmountPaise: null,
  reason: null,
  followsId: null,
  followsDevice: null,
  followsState: null,
  cancelling: false,
} as const;

function viewOther(purchase: Purchase, from: PurchaseSources): PurchaseView {
  return {
    id: purchase.id,
    sku: purchase.sku,
    quantity: purchase.quantity,
    state: purchase.state,
    amountPaise: purchase.amountPaise,
    credits: purchase.credits,
    createdAt: purchase.createdAt,
    ...serverParts(from, purchase),
    mine: purchase.deviceId === from.session.saved()?.deviceId,
    deviceName: purchase.deviceName,
    sentAt: purchase.createdAt,
    ...undecided,
    cancellable: purchase.state === 'awaiting_payment',
  };
}

function serverParts({ outbox }: PurchaseSources, purchase: Purchase | null) {
  return {
    expiresAt: purchase?.expiresAt ?? null,
    paidAt: purchase?.paidAt ?? null,
    invoiceId: purchase?.invoiceId ?? null,
    checkoutUrl: purchase?.checkoutUrl == null ? null : spoken(purchase.checkoutUrl, readSetting(outbox, 'language')),
    lastFailure: purchase?.lastFailure ?? null,
    refundedPaise: purchase?.refundedPaise ?? 0,
    renewedUntil: purchase?.renewedUntil ?? null,
  };
}

/** The pay page speaks the language that was chosen here, also on a phone; without a choice it speaks the browser's. */
function spoken(checkoutUrl: string, language: string | null): string {
  if (language === null || !URL.canParse(checkoutUrl)) return checkoutUrl;
  const url = new URL(checkoutUrl);
  url.searchParams.set('lang', language);
  return url.href;
}
