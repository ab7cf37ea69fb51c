// Use cases on purchases: queue, cancel, agree to a new price, pay. Each is answered when what it promises is on the disk
// or with the server, never before.
import type { CallInput, CallOutput } from '../../shared/contract/ipc.ts';
import type { PurchaseView } from '../../shared/contract/purchase-view.ts';
import type { ToldClaims } from '../../shared/contract/told-status.ts';
import { catalogue, type Sku } from '../../shared/plan/catalogue.ts';
import { requireForSale } from '../../shared/plan/require-feature.ts';
import type { Mirror } from '../mirror/open.ts';
import { readPosition } from '../mirror/position.ts';
import type { Item } from '../outbox/item.ts';
import { readIntent, readItem, saveItem, saveNew } from '../outbox/items.ts';
import { cancelledHere, cancelWanted, confirmed } from '../outbox/transitions.ts';
import type { Ids, OpenExternal } from '../ports.ts';
import { Refused } from '../refused.ts';
import { entitledIn } from '../session/entitled.ts';
import type { TrustedTime } from '../session/trusted-time.ts';
import { answered } from '../sync/answered.ts';
import type { Client } from '../sync/client.ts';
import type { PurchaseBook } from '../sync/purchase-book.ts';
import { type PurchaseSources, viewPurchase, viewPurchases } from './purchase-view.ts';

export interface PurchaseParts extends PurchaseSources {
  readonly client: Pick<Client, 'cancel' | 'purchase'>;
  readonly book: PurchaseBook;
  readonly time: TrustedTime;
  readonly claims: () => ToldClaims | null;
  readonly entitlementRefused: () => boolean;
  readonly ids: Ids;
  readonly openExternal: OpenExternal;
  /** Purchases changed here; the sync loop has something to do. */
  readonly changed: () => void;
  /** The user went to pay: the answer is worth looking for often for a while. */
  readonly paying: () => void;
}

export function listPurchases(parts: PurchaseParts, page: CallInput<'purchases.list'>): CallOutput<'purchases.list'> {
  const all = viewPurchases(parts);
  return { items: all.slice(page.offset, page.offset + page.limit), total: all.length };
}

export function queuePurchase(parts: PurchaseParts, wish: CallInput<'purchases.queue'>): PurchaseView {
  assertActive(parts);
  // A press that comes again is answered with what it did, whatever could be sold by now.
  const standing = readIntent(parts.outbox, wish.intent);
  if (standing !== null) return viewOf(parts, standing.id);
  if (wish.quantity > 1 && wish.sku !== 'topup.50k') {
    throw new Refused('invalid_request', false, {
      faults: [{ path: 'quantity', reason: 'only packs come in numbers' }],
    });
  }
  assertSold(parts, wish.sku);
  const fresh: Item = {
    id: parts.ids.purchase(),
    intent: wish.intent,
    idempotencyKey: parts.ids.key(),
    sku: wish.sku,
    quantity: wish.quantity,
    amountPaise: wish.expectedAmountPaise,
    credits: catalogue[wish.sku].credits * wish.quantity,
    renewalDue: wish.sku === 'renewal.year' ? shownDue(parts.mirror) : null,
    queuedAt: parts.time.now().toISOString(),
    sentAt: null,
    attempts: 0,
    nextAttemptAt: null,
    cancelWantedAt: null,
    state: 'queued',
    detail: {},
  };
  const saved = saveNew(parts.outbox, fresh);
  if (saved.id === fresh.id) parts.changed();
  return viewOf(parts, saved.id);
}

export async function cancelPurchase(parts: PurchaseParts, id: string): Promise<PurchaseView> {
  const item = readItem(parts.outbox, id);
  if (item === null || item.state === 'awaiting_payment') return cancelAtServer(parts, id);
  const now = parts.time.now().toISOString();
  if (item.state === 'needs_confirmation') return save(parts, cancelledHere(item, now));
  if (item.state === 'queued') {
    // Never sent: no server can know of it. Sent and not answered: it may live there, so it is cancelled there.
    return save(parts, item.sentAt === null ? cancelledHere(item, now) : cancelWanted(item, now));
  }
  throw new Refused('not_cancellable', false);
}

/** Only the server can say that an unpaid purchase is cancelled; without its word nothing is claimed and nothing kept. */
async function cancelAtServer(parts: PurchaseParts, id: string): Promise<PurchaseView> {
  const view = viewOf(parts, id);
  if (view.state !== 'awaiting_payment') throw new Refused('not_cancellable', false);
  assertActive(parts);
  const answer = await parts.client.cancel(id);
  if (answer.kind === 'refused' && answer.code === 'not_cancellable') {
    const now = await parts.client.purchase(id);
    if (now.kind === 'ok') parts.book.note(now.value);
    parts.changed();
  }
  parts.book.note(answered(answer));
  parts.changed();
  return viewOf(parts, id);
}

export function confirmPrice(parts: PurchaseParts, id: string, amountPaise: number): PurchaseView {
  const item = readItem(parts.outbox, id);
  if (item === null) throw new Refused('not_found', false);
  // Pressed twice: the first press did it.
  if (item.state === 'queued' && item.amountPaise === amountPaise) return viewOf(parts, id);
  if (item.state !== 'needs_confirmation') throw new Refused('invalid_request', false, { state: item.state });
  if (item.detail.newAmountPaise !== amountPaise) {
    throw new Refused('price_changed', false, { amountPaise: item.detail.newAmountPaise });
  }
  return save(parts, confirmed(item));
}

export async function payPurchase(parts: PurchaseParts, id: string): Promise<CallOutput<'purchases.pay'>> {
  const view = viewOf(parts, id);
  if (view.state !== 'awaiting_payment' || view.checkoutUrl === null) {
    throw new Refused('not_payable', false, { state: view.state });
  }
  const url = webAddress(view.checkoutUrl);
  parts.paying();
  return { url, opened: await parts.openExternal(url) };
}

/** The next due date as the screen shows it. */
const shownDue = (mirror: Mirror) => readPosition(mirror)?.status?.subscription.serviceRenewalNextDue ?? null;

/** Only web pages leave for the system browser: a `file:` or an app's own scheme would run things on this PC. */
function webAddress(text: string): string {
  const url = new URL(text);
  if (url.protocol === 'https:' || url.protocol === 'http:') return url.href;
  throw new Refused('not_payable', false);
}

function assertActive(parts: PurchaseParts): void {
  const state = parts.session.state();
  if (state === 'none') throw new Refused('not_activated', false);
  if (state === 'revoked') throw new Refused('device_revoked', false);
}

/** What the server would refuse for sure is not queued. Where this counter cannot be sure, the server decides. */
function assertSold(parts: PurchaseParts, sku: Sku): void {
  const claims = parts.claims();
  const entitled = claims === null ? null : entitledIn(claims, parts.time.window());
  if (entitled === null || entitled.stale || parts.entitlementRefused()) return;
  const refusal = requireForSale(entitled.facts, sku, entitled.asOf);
  if (refusal !== null) throw new Refused(refusal.code, false);
}

function save(parts: PurchaseParts, item: Item): PurchaseView {
  saveItem(parts.outbox, item);
  parts.changed();
  return viewOf(parts, item.id);
}

function viewOf(parts: PurchaseParts, id: string): PurchaseView {
  const view = viewPurchase(parts, id);
  if (view === null) throw new Refused('not_found', false);
  return view;
}
