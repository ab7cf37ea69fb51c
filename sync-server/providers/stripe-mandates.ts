// Owns mandates at Stripe: a subscription, which comes to be when the customer agrees on a Checkout Session of its own.
// Until then the session stands for the mandate, and is known by its id; from then on the subscription is.

import type Stripe from 'stripe';
import type { z } from 'zod';
import { type Call, outcomeOf } from './call.ts';
import type { Clock } from './circuit.ts';
import { refused, unknown } from './fault.ts';
import type { MandateReport, MandateRequest, Mandates, Outcome, ProviderMandate, ReportedPayment } from './port.ts';
import { intentFields, isIntentId, isSessionId, reference, type Session, toPayment } from './stripe-entities.ts';
import { readAll } from './stripe-pages.ts';
import type { SessionBody, Sessions } from './stripe-sessions.ts';
import { invoiceAnswer, isSubscriptionId, mandateEntity, mandateToCome } from './stripe-standing.ts';

const LONGEST_RECEIPT = 40;
const SMALLEST_PAISE = 100;
const LONGEST_NAME = 250;
/** A session is over after one day; what was agreed to on it by then is a subscription. */
const LOOK_BACK_SECONDS = 2 * 86_400;

export function createMandates(sdk: Stripe, call: Call, sessions: Sessions, clock: Clock): Mandates {
  const current = (session: Session) => currentOf(sdk, call, session);
  return {
    async create(request: MandateRequest): Promise<Outcome<ProviderMandate>> {
      const fault = faultOfRequest(request);
      if (fault !== null) return refused(fault);
      const made = await sessions.create(bodyOf(request), `mandate-${request.receipt}`);
      if (!made.ok) {
        // The key was used for other words: what it made is there, and is to be found.
        return made.fault?.code === 'idempotency_error' ? unknown(made.reason) : outcomeOf(made);
      }
      const { mode, client_reference_id } = made.value;
      const same = mode === 'subscription' && client_reference_id === request.receipt;
      return same ? current(made.value) : unknown('the mandate made is not the one asked for');
    },

    async find(receipt: string): Promise<Outcome<ProviderMandate | null>> {
      if (receipt === '') return refused('no receipt to look for');
      const made = await sessions.since(clock.now().getTime() / 1000 - LOOK_BACK_SECONDS, receipt);
      if (!made.ok) return made;
      const ours = made.value.filter(({ mode }) => mode === 'subscription');
      const best = ours.find(({ status }) => status === 'complete') ?? ours.find(({ status }) => status === 'open');
      if (best !== undefined) return current(best);
      const agreed = await subscriptionOf(sdk, call, receipt);
      if (!agreed.ok || agreed.value !== null) return agreed;
      return { ok: true, value: ours[0] === undefined ? null : mandateToCome(ours[0]) };
    },

    fetch: (mandateId) => fetchReport(sdk, call, sessions, mandateId),
    cancel: (mandateId) => cancel(sdk, call, sessions, mandateId),
  };
}

function faultOfRequest({ receipt, amountPaise, firstChargeAt }: MandateRequest): string | null {
  if (receipt === '' || receipt.length > LONGEST_RECEIPT) return `a receipt has 1 to ${LONGEST_RECEIPT} characters`;
  if (!Number.isSafeInteger(amountPaise) || amountPaise < SMALLEST_PAISE) {
    return `an amount is a whole number of paise, at least ${SMALLEST_PAISE}`;
  }
  return firstChargeAt !== null && Number.isNaN(firstChargeAt.getTime()) ? 'not a time of a first charge' : null;
}

function bodyOf({ receipt, amountPaise, firstChargeAt, description, returnUrl, notes }: MandateRequest): SessionBody {
  const metadata = { receipt, ...notes };
  const product_data = { name: description.slice(0, LONGEST_NAME) };
  const recurring = { interval: 'year', interval_count: 1 } as const;
  const price_data = { currency: 'inr', unit_amount: amountPaise, recurring, product_data };
  // Stripe wants a later first charge to lie 48 hours ahead at least, and refuses it else.
  const trial = firstChargeAt === null ? {} : { trial_end: Math.floor(firstChargeAt.getTime() / 1000) };
  return {
    mode: 'subscription',
    line_items: [{ quantity: 1, price_data }],
    client_reference_id: receipt,
    metadata,
    subscription_data: { metadata, ...trial },
    success_url: returnUrl,
    cancel_url: returnUrl,
  };
}

async function fetchSubscription(sdk: Stripe, call: Call, id: string): Promise<Outcome<ProviderMandate>> {
  const answer = outcomeOf(await call(mandateEntity, () => sdk.subscriptions.retrieve(id)));
  return answer.ok && answer.value.mandateId !== id ? unknown('the answer is about another mandate') : answer;
}

/** The subscription that came of a session, or the session itself while none has. */
async function currentOf(sdk: Stripe, call: Call, session: Session): Promise<Outcome<ProviderMandate>> {
  const id = reference.parse(session.subscription) ?? null;
  if (id === null) return { ok: true, value: mandateToCome(session) };
  return isSubscriptionId(id) ? fetchSubscription(sdk, call, id) : unknown('the session names no subscription');
}

async function subscriptionOf(sdk: Stripe, call: Call, receipt: string): Promise<Outcome<ProviderMandate | null>> {
  const all = await readAll(call, mandateEntity.nullable().catch(null), (asked) =>
    sdk.subscriptions.list({ ...asked, status: 'all' }),
  );
  if (!all.ok) return outcomeOf(all);
  const ours = all.value.filter((mandate) => mandate?.receipt === receipt).filter((mandate) => mandate !== null);
  return {
    ok: true,
    value: ours.find(({ status }) => status !== 'cancelled' && status !== 'expired') ?? ours[0] ?? null,
  };
}

async function byEitherId(
  sdk: Stripe,
  call: Call,
  sessions: Sessions,
  mandateId: string,
): Promise<Outcome<ProviderMandate>> {
  if (isSubscriptionId(mandateId)) return fetchSubscription(sdk, call, mandateId);
  if (!isSessionId(mandateId)) return refused('not a mandate id');
  const session = await sessions.retrieve(mandateId, []);
  if (!session.ok) return session;
  return session.value.mode === 'subscription'
    ? currentOf(sdk, call, session.value)
    : refused('not a mandate’s session');
}

async function fetchReport(
  sdk: Stripe,
  call: Call,
  sessions: Sessions,
  mandateId: string,
): Promise<Outcome<MandateReport>> {
  const mandate = await byEitherId(sdk, call, sessions, mandateId);
  if (!mandate.ok) return mandate;
  if (!isSubscriptionId(mandate.value.mandateId)) return { ok: true, value: { mandate: mandate.value, payments: [] } };
  const subscription = mandate.value.mandateId;
  const invoices = await readAll(call, invoiceAnswer, (asked) =>
    sdk.invoices.list({ ...asked, subscription, expand: ['data.payments'] }),
  );
  if (!invoices.ok) return outcomeOf(invoices);
  const payments: ReportedPayment[] = [];
  for (const invoice of invoices.value.toReversed()) {
    const charged = await paymentsOf(sdk, call, invoice);
    if (!charged.ok) return charged;
    payments.push(...charged.value);
  }
  return { ok: true, value: { mandate: mandate.value, payments } };
}

async function paymentsOf(
  sdk: Stripe,
  call: Call,
  invoice: z.infer<typeof invoiceAnswer>,
): Promise<Outcome<readonly ReportedPayment[]>> {
  const told = (invoice.payments?.data ?? []).map(({ payment }) => payment.payment_intent ?? '');
  const ids = [...new Set(told)].filter(isIntentId);
  if (ids.length === 0 && invoice.amount_paid > 0)
    return unknown(`invoice ${invoice.id} is paid by nothing that is told`);
  const payments: ReportedPayment[] = [];
  for (const id of ids) {
    const expand = ['latest_charge'];
    const intent = outcomeOf(await call(intentFields, () => sdk.paymentIntents.retrieve(id, { expand })));
    if (!intent.ok) return intent;
    payments.push(toPayment(intent.value, invoice.id, null));
  }
  return { ok: true, value: payments };
}

const OVER: ReadonlySet<ProviderMandate['status']> = new Set(['cancelled', 'completed', 'expired']);

async function cancel(
  sdk: Stripe,
  call: Call,
  sessions: Sessions,
  mandateId: string,
): Promise<Outcome<ProviderMandate>> {
  const now = await byEitherId(sdk, call, sessions, mandateId);
  if (!now.ok || OVER.has(now.value.status)) return now;
  const { mandateId: id } = now.value;
  if (isSubscriptionId(id)) return cancelSubscription(sdk, call, id);
  const expired = await sessions.expire(id);
  if (!expired.ok && expired.kind !== 'refused') return outcomeOf(expired);
  // Refused, for instance because the customer agreed just now: then there is a subscription to cancel.
  const after = await byEitherId(sdk, call, sessions, id);
  if (!after.ok || OVER.has(after.value.status)) return after;
  if (isSubscriptionId(after.value.mandateId)) return cancelSubscription(sdk, call, after.value.mandateId);
  return expired.ok ? unknown('the session was to be ended and is open') : outcomeOf(expired);
}

async function cancelSubscription(sdk: Stripe, call: Call, id: string): Promise<Outcome<ProviderMandate>> {
  const answer = outcomeOf(await call(mandateEntity, () => sdk.subscriptions.cancel(id)));
  if (answer.ok && answer.value.mandateId === id && OVER.has(answer.value.status)) return answer;
  if (!answer.ok && answer.kind !== 'refused') return answer;
  const now = await fetchSubscription(sdk, call, id);
  if (now.ok && OVER.has(now.value.status)) return now;
  return answer.ok ? unknown(`the mandate was to be cancelled and is ${answer.value.status}`) : answer;
}
