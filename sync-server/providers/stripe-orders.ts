// Owns orders at Stripe. An order is a purchase's first Checkout Session. A session lives 24 hours and a purchase longer,
// so a later session may follow the first. The rules of this file: one receipt, one order; and never two sessions of one
// order that could both be paid. A session follows only one that Stripe calls expired, which is final there; its key names
// the session that it follows, so that however many ask at once, they all get the same one.

import type Stripe from 'stripe';
import { type Answer, type Call, outcomeOf } from './call.ts';
import type { Clock } from './circuit.ts';
import { refused, unknown } from './fault.ts';
import type {
  Checkout,
  CheckoutRequest,
  OrderReport,
  OrderRequest,
  Outcome,
  ProviderOrder,
  ReportedPayment,
} from './port.ts';
import {
  intentFields,
  isIntentId,
  metadataOf,
  orderIdOf,
  reference,
  type Session,
  toOrder,
  toPayment,
} from './stripe-entities.ts';
import { paymentBody, type SessionBody, type Sessions } from './stripe-sessions.ts';

const LONGEST_RECEIPT = 40;
const SMALLEST_PAISE = 100;
/** An order whose id we do not know was asked for while its purchase could still be paid, three days at most. */
const LOOK_BACK_SECONDS = 4 * 86_400;
const WHOLE = ['payment_intent', 'payment_intent.latest_charge'];

export function createOrders(sdk: Stripe, call: Call, sessions: Sessions, clock: Clock) {
  return {
    async createOrder(request: OrderRequest): Promise<Outcome<ProviderOrder>> {
      const fault = faultOfRequest(request);
      if (fault !== null) return refused(fault);
      const made = await makeOnce(sessions, paymentBody(request), `order-${request.receipt}`, () =>
        findFirst(sessions, clock, request.receipt),
      );
      if (!made.ok) return made;
      const order = toOrder(made.value);
      return order !== null && isAsked(order, request) ? { ok: true, value: order } : unknown('another order was made');
    },

    async findOrder(receipt: string): Promise<Outcome<ProviderOrder | null>> {
      if (receipt === '') return refused('no receipt to look for');
      const found = await findFirst(sessions, clock, receipt);
      if (!found.ok || found.value === null) return found.ok ? { ok: true, value: null } : found;
      const order = toOrder(found.value);
      return order === null ? unknown('the session with this receipt is no order') : { ok: true, value: order };
    },

    fetchOrder: (orderId: string) => fetchReport(sessions, orderId),
    checkout: (request: CheckoutRequest) => checkout(sessions, request),
    fetchPayment: (paymentId: string) => fetchPayment(sdk, call, sessions, paymentId),
  };
}

function faultOfRequest({ receipt, amountPaise, returnUrl }: OrderRequest): string | null {
  if (receipt === '' || receipt.length > LONGEST_RECEIPT) return `a receipt has 1 to ${LONGEST_RECEIPT} characters`;
  if (!Number.isSafeInteger(amountPaise) || amountPaise < SMALLEST_PAISE) {
    return `an amount is a whole number of paise, at least ${SMALLEST_PAISE}`;
  }
  return /^https?:\/\//.test(returnUrl) ? null : 'an order needs an address to come back to';
}

function isAsked(order: ProviderOrder, { amountPaise, currency, receipt }: OrderRequest): boolean {
  return order.amountPaise === amountPaise && order.currency === currency && order.receipt === receipt;
}

/**
 * One session for one key. Stripe repeats its answer to a key, also a 500: with that key nothing would ever be made, and
 * after a look a second key is used. What the first one may have made after all was never shown to anybody.
 */
async function makeOnce(
  sessions: Sessions,
  body: SessionBody,
  key: string,
  find: () => Promise<Outcome<Session | null>>,
): Promise<Outcome<Session>> {
  let last: Answer<Session> = { ...unknown('not tried'), fault: null };
  for (const suffix of ['', '-2', '-3']) {
    last = await sessions.create(body, key + suffix);
    if (last.ok) return last;
    const { fault } = last;
    const otherBody = fault?.code === 'idempotency_error';
    const stuck = fault?.replayed === true && (fault.status ?? 0) >= 500;
    if (!otherBody && !stuck) return outcomeOf(last);
    const found = await find();
    if (!found.ok) return found;
    if (found.value !== null) return { ok: true, value: found.value };
    // The same key was used for other words, and what it made is not in the list yet.
    if (otherBody) return unknown('the receipt was seen before, and its session is not found');
  }
  return outcomeOf(last);
}

/** The first session of a receipt: the one that was paid, if there are several, else the oldest. */
async function findFirst(sessions: Sessions, clock: Clock, receipt: string): Promise<Outcome<Session | null>> {
  const made = await sessions.since(clock.now().getTime() / 1000 - LOOK_BACK_SECONDS, receipt);
  if (!made.ok) return made;
  const firsts = made.value.filter((session) => session.mode === 'payment' && orderIdOf(session) === session.id);
  const best = firsts.find(({ payment_status }) => payment_status === 'paid');
  return { ok: true, value: best ?? firsts.find(({ status }) => status === 'complete') ?? firsts[0] ?? null };
}

/** The sessions that follow this expired first one, oldest first. */
async function followersOf(sessions: Sessions, first: Session): Promise<Outcome<readonly Session[]>> {
  const made = await sessions.since(first.created, first.client_reference_id ?? '');
  if (!made.ok) return made;
  return { ok: true, value: made.value.filter((one) => one.id !== first.id && orderIdOf(one) === first.id) };
}

async function fetchReport(sessions: Sessions, orderId: string): Promise<Outcome<OrderReport>> {
  const first = await sessions.retrieve(orderId, WHOLE);
  if (!first.ok) return first;
  const order = toOrder(first.value);
  if (order === null || order.orderId !== orderId) return refused('not the session of an order');
  const taken: Session[] = [first.value];
  if (first.value.status === 'expired') {
    const followers = await followersOf(sessions, first.value);
    if (!followers.ok) return followers;
    for (const { id } of followers.value) {
      const follower = await sessions.retrieve(id, WHOLE);
      if (!follower.ok) return follower;
      taken.push(follower.value);
    }
  }
  const payments: ReportedPayment[] = [];
  for (const session of taken) {
    const payment = paymentOf(session, orderId);
    if (payment === null && session.payment_status === 'paid')
      return unknown('it is paid, and its payment is not told');
    if (payment !== null) payments.push(payment);
  }
  const paid = taken.some(({ payment_status }) => payment_status === 'paid');
  const status = paid ? 'paid' : payments.length > 0 ? 'attempted' : order.status;
  return { ok: true, value: { order: { ...order, status }, payments } };
}

function paymentOf(session: Session, orderId: string): ReportedPayment | null {
  const intent = intentFields.safeParse(session.payment_intent);
  return intent.success ? toPayment(intent.data, orderId, null) : null;
}

async function checkout(sessions: Sessions, request: CheckoutRequest): Promise<Outcome<Checkout>> {
  const first = await sessions.retrieve(request.orderId, []);
  if (!first.ok) return first;
  const order = toOrder(first.value);
  if (order === null || order.orderId !== request.orderId) return refused('not the session of an order');
  if (order.amountPaise !== request.amountPaise || order.currency !== 'INR') return refused('it takes another sum');
  if (first.value.status !== 'expired') return pageOf(first.value);
  const followers = await followersOf(sessions, first.value);
  if (!followers.ok) return followers;
  const current = followers.value.find(({ status }) => status !== 'expired');
  if (current !== undefined) return pageOf(current);
  return follow(sessions, request, first.value, followers.value.at(-1) ?? first.value);
}

/** A new session in the place of `last`, the youngest one, which is expired as all before it are. */
async function follow(
  sessions: Sessions,
  { description, returnUrl, amountPaise }: CheckoutRequest,
  first: Session,
  last: Session,
): Promise<Outcome<Checkout>> {
  const receipt = first.client_reference_id ?? '';
  const named = ['purchaseId', 'orgId', 'sku'].map((name) => [name, metadataOf(first.metadata, name) ?? '']);
  const notes: Record<string, string> = { ...Object.fromEntries(named), order: first.id };
  const body = paymentBody({ receipt, amountPaise, description, returnUrl, notes });
  const made = await makeOnce(sessions, body, `after-${last.id}`, async () => {
    const followers = await followersOf(sessions, first);
    if (!followers.ok) return followers;
    return { ok: true, value: followers.value.find(({ status }) => status !== 'expired') ?? null };
  });
  if (!made.ok) return made;
  const order = toOrder(made.value);
  const same = order?.orderId === first.id && order.amountPaise === amountPaise && order.currency === 'INR';
  return same ? pageOf(made.value) : unknown('another session was made than the one asked for');
}

function pageOf({ status, url }: Session): Outcome<Checkout> {
  if (status !== 'open') return refused('it is paid or being paid');
  return typeof url === 'string' ? { ok: true, value: { kind: 'redirect', url } } : unknown('the session has no page');
}

async function fetchPayment(
  sdk: Stripe,
  call: Call,
  sessions: Sessions,
  paymentId: string,
): Promise<Outcome<ReportedPayment>> {
  if (!isIntentId(paymentId)) return refused('not a payment id');
  const expand = ['latest_charge'];
  const answer = outcomeOf(await call(intentFields, () => sdk.paymentIntents.retrieve(paymentId, { expand })));
  if (!answer.ok) return answer;
  if (answer.value.id !== paymentId) return unknown('the answer is about another payment');
  // A payment does not name its session; a session can be asked for by its payment.
  const session = await sessions.ofIntent(paymentId);
  if (!session.ok) return session;
  const isOrder = session.value !== null && reference.parse(session.value.payment_intent) === paymentId;
  return { ok: true, value: toPayment(answer.value, isOrder && session.value ? orderIdOf(session.value) : null, null) };
}
