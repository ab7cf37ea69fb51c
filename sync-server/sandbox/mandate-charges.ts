// Owns the charges of mandates: the invoice of the cycle, the payment for it, and what its end means for the mandate. A
// charge is an ordinary payment of the invoice's own order; what follows for the mandate is told together with it.

import type { Db, OrderRow, PaymentRow } from './database.ts';
import { createShelf } from './documents.ts';
import { orderEntity, paymentEntity } from './entities.ts';
import type { Announce } from './events.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import type { Invoice, Invoices } from './invoices.ts';
import { allow, cycleStart, dueMs, isRunning, type Mandate } from './mandate.ts';
import type { Orders } from './orders.ts';
import type { Follower, Payments } from './payments.ts';
import type { Plans } from './plans.ts';
import type { Refunds } from './refunds.ts';
import { Refusal } from './refusal.ts';
import type { Snapshot } from './snapshots.ts';

export interface MandateParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: Faults;
  readonly orders: Orders;
  readonly plans: Plans;
  readonly invoices: Invoices;
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly announce: Announce;
  readonly publicUrl: string;
}

export type ChargeEnd = 'fine' | 'fails';

const DAY = 86_400;
/** The first try and one on each of the three days after it. */
const MOST_TRIES = 4;
/** Taken when the customer agrees to a mandate that starts later, and given back at once. */
export const TOKEN_PAISE = 500;

export type Keeping = ReturnType<typeof createKeeping>;

export function createKeeping({ db }: MandateParts) {
  const shelf = createShelf<Mandate>(db, 'subscription');
  return {
    shelf,
    get: shelf.get,
    keep(mandate: Mandate): Mandate {
      const { id, plan_id, created_at } = mandate.shown;
      shelf.put({ id, owner: plan_id, dueMs: dueMs(mandate), createdAt: created_at, body: mandate });
      return mandate;
    },
    told: (event: Snapshot['event'], { shown }: Mandate): Snapshot => ({
      event,
      about: shown.id,
      paymentId: null,
      entities: { subscription: shown },
    }),
  };
}

export function createCharging(parts: MandateParts, { get, keep, told }: Keeping) {
  const { clock, newId, faults, orders, plans, payments, refunds, announce } = parts;
  const now = () => unixSeconds(clock);

  const bill = createBilling(parts, keep);

  function charge(mandate: Mandate, end: ChargeEnd | null): void {
    allow(mandate, 'chargeable', ['authenticated', 'active', 'pending', 'halted']);
    const { invoice } = bill(mandate);
    const attempt = { orderId: invoice.order_id, method: 'upi' as const };
    const fails = end === null ? faults.take('charge_fails') : end === 'fails';
    if (fails) payments.fail(attempt, 'insufficient_funds');
    else payments.pay(attempt);
  }

  /** A charge that comes to nothing (refused, or its money went elsewhere) is tried on the next day, like a failed one. */
  function chargeWhenDue(mandate: Mandate): void {
    const { id, charge_at } = mandate.shown;
    try {
      charge(mandate, null);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    const after = get(id);
    if (after.shown.charge_at === charge_at) keep({ ...after, shown: { ...after.shown, charge_at: now() + DAY } });
  }

  function agree(mandate: Mandate): void {
    allow(mandate, 'authorisable', ['created']);
    const { plan_id, start_at, total_count } = mandate.shown;
    const start = start_at ?? now();
    const times = { start_at: start, charge_at: start, end_at: cycleStart(plans.get(plan_id), start, total_count) };
    const customer = { customer_id: newId('cust_'), payment_method: 'upi', status: 'authenticated' } as const;
    const agreed = keep({ ...mandate, shown: { ...mandate.shown, ...times, ...customer } });
    announce([told('subscription.authenticated', agreed)]);
    if (start <= now()) {
      charge(agreed, null);
      return;
    }
    const order = orders.make(TOKEN_PAISE, 'INR', null, '[]');
    const payment = payments.pay({ orderId: order.id, method: 'upi' });
    if (payment.status === 'captured') refunds.create(payment.id, {}, null);
  }

  return {
    charge,
    agree,
    follower: createFollower(parts, { get, keep, told }),
    /** What the clock brings: the end of a link that nobody used, the end that was asked for, a charge. */
    whenDue(mandate: Mandate, end: (mandate: Mandate) => Mandate): void {
      const { status, has_scheduled_changes: ending, plan_id, start_at, total_count } = mandate.shown;
      if (status === 'created') {
        keep({ ...mandate, shown: { ...mandate.shown, status: 'expired', ended_at: now() } });
      } else if (status === 'active' && ending) {
        end(mandate);
      } else if (status === 'halted') {
        // Invoices go on; nobody is charged for them until the customer comes back.
        const { mandate: billed } = bill({ ...mandate, openInvoice: null });
        const next = cycleStart(plans.get(plan_id), start_at ?? now(), billed.billed);
        keep({ ...billed, shown: { ...billed.shown, charge_at: billed.billed < total_count ? next : null } });
      } else if (isRunning(status)) {
        chargeWhenDue(mandate);
      }
    },
  };
}

/** The invoice of the cycle that is due: the open one, or a new one with an order of its own. */
function createBilling({ clock, orders, plans, invoices }: MandateParts, keep: Keeping['keep']) {
  return (mandate: Mandate): { mandate: Mandate; invoice: Invoice } => {
    if (mandate.openInvoice !== null) return { mandate, invoice: invoices.get(mandate.openInvoice) };
    const { id, plan_id, quantity, customer_id, start_at } = mandate.shown;
    const plan = plans.get(plan_id);
    const from = cycleStart(plan, start_at ?? unixSeconds(clock), mandate.billed);
    const to = cycleStart(plan, start_at ?? unixSeconds(clock), mandate.billed + 1);
    const order = orders.make(plan.item.amount * quantity, plan.item.currency, null, '[]');
    const invoice = invoices.issue({ subscriptionId: id, customerId: customer_id, plan, quantity, order, from, to });
    return { mandate: keep({ ...mandate, billed: mandate.billed + 1, openInvoice: invoice.id }), invoice };
  };
}

/** What a charge's end means for the mandate and the invoice that it was for. */
function createFollower(parts: MandateParts, { get, keep, told }: Pick<Keeping, 'get' | 'keep' | 'told'>): Follower {
  const { clock, invoices, plans } = parts;
  const mandateOf = ({ order_id }: PaymentRow) => {
    const invoice = invoices.ofOrder(order_id);
    return invoice === null ? null : { invoice, mandate: get(invoice.subscription_id) };
  };

  function charged(mandate: Mandate, invoice: Invoice): Mandate {
    const { shown, billed } = mandate;
    const over = !isRunning(shown.status) && shown.status !== 'paused';
    const paid_count = shown.paid_count + 1;
    const done = paid_count >= shown.total_count;
    const next = cycleStart(plans.get(shown.plan_id), shown.start_at ?? 0, billed);
    return keep({
      billed,
      openInvoice: mandate.openInvoice === invoice.id ? null : mandate.openInvoice,
      shown: {
        ...shown,
        paid_count,
        remaining_count: shown.total_count - paid_count,
        auth_attempts: 0,
        current_start: invoice.billing_start,
        current_end: invoice.billing_end,
        status: over ? shown.status : done ? 'completed' : shown.status === 'paused' ? 'paused' : 'active',
        charge_at: over || done ? null : next,
        ended_at: done ? unixSeconds(clock) : shown.ended_at,
      },
    });
  }

  return {
    invoiceIdOf: ({ id }: OrderRow): string | null => invoices.ofOrder(id)?.id ?? null,
    captured(payment: PaymentRow, order: OrderRow): Snapshot[] {
      const found = mandateOf(payment);
      if (found === null || order.status !== 'paid' || found.invoice.status === 'paid') return [];
      const before = found.mandate.shown.status;
      const invoice = invoices.pay(found.invoice, payment.id);
      const { shown } = charged(found.mandate, invoice);
      const place = { about: order.id, paymentId: payment.id };
      const [subscription, entity] = [shown, paymentEntity(payment)];
      const paid = { payment: entity, order: orderEntity(order), invoice };
      return [
        { event: 'invoice.paid', ...place, entities: paid },
        ...(['authenticated', 'pending', 'halted'].includes(before)
          ? [{ event: 'subscription.activated' as const, ...place, entities: { subscription } }]
          : []),
        { event: 'subscription.charged', ...place, entities: { subscription, payment: entity } },
        ...(shown.status === 'completed'
          ? [{ event: 'subscription.completed' as const, ...place, entities: { subscription, payment: entity } }]
          : []),
      ];
    },
    failed(payment: PaymentRow): Snapshot[] {
      const found = mandateOf(payment);
      if (found === null || !isRunning(found.mandate.shown.status)) return [];
      const { mandate } = found;
      const tries = mandate.shown.auth_attempts + 1;
      const gaveUp = tries >= MOST_TRIES || mandate.shown.status === 'halted';
      const { plan_id, start_at } = mandate.shown;
      const next = cycleStart(plans.get(plan_id), start_at ?? 0, mandate.billed);
      const charge_at = gaveUp ? next : unixSeconds(clock) + DAY;
      const status = gaveUp ? 'halted' : 'pending';
      const kept = keep({ ...mandate, shown: { ...mandate.shown, auth_attempts: tries, charge_at, status } });
      if (mandate.shown.status === status) return [];
      return [{ ...told(`subscription.${status}`, kept), about: payment.order_id }];
    },
  };
}
