// Owns what happens to Stripe's subscriptions: begun by a checkout, renewed by the clock or by hand, refused by a bank and
// tried again, paused, cancelled. An invoice is paid by a payment intent of its own.

import type { Faults } from '../faults.ts';
import type { Announce, Told } from './announce.ts';
import type { Books } from './books.ts';
import type { Catalogue } from './catalogue.ts';
import type { Form } from './form.ts';
import type { Money } from './money.ts';
import type { Invoice, PaymentIntent, Session, Subscription } from './objects.ts';
import { StripeRefusal } from './refusal.ts';
import type { SessionNotes } from './session.ts';
import { type MandateNotes, newInvoice, newSubscription, paidInvoice, periodStart } from './subscription.ts';

export interface SubscriptionParts {
  readonly books: Books;
  readonly faults: Faults;
  readonly announce: Announce;
  readonly catalogue: Catalogue;
  readonly money: Money;
}

const DAY = 86_400;
/** After the first try, so many days to each next one. */
const RETRY_DAYS = [3, 5, 7];

export type Subscriptions = ReturnType<typeof createSubscriptions>;

export function createSubscriptions(parts: SubscriptionParts) {
  const { books, announce } = parts;
  const keeping = createKeeping(parts);
  const { keep, notesOf, updated } = keeping;
  const renewing = createRenewing(parts, keeping);

  function end(subscription: Subscription): Subscription {
    const now = books.now();
    const ended = { ...subscription, status: 'canceled', canceled_at: now, ended_at: now } as const;
    keep(ended, { ...notesOf(subscription.id), openInvoice: null, retryAt: null });
    announce(ended.id, [{ type: 'customer.subscription.deleted', object: ended }]);
    return ended;
  }

  function move(id: string, status: Subscription['status'], type: string): Subscription {
    const moved = keep({ ...alive(books.get('subscription', id)), status }, notesOf(id));
    announce(id, [{ type: `customer.subscription.${type}`, object: moved }]);
    return moved;
  }

  return {
    start: createStart(parts, keeping),
    renew: renewing.renew,
    keep(id: string): void {
      const subscription = books.get('subscription', id);
      if (subscription.cancel_at_period_end) end(subscription);
      else renewing.renew(id, null);
    },
    dueIds: (nowMs: number) => books.dueIds('subscription', nowMs),
    cancel: (id: string): Subscription => end(alive(books.get('subscription', id))),
    pause: (id: string) => move(id, 'paused', 'paused'),
    resume: (id: string) => move(id, 'active', 'resumed'),
    halt: (id: string) => move(id, 'unpaid', 'updated'),
    edit(id: string, asked: { cancel_at_period_end?: boolean | undefined; metadata?: Form | undefined }): Subscription {
      const before = alive(books.get('subscription', id));
      const cancel_at_period_end = asked.cancel_at_period_end ?? before.cancel_at_period_end;
      // Metadata is added to what is there, as at Stripe.
      const metadata = { ...before.metadata, ...asked.metadata };
      const edited = keep({ ...before, cancel_at_period_end, metadata }, notesOf(id));
      announce(id, [updated(edited)]);
      return edited;
    },
  };
}

function alive(subscription: Subscription): Subscription {
  if (subscription.status === 'canceled') {
    throw new StripeRefusal(`No such subscription: '${subscription.id}' (it is canceled)`, {
      status: 404,
      code: 'resource_missing',
    });
  }
  return subscription;
}

type Keeping = ReturnType<typeof createKeeping>;

function createKeeping({ books }: SubscriptionParts) {
  return {
    notesOf: (id: string) => books.kept('subscription', id).hidden as unknown as MandateNotes,
    keep: (subscription: Subscription, notes: MandateNotes): Subscription =>
      books.put('subscription', subscription, { ...notes }, dueMs(subscription, notes)),
    updated: (subscription: Subscription): Told => ({ type: 'customer.subscription.updated', object: subscription }),
  };
}

function dueMs({ status, items }: Subscription, { retryAt }: MandateNotes): number | null {
  const periodEnd = items.data[0]?.current_period_end ?? null;
  const seconds = status === 'active' || status === 'trialing' ? periodEnd : status === 'past_due' ? retryAt : null;
  return seconds === null ? null : seconds * 1000;
}

/** By a checkout that is paid, or by one whose first payment comes after a trial. */
function createStart({ books, catalogue }: SubscriptionParts, { keep }: Keeping) {
  return (session: Session, notes: SessionNotes, intent: PaymentIntent | null) => {
    const line = notes.lines.find(({ price }) => price.recurring !== null);
    if (line === undefined) throw new StripeRefusal('There is no recurring price.');
    const customer = session.customer ?? catalogue.customer({ email: 'counter@sandbox.example', metadata: {} }).id;
    const ids = { id: books.newId('sub_'), itemId: books.newId('si_') };
    const made = newSubscription({ ...ids, customer, line, notes, now: books.now() });
    const [item] = made.items.data;
    const period = { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 };
    const invoice = paidInvoice(
      newInvoice({
        id: books.newId('in_'),
        paymentId: books.newId('inpay_'),
        subscription: made,
        reason: 'subscription_create',
        amount: intent === null ? 0 : session.amount_total,
        intent,
        period,
        now: books.now(),
      }),
    );
    books.put('invoice', invoice);
    const anchor = made.trial_end ?? made.start_date;
    const periods = made.trial_end === null ? 1 : 0;
    const subscription = keep(
      { ...made, latest_invoice: invoice.id },
      { anchor, periods, openInvoice: null, retryAt: null },
    );
    return {
      ids: { customer, subscription: subscription.id, invoice: invoice.id },
      before: [
        { type: 'customer.subscription.created', object: subscription },
        { type: 'invoice.created', object: invoice },
        { type: 'invoice.finalized', object: invoice },
      ] as Told[],
      after: [
        { type: 'invoice.paid', object: invoice },
        { type: 'invoice.payment_succeeded', object: invoice },
      ] as Told[],
    };
  };
}

function createRenewing(parts: SubscriptionParts, keeping: Keeping) {
  const { books, faults, announce, money } = parts;
  const { keep, notesOf, updated } = keeping;
  const issue = createIssuing(parts, keeping);

  function paid(subscription: Subscription, before: Invoice, intent: PaymentIntent): Told[] {
    const done = money.succeed(intent, 'card');
    const invoice = books.put('invoice', paidInvoice(before), { intentId: intent.id });
    const active = keep(
      { ...subscription, status: 'active' },
      { ...notesOf(subscription.id), openInvoice: null, retryAt: null },
    );
    const told = ['invoice.paid', 'invoice.payment_succeeded'].map((type) => ({ type, object: invoice }));
    return [...done.told, ...told, updated(active)];
  }

  function refused(subscription: Subscription, before: Invoice, intent: PaymentIntent): Told[] {
    const failed = money.fail(intent, 'card');
    const days = RETRY_DAYS[before.attempt_count];
    const retryAt = days === undefined ? null : books.now() + days * DAY;
    const counted = {
      ...before,
      attempt_count: before.attempt_count + 1,
      attempted: true,
      next_payment_attempt: retryAt,
    };
    const invoice = books.put('invoice', counted, { intentId: intent.id });
    const status = retryAt === null ? 'unpaid' : 'past_due';
    const kept = keep({ ...subscription, status }, { ...notesOf(subscription.id), retryAt });
    return [...failed.told, { type: 'invoice.payment_failed', object: invoice }, updated(kept)];
  }

  return {
    renew(id: string, end: 'fine' | 'fails' | null): Subscription {
      const before = alive(books.get('subscription', id));
      const { openInvoice } = notesOf(id);
      const issued =
        openInvoice === null
          ? issue(before)
          : { subscription: before, invoice: books.get('invoice', openInvoice), told: [] };
      const { subscription, invoice, told } = issued;
      const intent = books.get('payment_intent', String(books.kept('invoice', invoice.id).hidden.intentId));
      const fails = end === null ? faults.take('charge_fails') : end === 'fails';
      const result = fails ? refused(subscription, invoice, intent) : paid(subscription, invoice, intent);
      announce(id, [...told, ...result], intent.id);
      return books.get('subscription', id);
    },
  };
}

function createIssuing({ books, money }: SubscriptionParts, { keep, notesOf }: Keeping) {
  /** The next period begins, and with it an invoice that is not paid yet. */
  return (subscription: Subscription): { subscription: Subscription; invoice: Invoice; told: Told[] } => {
    const notes = notesOf(subscription.id);
    const [item] = subscription.items.data;
    if (item === undefined) throw new StripeRefusal('The subscription has no item.');
    const start = periodStart(item.price, notes.anchor, notes.periods);
    const stop = periodStart(item.price, notes.anchor, notes.periods + 1);
    const amount = item.price.unit_amount * item.quantity;
    const { id, currency, customer } = subscription;
    const begun = money.begin({
      about: id,
      amount,
      currency,
      customer,
      metadata: {},
      description: 'Subscription update',
    });
    const moved = { ...item, current_period_start: start, current_period_end: stop };
    const renewed = { ...subscription, items: { ...subscription.items, data: [moved] } };
    const invoice = newInvoice({
      id: books.newId('in_'),
      paymentId: books.newId('inpay_'),
      subscription: renewed,
      reason: 'subscription_cycle',
      amount,
      intent: begun.intent,
      period: { start, end: stop },
      now: books.now(),
    });
    books.put('invoice', invoice, { intentId: begun.intent.id });
    const kept = keep(
      { ...renewed, latest_invoice: invoice.id },
      { ...notes, periods: notes.periods + 1, openInvoice: invoice.id },
    );
    const told = ['invoice.created', 'invoice.finalized'].map((type) => ({ type, object: invoice }));
    return { subscription: kept, invoice, told: [...told, ...begun.told] };
  };
}
