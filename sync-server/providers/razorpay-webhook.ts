// Owns what Razorpay's webhooks say: who signed them, which event they are, and what they tell about money. Pure: it
// reads bytes and settles nothing. A body is a snapshot taken when the event was made, and events come in any order.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ReportedPayment, WebhookEnvelope, WebhookHeaders, WebhookReport } from './port.ts';
import { orderInEvent, type PaymentFields, paymentEntity, toPayment } from './razorpay-entities.ts';
import { signatureMatches } from './signature.ts';

const PAYMENT_EVENTS: ReadonlySet<string> = new Set([
  'payment.authorized',
  'payment.captured',
  'payment.failed',
  'order.paid',
  'payment_link.paid',
]);

const EVENT_ID = /^[\x21-\x7e]{1,128}$/;

const entityIn = z.object({ entity: z.unknown() }).optional().catch(undefined);

const eventBody = z.object({
  event: z.string().min(1).max(100),
  created_at: z.int().min(0).max(99_999_999_999).optional().catch(undefined),
  payload: z.object({ payment: entityIn, order: entityIn }).optional().catch(undefined),
});

/** The ids alone, from an entity that may be unreadable otherwise: enough to look the order up. */
const paymentIds = z.object({
  id: z.string().min(1).max(100).nullish().catch(null),
  order_id: z.string().min(1).max(100).nullish().catch(null),
});
const orderIds = z.object({ id: z.string().startsWith('order_').max(100) });

export function verifyWebhookSignature(rawBody: Buffer, headers: WebhookHeaders, secrets: readonly string[]): boolean {
  return signatureMatches(rawBody, header(headers, 'x-razorpay-signature'), secrets);
}

export function readWebhook(rawBody: Buffer, headers: WebhookHeaders): WebhookEnvelope | null {
  const body = parse(rawBody);
  if (body === null) return null;
  const payment = paymentIds.safeParse(body.payload?.payment?.entity).data;
  const order = orderIds.safeParse(body.payload?.order?.entity).data;
  return {
    eventId: eventId(rawBody, headers),
    event: body.event,
    orderId: payment?.order_id ?? order?.id ?? null,
    paymentId: payment?.id ?? null,
  };
}

export function reportOf(rawBody: Buffer): WebhookReport {
  const body = parse(rawBody);
  if (body === null) throw new Error('reportOf was given a body that readWebhook refuses');
  const { event, payload } = body;
  if (!PAYMENT_EVENTS.has(event)) return { kind: 'ignored', why: `${event} changes nothing here` };
  const parsed = paymentEntity.safeParse(payload?.payment?.entity);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    return { kind: 'ignored', why: `${event} has no readable payment: ${first?.path.join('.')} ${first?.message}` };
  }
  const payment: ReportedPayment = toPayment(parsed.data, capturedAtSeconds(body, parsed.data));
  return { kind: 'payment', payment, order: orderInEvent(payload?.order?.entity, payment.orderId) };
}

/** Of a payment link's events `created_at` is the time the link was made, not the time of the event. */
function capturedAtSeconds(body: z.infer<typeof eventBody>, payment: PaymentFields): number | null {
  const told = body.event.startsWith('payment_link.') ? null : body.created_at;
  return payment.captured_at ?? told ?? payment.created_at ?? null;
}

function parse(rawBody: Buffer): z.infer<typeof eventBody> | null {
  let json: unknown;
  try {
    json = JSON.parse(rawBody.toString('utf8'));
  } catch {
    // Not JSON is an answer, not a fault: the body is no event.
    return null;
  }
  return eventBody.safeParse(json).data ?? null;
}

function eventId(rawBody: Buffer, headers: WebhookHeaders): string {
  const told = header(headers, 'x-razorpay-event-id');
  if (told !== null && EVENT_ID.test(told)) return told;
  return `sha256:${createHash('sha256').update(rawBody).digest('hex')}`;
}

/** One header by its name in any case; null when it is absent or there is more than one of it. */
function header(headers: WebhookHeaders, name: string): string | null {
  const values = Object.entries(headers)
    .filter(([key]) => key.toLowerCase() === name)
    .map(([, value]) => value)
    .filter((value) => value !== undefined);
  const [only] = values;
  return values.length === 1 && typeof only === 'string' ? only : null;
}
