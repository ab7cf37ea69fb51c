// Owns Stripe's events as they come: the envelope, and what each says about money. Pure: it reads bytes and settles
// nothing. An event is a snapshot, and events come in any order.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { MandateStatus, WebhookEnvelope, WebhookReport } from './port.ts';
import {
  type Intent,
  intentFields,
  isIntentId,
  isSessionId,
  metadataOf,
  orderIdOf,
  reference,
  refundAnswer,
  type Session,
  sessionFields,
  toOrder,
  toPayment,
} from './stripe-entities.ts';
import { disputeEntity, isSubscriptionId, mandateEntity, mandateToCome } from './stripe-standing.ts';

const EVENT_ID = /^[\x21-\x7e]{1,128}$/;

const eventBody = z.object({
  id: z.string().regex(EVENT_ID).optional().catch(undefined),
  type: z.string().min(1).max(100),
  created: z.int().min(0).max(99_999_999_999).optional().catch(undefined),
  livemode: z.boolean().optional().catch(undefined),
  data: z.object({ object: z.unknown() }).optional().catch(undefined),
});
type EventBody = z.infer<typeof eventBody>;

/** What an object of any kind may name, however unreadable it is otherwise: enough to look the money up. */
const names = z.object({
  id: z.string().max(255).optional().catch(undefined),
  object: z.string().optional().catch(undefined),
  mode: z.string().optional().catch(undefined),
  payment_intent: reference,
  subscription: reference,
  amount_paid: z.int().optional().catch(undefined),
  metadata: z.unknown().optional(),
  parent: z
    .object({ subscription_details: z.object({ subscription: reference, metadata: z.unknown().optional() }) })
    .optional()
    .catch(undefined),
});
type Names = z.infer<typeof names>;

export function readWebhook(rawBody: Buffer): WebhookEnvelope | null {
  const body = parse(rawBody);
  if (body === null) return null;
  const told = names.safeParse(body.data?.object).data;
  return {
    eventId: body.id ?? `sha256:${createHash('sha256').update(rawBody).digest('hex')}`,
    event: body.type,
    orderId: told === undefined ? null : orderIn(told),
    paymentId: told === undefined ? null : paymentIn(told),
    mandateId: told === undefined ? null : mandateIn(told),
  };
}

function orderIn({ id, object, mode, metadata }: Names): string | null {
  if (object === 'checkout.session') return id !== undefined && mode === 'payment' ? orderIdOf({ id, metadata }) : null;
  const first = metadataOf(metadata, 'order');
  return object === 'payment_intent' && first !== null && isSessionId(first) ? first : null;
}

function paymentIn({ id, object, payment_intent }: Names): string | null {
  if (object === 'payment_intent') return id ?? null;
  return typeof payment_intent === 'string' && isIntentId(payment_intent) ? payment_intent : null;
}

function mandateIn({ id, object, subscription, parent }: Names): string | null {
  if (object === 'subscription') return id ?? null;
  const told = subscription ?? parent?.subscription_details.subscription ?? null;
  return told !== null && isSubscriptionId(told) ? told : null;
}

function parse(rawBody: Buffer): EventBody | null {
  let json: unknown;
  try {
    json = JSON.parse(rawBody.toString('utf8'));
  } catch {
    // Not JSON is an answer, not a fault: the body is no event.
    return null;
  }
  return eventBody.safeParse(json).data ?? null;
}

export function reportOf(rawBody: Buffer, mode: 'live' | 'test'): WebhookReport {
  const body = parse(rawBody);
  if (body === null) throw new Error('reportOf was given a body that readWebhook refuses');
  const { type, livemode, data } = body;
  if (livemode !== (mode === 'live')) {
    const is = livemode === undefined ? 'says of neither mode that it is its own' : livemode ? 'is live' : 'is a test';
    return { kind: 'ignored', why: `${type} ${is}, and this server is set to ${mode}` };
  }
  const read = readers.find(([pattern]) => pattern.test(type))?.[1];
  return read === undefined ? { kind: 'ignored', why: `${type} changes nothing here` } : read(body, data?.object);
}

type Reader = (body: EventBody, object: unknown) => WebhookReport;

const readers: readonly (readonly [RegExp, Reader])[] = [
  [/^checkout\.session\.(completed|async_payment_succeeded|async_payment_failed)$/, sessionReport],
  [/^payment_intent\.(succeeded|payment_failed)$/, intentReport],
  [/^(refund\.(created|updated|failed)|charge\.refund\.updated)$/, refundReport],
  [/^charge\.refunded$/, chargeRefundedReport],
  [/^charge\.dispute\.(created|updated|closed|funds_withdrawn|funds_reinstated)$/, disputeReport],
  [/^customer\.subscription\./, mandateReport],
  [/^invoice\.(paid|payment_failed)$/, chargeReport],
];

function sessionReport(body: EventBody, object: unknown): WebhookReport {
  const parsed = sessionFields.safeParse(object);
  if (!parsed.success) return unreadable(body, 'session', parsed.error);
  const session = parsed.data;
  if (session.mode === 'subscription') return agreedReport(session);
  const order = toOrder(session);
  const paymentId = reference.parse(session.payment_intent) ?? null;
  if (order === null || paymentId === null || !isIntentId(paymentId)) {
    return { kind: 'ignored', why: `${body.type} is not about the payment of an order` };
  }
  const took = session.payment_status === 'paid';
  const failed = body.type === 'checkout.session.async_payment_failed' && !took;
  // The session tells what it takes in all, which is what was taken once it is paid.
  const payment = toPayment(
    intentOf(order.amountPaise, order.currency, paymentId, took, failed, session),
    order.orderId,
    body.created ?? null,
  );
  return { kind: 'payment', payment, order };
}

function intentOf(
  amount: number,
  currency: string,
  id: string,
  took: boolean,
  failed: boolean,
  session: Session,
): Intent {
  const status = took ? 'succeeded' : failed ? 'requires_payment_method' : 'processing';
  const last_payment_error = failed
    ? { code: 'async_payment_failed', message: 'The bank did not pay in the end.' }
    : null;
  return {
    id,
    amount,
    amount_received: took ? amount : 0,
    currency,
    status,
    created: session.created,
    last_payment_error,
  };
}

/** The customer agreed. How far the subscription itself is, its own events and a look-up tell. */
function agreedReport(session: Session): WebhookReport {
  const id = reference.parse(session.subscription) ?? null;
  const mandate = mandateToCome(session);
  if (id === null || !isSubscriptionId(id)) return { kind: 'mandate', mandate, payment: null };
  return { kind: 'mandate', mandate: { ...mandate, mandateId: id, status: 'authenticated' }, payment: null };
}

function intentReport(body: EventBody, object: unknown): WebhookReport {
  const parsed = intentFields.safeParse(object);
  if (!parsed.success) return unreadable(body, 'payment', parsed.error);
  const orderId = metadataOf(parsed.data.metadata, 'order');
  if (orderId !== null && isSessionId(orderId)) {
    return { kind: 'payment', payment: toPayment(parsed.data, orderId, body.created ?? null), order: null };
  }
  // A purchase's first session was made before its id was known, so its payment cannot carry it; only the receipt, which is
  // good enough to say why the bank refused. The session itself has no event for that: it stays open.
  const payment = toPayment(parsed.data, null, null);
  const receipt = metadataOf(parsed.data.metadata, 'receipt');
  if (payment.status === 'failed' && receipt !== null) return { kind: 'payment', payment, order: null, receipt };
  return { kind: 'ignored', why: `${body.type} names no session; the session's own event or a look-up tells the same` };
}

function refundReport(body: EventBody, object: unknown): WebhookReport {
  const parsed = refundAnswer.safeParse(object);
  if (!parsed.success) return unreadable(body, 'refund', parsed.error);
  const { refund } = parsed.data;
  const failed = body.type === 'refund.failed' && refund.status === 'pending';
  return { kind: 'refund', refund: failed ? { ...refund, status: 'failed' } : refund, payment: null };
}

const refundsOfCharge = z.object({ refunds: z.object({ data: z.array(z.unknown()).min(1) }) });

/** A charge tells its newest refund first, where it tells its refunds at all; each has events of its own besides. */
function chargeRefundedReport(body: EventBody, object: unknown): WebhookReport {
  const told = refundsOfCharge.safeParse(object).data;
  if (told === undefined)
    return { kind: 'ignored', why: `${body.type} names no refund; refund.created and refund.updated do` };
  return refundReport(body, told.refunds.data[0]);
}

function disputeReport(body: EventBody, object: unknown): WebhookReport {
  const parsed = disputeEntity.safeParse(object);
  if (!parsed.success) return unreadable(body, 'dispute', parsed.error);
  const toldAt = body.created === undefined ? null : new Date(body.created * 1000);
  return { kind: 'dispute', dispute: { ...parsed.data, toldAt }, payment: null };
}

function mandateReport(body: EventBody, object: unknown): WebhookReport {
  const parsed = mandateEntity.safeParse(object);
  if (!parsed.success) return unreadable(body, 'subscription', parsed.error);
  return { kind: 'mandate', mandate: parsed.data, payment: null };
}

/** A mandate's yearly charge. The invoice names no payment; a look-up of the mandate does. */
function chargeReport(body: EventBody, object: unknown): WebhookReport {
  const told = names.safeParse(object).data;
  const mandateId = told === undefined ? null : mandateIn(told);
  if (mandateId === null) return { kind: 'ignored', why: `${body.type} is not of a mandate` };
  const receipt = metadataOf(told?.parent?.subscription_details.metadata, 'receipt');
  // The invoice with which a trial begins is paid by nothing: the customer agreed, and the first charge lies ahead.
  const paid: MandateStatus = told?.amount_paid === 0 ? 'authenticated' : 'active';
  const status: MandateStatus = body.type === 'invoice.paid' ? paid : 'pending';
  const mandate = { mandateId, receipt, status, authorisationUrl: null };
  return { kind: 'mandate', mandate, payment: null, ...(status === 'authenticated' ? {} : { askNow: true }) };
}

function unreadable({ type }: EventBody, what: string, error: z.ZodError): WebhookReport {
  const [first] = error.issues;
  return { kind: 'ignored', why: `${type} has no readable ${what}: ${first?.path.join('.')} ${first?.message}` };
}
