// Takes the outbox's items to the server, one after another, each saved before and after it is sent. An item's trouble is
// its own: it is put off and the next one has its turn.

import type { ToldPurchase } from '../../shared/contract/told-purchase.ts';
import type { Item } from '../outbox/item.ts';
import { readItem, readNeedy, saveItem } from '../outbox/items.ts';
import type { Outbox } from '../outbox/open.ts';
import {
  asking,
  cancelDropped,
  cancelledHere,
  cancelling,
  needOf,
  postponed,
  refused,
  sending,
} from '../outbox/transitions.ts';
import type { Random } from '../ports.ts';
import type { Answer } from './answer.ts';
import { itemBackoff, longestWait, waitMs } from './backoff.ts';
import type { Client } from './client.ts';
import type { PurchaseBook } from './purchase-book.ts';

export interface DeliverParts {
  readonly client: Pick<Client, 'send' | 'cancel' | 'purchase'>;
  readonly outbox: Outbox;
  readonly book: PurchaseBook;
  readonly random: Random;
  /** Trusted time. */
  readonly now: () => Date;
}

/** unauthorised: the token is not accepted; nothing more was sent. changed: an item moved. */
export interface Delivered {
  readonly unauthorised: string | null;
  readonly changed: boolean;
}

export async function deliver(parts: DeliverParts): Promise<Delivered> {
  let changed = false;
  for (const planned of readNeedy(parts.outbox)) {
    // Read again: the user may have cancelled it while the one before was on its way.
    const item = readItem(parts.outbox, planned.id);
    if (item === null || !isDue(item, parts.now())) continue;
    const need = needOf(item);
    if (need === 'nothing') continue;
    const answer = await actions[need](parts, item);
    changed = true;
    if (answer.kind === 'unauthorised') return { unauthorised: answer.code, changed };
    // No network, or too many requests: the ones behind would fare no better now, and their turn is kept.
    if (answer.kind === 'none' || (answer.kind === 'later' && answer.code === 'rate_limited')) break;
    if (answer.kind === 'ok') await cancelAtOnceIfWanted(parts, item.id);
  }
  return { unauthorised: null, changed };
}

/** What is done for each need. */
const actions = { send, cancel, ask } as const;

/** How long until the next item may be sent; 0 when one may now, null when none needs the server. */
export function nextDueMs(outbox: Outbox, now: Date): number | null {
  const waits = readNeedy(outbox).map((item) => Math.max(0, dueAt(item, now) - now.getTime()));
  return waits.length === 0 ? null : Math.min(...waits);
}

function dueAt(item: Item, now: Date): number {
  if (item.nextAttemptAt === null) return 0;
  const at = Date.parse(item.nextAttemptAt);
  // Further away than any wait that we ever set: the time was written under a wrong clock.
  return at - now.getTime() > longestWait ? 0 : at;
}

const isDue = (item: Item, now: Date) => dueAt(item, now) <= now.getTime();

async function send(parts: DeliverParts, item: Item): Promise<Answer<ToldPurchase>> {
  saveItem(parts.outbox, sending(item, parts.now().toISOString()));
  const answer = await parts.client.send(item);
  const settled = settle(parts, item.id, checkedId(item, answer), (now, code, details) => refused(now, code, details));
  return laterAgain(parts, item.id, settled);
}

/** Taken, but with nothing to pay on yet, or in a state that this version does not know: asked again later, not at once. */
function laterAgain(parts: DeliverParts, id: string, settled: Answer<ToldPurchase>): Answer<ToldPurchase> {
  const after = current(parts, id);
  const need = needOf(after);
  if (settled.kind === 'ok' && (need === 'send' || need === 'ask'))
    saveItem(parts.outbox, postponed(after, next(parts, after, null)));
  return settled;
}

/** Where a purchase stands of which this version did not understand what was said last. No refusal of that ends it. */
async function ask(parts: DeliverParts, item: Item): Promise<Answer<ToldPurchase>> {
  saveItem(parts.outbox, asking(item));
  const answer = checkedId(item, await parts.client.purchase(item.id));
  const settled = settle(parts, item.id, answer, (now) => postponed(now, next(parts, now, null)));
  return laterAgain(parts, item.id, settled);
}

/** An answer about another purchase than ours would be written down under a wrong name. */
function checkedId(item: Item, answer: Answer<ToldPurchase>): Answer<ToldPurchase> {
  const other = answer.kind === 'ok' && answer.value.id !== item.id;
  return other ? { kind: 'none', reason: 'not_understood' } : answer;
}

async function cancel(parts: DeliverParts, item: Item): Promise<Answer<ToldPurchase>> {
  saveItem(parts.outbox, cancelling(item));
  const answer = checkedId(item, await parts.client.cancel(item.id));
  if (answer.kind === 'refused' && answer.code === 'not_cancellable') {
    const purchase = checkedId(item, await parts.client.purchase(item.id));
    if (purchase.kind === 'ok') saveItem(parts.outbox, cancelDropped(current(parts, item.id)));
    return settle(parts, item.id, purchase, (now) => now);
  }
  return settle(parts, item.id, answer, (now, code) =>
    // The server has no such purchase (any more): then there is nothing alive to cancel.
    code === 'not_found' ? cancelledHere(now, now.queuedAt) : postponed(now, next(parts, now, null)),
  );
}

/** In the same turn, so that a purchase whose cancel was wanted is alive for as short as can be. */
async function cancelAtOnceIfWanted(parts: DeliverParts, id: string): Promise<void> {
  const item = current(parts, id);
  if (needOf(item) === 'cancel') await cancel(parts, item);
}

/** Writes down what an answer means for the item as it is now, which may have changed while the request was away. */
function settle(
  parts: DeliverParts,
  id: string,
  answer: Answer<ToldPurchase>,
  onRefused: (now: Item, code: string, details: Readonly<Record<string, unknown>>) => Item,
): Answer<ToldPurchase> {
  const now = current(parts, id);
  if (answer.kind === 'ok') parts.book.note(answer.value);
  if (answer.kind === 'refused') saveItem(parts.outbox, onRefused(now, answer.code, answer.details));
  if (answer.kind === 'later') saveItem(parts.outbox, postponed(now, next(parts, now, answer.retryAfterMs)));
  if (answer.kind === 'none') saveItem(parts.outbox, postponed(now, next(parts, now, null)));
  return answer;
}

function next(parts: DeliverParts, item: Item, retryAfterMs: number | null): string {
  const ms = waitMs(itemBackoff, Math.max(0, item.attempts - 1), parts.random(), retryAfterMs);
  return new Date(parts.now().getTime() + ms).toISOString();
}

function current(parts: DeliverParts, id: string): Item {
  const item = readItem(parts.outbox, id);
  if (item === null) throw new Error(`outbox item ${id} is gone`);
  return item;
}
