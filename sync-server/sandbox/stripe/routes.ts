// Owns the list of Stripe's addresses that the sandbox answers, each with what it does. Every rule is behind it.

import { z } from 'zod';
import type { Books, ListRequest } from './books.ts';
import type { Catalogue } from './catalogue.ts';
import type { Checkout } from './checkout.ts';
import type { Form } from './form.ts';
import type { MoneyBack } from './money-back.ts';
import type { Kind } from './objects.ts';
import { flag, metadata, paise, read, seconds } from './read.ts';
import { StripeRefusal } from './refusal.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface RouteParts {
  readonly books: Books;
  readonly catalogue: Catalogue;
  readonly checkout: Checkout;
  readonly back: MoneyBack;
  readonly subscriptions: Subscriptions;
  /** Up to when a list of the kind is complete, in unix seconds; undefined: up to now. */
  readonly completeUntil: (kind: Kind) => number | undefined;
  /** True if every delivery of the event was taken. */
  readonly isDelivered: (eventId: string) => boolean;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  readonly run: (id: string, form: Form) => object;
}

const refundBody = z.object({
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
  amount: paise.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata,
});
const editBody = z.object({ cancel_at_period_end: flag.optional(), metadata: metadata.optional() });
const created = z.object({
  gte: seconds.optional(),
  gt: seconds.optional(),
  lte: seconds.optional(),
  lt: seconds.optional(),
});
const listQuery = z.looseObject({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  starting_after: z.string().optional(),
  created: created.optional(),
});

/** The fields by which each kind is listed. */
const filters: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  session: ['payment_intent', 'subscription', 'customer', 'status'],
  payment_intent: ['customer'],
  charge: ['payment_intent', 'customer'],
  refund: ['payment_intent', 'charge'],
  dispute: ['payment_intent', 'charge'],
  subscription: ['customer', 'status'],
  invoice: ['customer', 'status', 'subscription'],
  price: ['product', 'lookup_key'],
  customer: ['email'],
  event: ['type'],
};
/** Where a filter's value stands, when not under its own name. */
const PLACES: Readonly<Record<string, string>> = { subscription: 'parent.subscription_details.subscription' };

export function routes(parts: RouteParts): Route[] {
  const { books, catalogue, checkout, back, subscriptions } = parts;
  return [
    ...reading('/checkout/sessions', 'session', parts),
    post('/checkout/sessions', (_id, form) => checkout.create(form)),
    post('/checkout/sessions/:id/expire', (id) => checkout.expire(id)),
    get('/checkout/sessions/:id/line_items', (id) =>
      listOf(`/v1/checkout/sessions/${id}/line_items`, { data: checkout.linesOf(id), has_more: false }),
    ),
    ...reading('/payment_intents', 'payment_intent', parts),
    ...reading('/charges', 'charge', parts),
    ...reading('/refunds', 'refund', parts),
    post('/refunds', (_id, form) => {
      const { payment_intent: paymentIntent, ...asked } = read(refundBody, form);
      return back.refund({ ...asked, paymentIntent });
    }),
    ...reading('/disputes', 'dispute', parts),
    post('/disputes/:id', (id) => back.decide(id, 'under_review')),
    post('/disputes/:id/close', (id) => back.decide(id, 'lost')),
    ...reading('/subscriptions', 'subscription', parts),
    post('/subscriptions/:id', (id, form) => subscriptions.edit(id, read(editBody, form))),
    { method: 'DELETE', path: pattern('/subscriptions/:id'), run: (id) => subscriptions.cancel(id) },
    post('/subscriptions/:id/resume', (id) => subscriptions.resume(id)),
    ...reading('/invoices', 'invoice', parts),
    post('/invoices/:id/pay', (id) => payInvoice(parts, id)),
    get('/invoice_payments', (_id, form) => invoicePayments(books, form)),
    ...reading('/prices', 'price', parts),
    post('/prices', (_id, form) => catalogue.createPrice(form)),
    ...reading('/products', 'product', parts),
    post('/products', (_id, form) => catalogue.createProduct(form)),
    ...reading('/customers', 'customer', parts),
    post('/customers', (_id, form) => catalogue.createCustomer(form)),
    get('/events', (_id, form) => listEvents(parts, form)),
    get('/events/:id', (id) => shownEvent(books.get('event', id))),
  ];
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replace(':id', '([A-Za-z0-9_]+)')}$`);
const get = (path: string, run: Route['run']): Route => ({ method: 'GET', path: pattern(path), run });
const post = (path: string, run: Route['run']): Route => ({ method: 'POST', path: pattern(path), run });
const listOf = (url: string, { data, has_more }: { data: readonly object[]; has_more: boolean }) => ({
  object: 'list',
  data,
  has_more,
  url,
});

function reading(path: string, kind: Kind, parts: RouteParts): Route[] {
  const { books } = parts;
  return [
    get(path, (_id, form) => listOf(`/v1${path}`, books.list(kind, listRequest(kind, form, parts)))),
    get(`${path}/:id`, (id) => books.get(kind, id)),
  ];
}

function listRequest(kind: Kind, form: Form, { completeUntil }: RouteParts): ListRequest {
  const { limit, starting_after: startingAfter, created: when = {}, ...rest } = read(listQuery, form);
  const wanted = (filters[kind] ?? []).map((name) => [kind === 'invoice' ? (PLACES[name] ?? name) : name, rest[name]]);
  const where = Object.fromEntries(wanted.filter(([, value]) => typeof value === 'string')) as Record<string, string>;
  const least = [when.gte, when.gt === undefined ? undefined : when.gt + 1].filter((at) => at !== undefined);
  const most = [when.lte, when.lt === undefined ? undefined : when.lt - 1, completeUntil(kind)].filter(
    (at) => at !== undefined,
  );
  // Without a status, subscriptions that are over are not listed.
  return {
    where: where.status === 'all' ? { ...where, status: undefined } : where,
    limit,
    startingAfter,
    from: least.length === 0 ? undefined : Math.max(...least),
    to: most.length === 0 ? undefined : Math.min(...most),
  };
}

function payInvoice({ books, subscriptions }: RouteParts, id: string): object {
  const invoice = books.get('invoice', id);
  if (invoice.status === 'paid') throw new StripeRefusal('Invoice is already paid');
  const { subscription_details: of } = invoice.parent as { subscription_details: { subscription: string } };
  subscriptions.renew(of.subscription, null);
  return books.get('invoice', id);
}

const invoicePaymentQuery = z.object({
  payment: z.object({ payment_intent: z.string() }).optional(),
  invoice: z.string().optional(),
});

function invoicePayments(books: Books, form: Form): object {
  const { payment, invoice } = read(invoicePaymentQuery, form);
  const where = payment === undefined ? {} : { 'payments.data[0].payment.payment_intent': payment.payment_intent };
  const invoices =
    invoice === undefined ? books.list('invoice', { where, limit: 100 }).data : [books.get('invoice', invoice)];
  return listOf('/v1/invoice_payments', { data: invoices.flatMap(({ payments }) => payments.data), has_more: false });
}

const eventQuery = z.looseObject({ types: z.array(z.string()).optional(), delivery_success: flag.optional() });

function listEvents(parts: RouteParts, form: Form): object {
  const { types, delivery_success: wanted } = read(eventQuery, form);
  const { data, has_more } = parts.books.list('event', listRequest('event', form, parts));
  const fitting = data.filter(
    ({ id, type }) => (types?.includes(type) ?? true) && (wanted === undefined || parts.isDelivered(id) === wanted),
  );
  return listOf('/v1/events', { data: fitting.map(shownEvent), has_more });
}

/** An event has no metadata, unlike everything else that is kept. */
function shownEvent({ metadata: _, ...event }: { readonly metadata: unknown }): object {
  return event;
}
