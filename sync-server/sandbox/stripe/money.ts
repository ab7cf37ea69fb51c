// Owns Stripe's money: payment intents with their charges, refunds and disputes. The functions that make a payment give
// back what is to be told, for the caller to announce with the rest; refunds and disputes announce themselves.

import type { Faults } from '../faults.ts';
import type { Announce, Told } from './announce.ts';
import type { Books } from './books.ts';
import type { Form } from './form.ts';
import { DECLINED, type Method, newCharge, newIntent } from './intent.ts';
import type { Charge, PaymentIntent } from './objects.ts';

export interface Take {
  /** The purchase or the mandate that it is for. */
  readonly about: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Form;
  readonly description: string | null;
  readonly customer: string | null;
}

export interface MoneyParts {
  readonly books: Books;
  readonly faults: Faults;
  readonly announce: Announce;
}

export interface Paid {
  readonly intent: PaymentIntent;
  readonly told: readonly Told[];
}

export type Money = ReturnType<typeof createMoney>;

export function createMoney({ books, faults }: Pick<MoneyParts, 'books' | 'faults'>) {
  function keep(intent: PaymentIntent): PaymentIntent {
    return books.put('payment_intent', intent, books.find('payment_intent', intent.id)?.hidden);
  }

  function charge(intent: PaymentIntent, method: Method, status: 'succeeded' | 'failed'): Charge {
    return books.put('charge', newCharge(intent, method, status, books));
  }

  return {
    keep,
    /** A new intent, nothing paid yet. */
    begin(take: Take): Paid {
      const { about, amount, currency, ...rest } = take;
      const asked = faults.take('wrong_amount') ? shortOf(amount) : amount;
      const money = { amount: asked, currency: faults.take('wrong_currency') ? 'usd' : currency };
      const intent = newIntent({ ...rest, ...money }, books);
      books.put('payment_intent', intent, { about });
      return { intent, told: [{ type: 'payment_intent.created', object: intent }] };
    },
    succeed(before: PaymentIntent, method: Method): Paid {
      const made = charge(before, method, 'succeeded');
      const done = { status: 'succeeded', amount_received: before.amount, last_payment_error: null } as const;
      const intent = keep({ ...before, ...done, latest_charge: made.id });
      const told = [
        { type: 'charge.succeeded', object: made },
        { type: 'payment_intent.succeeded', object: intent },
      ];
      return { intent, told };
    },
    fail(before: PaymentIntent, method: Method): Paid {
      const made = charge(before, method, 'failed');
      const last_payment_error = { ...DECLINED, charge: made.id };
      const intent = keep({ ...before, status: 'requires_payment_method', last_payment_error, latest_charge: made.id });
      const told = [
        { type: 'charge.failed', object: made },
        { type: 'payment_intent.payment_failed', object: intent },
      ];
      return { intent, told };
    },
    /** Neither paid nor failed: the customer or the bank has something to do. */
    wait(before: PaymentIntent, status: 'requires_action' | 'processing'): Paid {
      const intent = keep({ ...before, status });
      return { intent, told: [{ type: `payment_intent.${status}`, object: intent }] };
    },
    aboutOf: (intentId: string): string => String(books.kept('payment_intent', intentId).hidden.about),
  };
}

function shortOf(amount: number): number {
  return amount > 100 ? amount - 100 : amount + 100;
}
