// Owns what may be asked of mandates: the customer agrees or refuses, somebody charges, halts, pauses or cancels. What a
// charge is and does is in mandate-charges.ts.

import type { Search } from './documents.ts';
import { unixSeconds } from './ids.ts';
import { allow, type Mandate, newMandate, readMandate, type Subscription } from './mandate.ts';
import {
  type ChargeEnd,
  createCharging,
  createKeeping,
  type Keeping,
  type MandateParts,
  TOKEN_PAISE,
} from './mandate-charges.ts';

export type Mandates = ReturnType<typeof createMandates>;

export function createMandates(parts: MandateParts) {
  const { db, clock, newId, plans } = parts;
  const keeping = createKeeping(parts);
  const { get, keep, shelf } = keeping;
  const charging = createCharging(parts, keeping);
  const now = () => unixSeconds(clock);
  const { end, move } = createEndings(parts, keeping);

  return {
    get: (id: string): Subscription => get(id).shown,
    list: (search: Search): Subscription[] => shelf.list(search).map(({ shown }) => shown),
    dueIds: shelf.dueIds,
    keep: db.transaction((id: string) => charging.whenDue(get(id), end)),
    follower: charging.follower,
    create: db.transaction((body: unknown): Subscription => {
      const asked = readMandate(body);
      const plan = plans.get(asked.plan_id);
      const id = newId('sub_');
      return keep(newMandate(asked, plan, id, now(), `${parts.publicUrl}/mandate/${id}`)).shown;
    }),
    agree: db.transaction((id: string): Subscription => {
      charging.agree(get(id));
      return get(id).shown;
    }),
    /** The bank says no when the customer agrees; the page may be tried again. */
    refuse: db.transaction((id: string): Subscription => {
      allow(get(id), 'authorisable', ['created']);
      const order = parts.orders.make(TOKEN_PAISE, 'INR', null, '[]');
      parts.payments.fail({ orderId: order.id, method: 'upi' }, 'payment_cancelled');
      return get(id).shown;
    }),
    charge: db.transaction((id: string, end: ChargeEnd): Subscription => {
      charging.charge(get(id), end);
      return get(id).shown;
    }),
    halt: db.transaction((id: string): Subscription => {
      const mandate = get(id);
      allow(mandate, 'haltable', ['active', 'pending']);
      return move(mandate, 'halted', 'halted');
    }),
    pause: db.transaction((id: string): Subscription => {
      const mandate = get(id);
      allow(mandate, 'pausable', ['active', 'authenticated', 'pending']);
      return move(mandate, 'paused', 'paused');
    }),
    resume: db.transaction((id: string): Subscription => {
      const mandate = get(id);
      allow(mandate, 'resumable', ['paused']);
      return move(mandate, 'active', 'resumed');
    }),
    cancel: db.transaction((id: string, atCycleEnd: boolean): Subscription => {
      const mandate = get(id);
      allow(mandate, 'cancellable', ['created', 'authenticated', 'active', 'pending', 'halted', 'paused']);
      if (!atCycleEnd || mandate.shown.status !== 'active') return end(mandate).shown;
      const scheduled = { has_scheduled_changes: true, change_scheduled_at: mandate.shown.current_end };
      return keep({ ...mandate, shown: { ...mandate.shown, ...scheduled } }).shown;
    }),
  };
}

/** The steps that need no payment. */
function createEndings({ clock, announce }: MandateParts, { keep, told }: Keeping) {
  const now = () => unixSeconds(clock);
  function end(mandate: Mandate): Mandate {
    const shown = { ...mandate.shown, status: 'cancelled', ended_at: now(), charge_at: null } as const;
    const ended = keep({ ...mandate, shown: { ...shown, has_scheduled_changes: false } });
    announce([told('subscription.cancelled', ended)]);
    return ended;
  }

  function move(mandate: Mandate, status: 'paused' | 'active' | 'halted', event: 'paused' | 'resumed' | 'halted') {
    const charge_at = status === 'active' ? Math.max(mandate.shown.charge_at ?? 0, now()) : mandate.shown.charge_at;
    const moved = keep({ ...mandate, shown: { ...mandate.shown, status, charge_at } });
    announce([told(`subscription.${event}`, moved)]);
    return moved.shown;
  }
  return { end, move };
}
