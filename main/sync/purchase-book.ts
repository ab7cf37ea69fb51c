// The one place where the server's word on a purchase is written down: outbox first (if it is this counter's), mirror
// second. A list that was asked for before an answer to the same purchase came is older than that answer and must not
// undo it.
import { readToldPurchase, type ToldPurchase } from '../../shared/contract/told-purchase.ts';
import type { Mirror } from '../mirror/open.ts';
import { storePurchase } from '../mirror/purchases.ts';
import { readItem, readUnknown, saveItem } from '../outbox/items.ts';
import type { Outbox } from '../outbox/open.ts';
import { saysAlready, told } from '../outbox/transitions.ts';
import type { Log } from '../ports.ts';
import type { Failure } from './answer.ts';
import type { Client } from './client.ts';

export interface PurchaseBook {
  /** Writes down an answer about one purchase; true when it is news. */
  readonly note: (purchase: ToldPurchase) => boolean;
  /** Reads the server's list: the first page, and all of it when `whole` or when that page had news. */
  readonly refresh: (client: Pick<Client, 'purchases'>, whole: boolean) => Promise<Refreshed>;
}

export type Refreshed =
  | { readonly kind: 'refreshed'; readonly changed: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure };

export function createPurchaseBook(outbox: Outbox, mirror: Mirror, log: Log): PurchaseBook {
  knowBetter(outbox);
  let answers = 0;
  const answeredAt = new Map<string, number>();

  const write = (purchase: ToldPurchase): boolean => {
    const item = readItem(outbox, purchase.id);
    if (item !== null && !saysAlready(item, purchase)) saveItem(outbox, told(item, purchase));
    return storePurchase(mirror, purchase);
  };
  return {
    note(purchase) {
      answers += 1;
      answeredAt.set(purchase.id, answers);
      return write(purchase);
    },
    async refresh(client, whole) {
      const asked = answers;
      const seen = new Set<string>();
      let changed = false;
      let cursor: string | null = null;
      do {
        const page = await client.purchases(cursor);
        if (page.kind !== 'ok') return { kind: 'failed', failure: page };
        if (page.value.unread > 0) log('warn', 'purchases could not be read', { purchases: page.value.unread });
        const fresh = page.value.items.filter((purchase) => (answeredAt.get(purchase.id) ?? 0) <= asked);
        changed = fresh.map(write).includes(true) || changed;
        cursor = page.value.nextCursor;
        if (!whole && !changed) break;
        if (cursor !== null && seen.has(cursor)) {
          return { kind: 'failed', failure: { kind: 'none', reason: 'not_understood' } };
        }
        if (cursor !== null) seen.add(cursor);
      } while (cursor !== null);
      return { kind: 'refreshed', changed };
    },
  };
}

/** At a start, which may be the first after an update: what the version before did not know may be known by now. */
function knowBetter(outbox: Outbox): void {
  for (const item of readUnknown(outbox)) {
    const word = readToldPurchase(item.detail.said);
    if (word?.known === true) saveItem(outbox, told(item, word));
  }
}
