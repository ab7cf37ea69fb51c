// Owns the life of checkout sessions: paid, refused, left to a slow bank and settled later, expired. Each step is announced
// in the transaction that makes it.

import type { Faults } from '../faults.ts';
import type { Announce, Told } from './announce.ts';
import type { Books } from './books.ts';
import type { Catalogue } from './catalogue.ts';
import type { Form } from './form.ts';
import type { Method } from './intent.ts';
import type { Money, Paid } from './money.ts';
import type { MoneyBack } from './money-back.ts';
import type { PaymentIntent, Session } from './objects.ts';
import { StripeRefusal } from './refusal.ts';
import { newSession, type SessionNotes } from './session.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface CheckoutParts {
  readonly books: Books;
  readonly faults: Faults;
  readonly announce: Announce;
  readonly catalogue: Catalogue;
  readonly money: Money;
  readonly back: MoneyBack;
  readonly subscriptions: Subscriptions;
  readonly publicUrl: string;
}

const CUSTOMER = { address: null, email: 'counter@sandbox.example', name: 'Test Pharmacist', phone: null, tax_ids: [] };

export type Checkout = ReturnType<typeof createCheckout>;

export function createCheckout(parts: CheckoutParts) {
  const { books, faults, announce, money, back } = parts;
  const sessions = createSessions(parts);
  const { keep, notesOf, open, begun, foreign } = sessions;
  const paying = createPaying(parts, { keep, notesOf });

  return {
    create(form: Form): Session {
      const { session, notes } = newSession(form, books, parts.catalogue, parts.publicUrl);
      return keep(session, notes);
    },
    pay(id: string, method: Method): Session {
      const asked = open(id);
      const session = faults.take('foreign_order') ? foreign(asked) : asked;
      if (paying.isTrial(session)) return paying.startTrial(session);
      const start = begun(session);
      const paid = money.succeed(start.intent, method);
      const early = faults.take('refund_before_captured') ? back.giveBack(paid.intent) : [];
      const done = paying.complete(session, paid, [...early]);
      announce(session.id, [...start.told, ...done], paid.intent.id);
      return books.get('session', session.id);
    },
    /** The session stays open and can be tried again. */
    fail(id: string, method: Method): Session {
      const session = open(id);
      const start = begun(session);
      const failed = money.fail(start.intent, method);
      const late = faults.take('late_authorisation')
        ? paying.complete(session, money.succeed(failed.intent, method), [])
        : [];
      announce(id, [...start.told, ...failed.told, ...late], failed.intent.id);
      return books.get('session', id);
    },
    /** The bank wants the customer to confirm. */
    challenge(id: string): Session {
      const start = begun(open(id));
      const waiting = money.wait(start.intent, 'requires_action');
      announce(id, [...start.told, ...waiting.told], waiting.intent.id);
      return books.get('session', id);
    },
    ...createSlowBank(parts, sessions),
    expire(id: string): Session {
      const done = keep({ ...open(id), status: 'expired', url: null }, notesOf(id));
      announce(id, [{ type: 'checkout.session.expired', object: done }]);
      return done;
    },
    dueIds: (nowMs: number) => books.dueIds('session', nowMs),
    linesOf: (id: string) => notesOf(id).lines,
  };
}

function completed(session: Session): Session {
  return { ...session, status: 'complete', url: null, customer_details: CUSTOMER };
}

type Sessions = ReturnType<typeof createSessions>;

function createSessions({ books, money }: CheckoutParts) {
  const notesOf = (id: string) => books.kept('session', id).hidden as unknown as SessionNotes;
  const keep = (session: Session, notes: SessionNotes): Session =>
    books.put('session', session, { ...notes }, session.status === 'open' ? session.expires_at * 1000 : null);
  return {
    notesOf,
    keep,
    open(id: string): Session {
      const session = books.get('session', id);
      if (session.status !== 'open') {
        throw new StripeRefusal(
          `Only Checkout Sessions with a status in ["open"] can do this; it is ${session.status}.`,
        );
      }
      return session;
    },
    /** The intent of an earlier attempt, or a new one. */
    begun(session: Session): { intent: PaymentIntent; told: readonly Told[] } {
      const { intentId, intent } = notesOf(session.id);
      if (intentId !== null) return { intent: books.get('payment_intent', intentId), told: [] };
      const { amount_total: amount, currency, customer } = session;
      const made = money.begin({ about: session.id, amount, currency, customer, ...intent });
      const shown = session.mode === 'payment' ? { ...session, payment_intent: made.intent.id } : session;
      keep(shown, { ...notesOf(session.id), intentId: made.intent.id });
      return made;
    },
    /** One of another product on the same account: nothing of it is ours. */
    foreign(like: Session): Session {
      const id = books.newId('cs_test_');
      const notes = { ...notesOf(like.id), intent: { metadata: {}, description: null }, intentId: null };
      return keep({ ...like, id, client_reference_id: null, metadata: {}, payment_intent: null }, notes);
    },
  };
}

/** How a session ends well, and what is told of it. */
function createPaying(
  { books, announce, subscriptions }: CheckoutParts,
  { keep, notesOf }: Pick<Sessions, 'keep' | 'notesOf'>,
) {
  const isTrial = (session: Session): boolean =>
    session.mode === 'subscription' && (notesOf(session.id).mandate.trialEnd ?? 0) > books.now();

  function end(session: Session, with_: Partial<Session>): Told {
    const done = keep({ ...completed(session), ...with_ }, notesOf(session.id));
    return { type: 'checkout.session.completed', object: done };
  }

  return {
    isTrial,
    complete(session: Session, { intent, told }: Paid, early: readonly Told[]): Told[] {
      if (session.mode === 'payment') {
        return [...early, ...told, end(session, { payment_status: 'paid', payment_intent: intent.id })];
      }
      const begun = subscriptions.start(session, notesOf(session.id), intent);
      const with_ = { payment_status: 'paid', ...begun.ids } as const;
      return [...begun.before, ...early, ...told, ...begun.after, end(session, with_)];
    },
    startTrial(session: Session): Session {
      const begun = subscriptions.start(session, notesOf(session.id), null);
      const done = end(session, { payment_status: 'no_payment_required', ...begun.ids });
      announce(session.id, [...begun.before, ...begun.after, done]);
      return books.get('session', session.id);
    },
  };
}

/** A bank that says only later whether the money came. */
function createSlowBank({ books, announce, money }: CheckoutParts, { keep, notesOf, open, begun }: Sessions) {
  return {
    /** The session is complete and nothing is paid: the bank takes its time. */
    payLater(id: string): Session {
      const session = open(id);
      if (session.mode === 'subscription') throw new StripeRefusal('A slow bank is played for one-time payments only.');
      const start = begun(session);
      const waiting = money.wait(start.intent, 'processing');
      const done = keep({ ...completed(session), payment_intent: waiting.intent.id }, notesOf(id));
      announce(
        id,
        [...start.told, ...waiting.told, { type: 'checkout.session.completed', object: done }],
        waiting.intent.id,
      );
      return done;
    },
    settle(id: string, outcome: 'succeeded' | 'failed'): Session {
      const session = books.get('session', id);
      if (session.status !== 'complete' || session.payment_status !== 'unpaid' || session.payment_intent === null) {
        throw new StripeRefusal('The session does not wait for a bank.');
      }
      const intent = books.get('payment_intent', session.payment_intent);
      const { told } = outcome === 'succeeded' ? money.succeed(intent, 'upi') : money.fail(intent, 'upi');
      const done = outcome === 'succeeded' ? keep({ ...session, payment_status: 'paid' }, notesOf(id)) : session;
      announce(id, [...told, { type: `checkout.session.async_payment_${outcome}`, object: done }], intent.id);
      return done;
    },
  };
}
