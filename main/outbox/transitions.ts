// How an item moves: pure functions from an item and a fact to the next item. Nothing here saves, sends or knows the
// time; whoever calls these saves the result before acting on it.
import type { Purchase } from '../../shared/contract/billing.ts';
import { readToldPurchase, type ToldPurchase } from '../../shared/contract/told-purchase.ts';
import { unreachable } from '../../shared/contract/unreachable.ts';
import { amount } from '../../shared/ledger/entry.ts';
import { type Item, type ItemIn, knownPurchase } from './item.ts';

/** Must be saved before the request leaves: from here on the server may know of it. */
export function sending(item: Item, now: string): Item {
  return { ...item, sentAt: item.sentAt ?? now, attempts: item.attempts + 1 };
}

/** Counted before the request leaves, so that tries get rarer. */
export function cancelling(item: Item): Item {
  return { ...item, attempts: item.attempts + 1 };
}

export const asking = cancelling;

/** No answer, or "come again": nothing is known, so nothing changes but the next attempt. */
export function postponed(item: Item, nextAttemptAt: string): Item {
  return { ...item, nextAttemptAt };
}

/** The server's word of the purchase stands over whatever we thought of it, also where this version does not know the word. */
export function told(item: Item, word: ToldPurchase): Item {
  if (word.known) return toldState(item, word.purchase);
  return { ...item, state: 'unknown', detail: { said: word.said } };
}

function toldState(item: Item, purchase: Purchase): Item {
  const kept = { ...item, amountPaise: purchase.amountPaise, credits: purchase.credits, nextAttemptAt: null };
  switch (purchase.state) {
    case 'awaiting_payment':
      // A wish to cancel stays: the purchase is alive, so the cancel is still to be sent.
      return { ...kept, nextAttemptAt: item.nextAttemptAt, state: 'awaiting_payment', detail: { purchase } };
    case 'cancelled':
      return { ...kept, state: 'cancelled', detail: { purchase } };
    case 'paid':
    case 'under_review':
    case 'expired':
    case 'refunded':
      return { ...kept, state: purchase.state, detail: { purchase } };
    default:
      return unreachable(purchase.state);
  }
}

/**
 * The server refused for good (its own envelope, not retryable). A wish to cancel is thereby fulfilled: nothing was made.
 * It stays on the item, in case an older copy of the request is still on its way and makes it after all.
 */
export function refused(item: Item, code: string, details: Readonly<Record<string, unknown>>): Item {
  if (code === 'purchase_in_progress') {
    const other = readToldPurchase(details.purchase);
    if (other?.id === item.id) return told(item, other);
    if (item.cancelWantedAt === null && other !== null) return rejected(item, code, other);
  }
  if (item.cancelWantedAt !== null) return cancelledHere(item, item.cancelWantedAt);
  if (code === 'price_changed') {
    const price = amount.safeParse(details.amountPaise);
    if (price.success) {
      const detail = { newAmountPaise: price.data };
      return { ...item, nextAttemptAt: null, state: 'needs_confirmation', detail };
    }
  }
  return rejected(item, code, null);
}

function rejected(item: Item, reason: string, follows: ToldPurchase | null): Item {
  const device = follows?.known === true ? follows.purchase.deviceName : follows?.outline.deviceName;
  const detail = { reason, followsId: follows?.id ?? null, followsDevice: device ?? null };
  return { ...item, nextAttemptAt: null, state: 'rejected', detail };
}

/** Cancelled on this PC: right only where the server cannot have it, or has refused it. */
export function cancelledHere(item: Item, now: string): Item {
  const cancelWantedAt = item.cancelWantedAt ?? now;
  return { ...item, cancelWantedAt, nextAttemptAt: null, state: 'cancelled', detail: { purchase: null } };
}

/**
 * For one that the server may have: it is sent to its end and cancelled there, as soon as there is an answer. The wait stays: it may
 * be one that the server asked for.
 */
export function cancelWanted(item: Item, now: string): Item {
  return { ...item, cancelWantedAt: item.cancelWantedAt ?? now };
}

/** The server would not cancel it (it was paid, say), and its own word of the purchase follows. */
export function cancelDropped(item: Item): Item {
  return { ...item, cancelWantedAt: null, nextAttemptAt: null };
}

/** Agreed to the new price: queued again under the same id and key, since a refusal is not remembered by the server. */
export function confirmed(item: ItemIn<'needs_confirmation'>): Item {
  const amountPaise = item.detail.newAmountPaise;
  return { ...item, amountPaise, nextAttemptAt: null, state: 'queued', detail: {} };
}

/**
 * What an item needs from the server, if anything. One that the server keeps without an order (its provider was away) is
 * sent again: the same key continues it there. One of which the server said what this version does not know is asked for again,
 * and nothing else is done with it: not even a cancel that was wanted, until it is known what it is.
 */
export type Need = 'send' | 'cancel' | 'ask' | 'nothing';

export function needOf(item: Item): Need {
  if (item.state === 'queued') return 'send';
  if (item.state === 'unknown') return 'ask';
  if (item.state !== 'awaiting_payment') return 'nothing';
  if (item.cancelWantedAt !== null) return 'cancel';
  return item.detail.purchase.checkoutUrl === null ? 'send' : 'nothing';
}

/** Whether the server's word is what the item says already. */
export function saysAlready(item: Item, word: ToldPurchase): boolean {
  if (!word.known) return item.state === 'unknown' && JSON.stringify(item.detail.said) === JSON.stringify(word.said);
  return item.state === word.purchase.state && JSON.stringify(knownPurchase(item)) === JSON.stringify(word.purchase);
}
