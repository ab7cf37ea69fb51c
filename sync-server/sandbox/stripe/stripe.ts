// Owns Stripe's surface as a whole: the parts that play its Checkout, put together over the sandbox's file.

import type { Appointments } from '../agenda.ts';
import type { Db } from '../database.ts';
import type { Deliveries } from '../deliveries.ts';
import type { Faults } from '../faults.ts';
import { type Clock, type Random, unixSeconds } from '../ids.ts';
import { createStripeAct } from './act.ts';
import { createAnnouncer } from './announce.ts';
import { type Books, createBooks } from './books.ts';
import { createCatalogue } from './catalogue.ts';
import { type Checkout, createCheckout } from './checkout.ts';
import { createMoney } from './money.ts';
import { createMoneyBack } from './money-back.ts';
import type { Kind } from './objects.ts';
import { routes } from './routes.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createSurface, type Surface } from './surface.ts';

export interface StripeParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly deliveries: Deliveries;
  readonly publicUrl: string;
  readonly secretKey: string;
}

/** What the routes are given. */
export interface Stripe {
  readonly books: Books;
  readonly checkout: Checkout;
  readonly surface: Surface;
  readonly act: ReturnType<typeof createStripeAct>;
  readonly wake: () => void;
  readonly deliverDue: () => Promise<unknown>;
}

export function createStripe({ db, clock, random, faults, deliveries, publicUrl, secretKey }: StripeParts) {
  const books = createBooks({ db, clock, random });
  const announce = createAnnouncer(db, clock, books, faults);
  const base = { books, faults, announce, publicUrl, db, deliveries };
  const catalogue = createCatalogue(books);
  const money = createMoney(base);
  const back = createMoneyBack({ ...base, money });
  const subscriptions = createSubscriptions({ ...base, catalogue, money });
  const checkout = createCheckout({ ...base, catalogue, money, back, subscriptions });
  const completeUntil = (kind: Kind): number | undefined => {
    const young = kind === 'session' || kind === 'subscription' ? 'order_list_lag_seconds' : 'list_lag_seconds';
    const lag = faults.seconds(young);
    return lag === 0 ? undefined : unixSeconds(clock) - lag;
  };
  const { isDelivered } = deliveries;
  const all = routes({ books, catalogue, checkout, back, subscriptions, completeUntil, isDelivered });
  const appointments: Appointments[] = [
    { dueIds: checkout.dueIds, keep: db.transaction((id: string) => void checkout.expire(id)) },
    { dueIds: subscriptions.dueIds, keep: db.transaction((id: string) => subscriptions.keep(id)) },
  ];
  return {
    books,
    checkout,
    surface: createSurface({ db, books, routes: all, secretKey }),
    act: createStripeAct({ ...base, checkout, money, back, subscriptions }),
    appointments,
  };
}
