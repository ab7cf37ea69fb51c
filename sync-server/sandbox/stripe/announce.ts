// Owns Stripe's events: each is kept as an object of its own, and its bytes with the plan of its deliveries, inside the
// transaction of the change. It is signed when it is sent, with the time of that try; here is only noted how.

import type { Db } from '../database.ts';
import { planDeliveries } from '../delivery-plan.ts';
import { createDeliveryWriter } from '../events.ts';
import type { Faults } from '../faults.ts';
import type { Clock } from '../ids.ts';
import type { Books } from './books.ts';
import type { StripeEvent } from './objects.ts';

export interface Told {
  readonly type: string;
  /** As it was at that moment. */
  readonly object: object;
}

/** `about`: the purchase or the mandate among whose events these are; `money`: the payment intent, if there is one. */
export type Announce = (about: string, told: readonly Told[], money?: string | null) => void;

const API_VERSION = '2026-10-28.endive';

export function createAnnouncer(db: Db, clock: Clock, books: Books, faults: Faults): Announce {
  const save = db.prepare<[string, string, string, string, Buffer, string, number]>(
    `INSERT INTO events (id, name, order_id, payment_id, body, signature, created_ms, provider)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'stripe')`,
  );
  const saveDelivery = createDeliveryWriter(db);
  return (about, all, money = null) => {
    const chosen = onlyOne(all, faults);
    if (chosen.length === 0) return;
    const nowMs = clock.now().getTime();
    const how = [faults.take('webhook_old_secret') && 'old', faults.take('webhook_stale') && 'stale'];
    const eventIds = chosen.map(({ type, object }) => {
      const event: StripeEvent & Record<string, unknown> = {
        id: books.newId('evt_'),
        object: 'event',
        api_version: API_VERSION,
        created: books.now(),
        data: { object },
        livemode: false,
        metadata: {},
        pending_webhooks: 1,
        request: { id: null, idempotency_key: null },
        type,
      };
      books.put('event', event);
      const { metadata: _, ...sent } = event;
      const bytes = Buffer.from(JSON.stringify(sent));
      save.run(event.id, type, about, money ?? '', bytes, how.filter(Boolean).join(' '), nowMs);
      return event.id;
    });
    for (const planned of planDeliveries(eventIds, nowMs, faults)) saveDelivery(planned, null);
  };
}

/** The same switches as for Razorpay's events, for the two that say that money came. */
function onlyOne(all: readonly Told[], faults: Faults): readonly Told[] {
  for (const [name, type] of [
    ['only_payment_captured', 'payment_intent.succeeded'],
    ['only_order_paid', 'checkout.session.completed'],
  ] as const) {
    const found = all.filter((one) => one.type === type);
    if (found.length > 0 && faults.take(name)) return found;
  }
  return all;
}
