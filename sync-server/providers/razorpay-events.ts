// Owns what one of Razorpay's events says about money, as one report. Pure: a body is a snapshot taken when the event was
// made, events come in any order, and the name of an event and the entity inside it need not agree about how far it got.

import { z } from 'zod';
import type { ProviderMandate, ProviderRefund, ReportedDispute, ReportedPayment, WebhookReport } from './port.ts';
import {
  linkIdIn,
  orderInEvent,
  type PaymentFields,
  paymentEntity,
  refundEntity,
  toPayment,
} from './razorpay-entities.ts';
import { disputeEntity, mandateEntity } from './razorpay-standing.ts';

const entityIn = z.object({ entity: z.unknown() }).optional().catch(undefined);

export const eventBody = z.object({
  event: z.string().min(1).max(100),
  created_at: z.int().min(0).max(99_999_999_999).optional().catch(undefined),
  payload: z
    .object({
      payment: entityIn,
      order: entityIn,
      refund: entityIn,
      dispute: entityIn,
      subscription: entityIn,
      payment_link: entityIn,
    })
    .optional()
    .catch(undefined),
});

export type EventBody = z.infer<typeof eventBody>;

const PAYMENT_EVENTS: ReadonlySet<string> = new Set([
  'payment.authorized',
  'payment.captured',
  'payment.failed',
  'order.paid',
  'payment_link.paid',
  'payment_link.partially_paid',
]);

const REFUND_EVENTS: ReadonlySet<string> = new Set([
  'refund.created',
  'refund.processed',
  'refund.failed',
  'refund.speed_changed',
]);

export function reportOfEvent(body: EventBody): WebhookReport {
  const { event } = body;
  if (PAYMENT_EVENTS.has(event)) return paymentReport(body);
  if (REFUND_EVENTS.has(event)) return refundReport(body);
  if (event.startsWith('payment.dispute.')) return disputeReport(body);
  if (event.startsWith('subscription.')) return mandateReport(body);
  return { kind: 'ignored', why: `${event} changes nothing here` };
}

function paymentReport(body: EventBody): WebhookReport {
  const { payload } = body;
  const parsed = paymentEntity.safeParse(payload?.payment?.entity);
  if (!parsed.success) return unreadable(body, 'payment', parsed.error);
  const payment = toPayment(parsed.data, capturedAtSeconds(body, parsed.data));
  const linkId = linkIdIn(payload?.payment_link?.entity);
  return {
    kind: 'payment',
    payment,
    order: orderInEvent(payload?.order?.entity, payment.orderId),
    ...(linkId === null ? {} : { linkId }),
  };
}

function refundReport(body: EventBody): WebhookReport {
  const parsed = refundEntity.safeParse(body.payload?.refund?.entity);
  if (!parsed.success) return unreadable(body, 'refund', parsed.error);
  const refund = { ...parsed.data, status: refundStatus(body.event, parsed.data.status) };
  return { kind: 'refund', refund, payment: paymentBeside(body, refund.paymentId) };
}

/** `refund.created` may carry a refund that is processed already, and `refund.processed` one that is still pending. */
function refundStatus(event: string, told: ProviderRefund['status']): ProviderRefund['status'] {
  if (told !== 'pending') return told;
  return event === 'refund.processed' ? 'processed' : event === 'refund.failed' ? 'failed' : 'pending';
}

function disputeReport(body: EventBody): WebhookReport {
  const parsed = disputeEntity.safeParse(body.payload?.dispute?.entity);
  if (!parsed.success) return unreadable(body, 'dispute', parsed.error);
  const toldAt = body.created_at === undefined ? null : new Date(body.created_at * 1000);
  const dispute = { ...parsed.data, status: disputeStatus(body.event, parsed.data.status), toldAt };
  return { kind: 'dispute', dispute, payment: paymentBeside(body, dispute.paymentId) };
}

/** What is decided stays decided: an entity that is still open does not undo the event's verdict, nor the other way. */
function disputeStatus(event: string, told: ReportedDispute['status']): ReportedDispute['status'] {
  if (told !== 'open') return told;
  const verdict = (['won', 'lost', 'closed'] as const).find((word) => event === `payment.dispute.${word}`);
  return verdict ?? 'open';
}

function mandateReport(body: EventBody): WebhookReport {
  const parsed = mandateEntity.safeParse(body.payload?.subscription?.entity);
  if (!parsed.success) return unreadable(body, 'subscription', parsed.error);
  const mandate: ProviderMandate = parsed.data;
  return { kind: 'mandate', mandate, payment: paymentBeside(body, null) };
}

/** The payment that an event about something else carries; null where it is another's or cannot be read: look it up. */
function paymentBeside(body: EventBody, paymentId: string | null): ReportedPayment | null {
  const { data } = paymentEntity.safeParse(body.payload?.payment?.entity);
  if (data === undefined || (paymentId !== null && data.id !== paymentId)) return null;
  // The event is about what came later: a refund's or a dispute's time is no time of capture.
  const seconds = paymentId === null ? capturedAtSeconds(body, data) : (data.captured_at ?? data.created_at ?? null);
  return toPayment(data, seconds);
}

/** Of a payment link's events `created_at` is the time the link was made, not the time of the event. */
function capturedAtSeconds(body: EventBody, payment: PaymentFields): number | null {
  const told = body.event.startsWith('payment_link.') ? null : body.created_at;
  return payment.captured_at ?? told ?? payment.created_at ?? null;
}

function unreadable({ event }: EventBody, what: string, error: z.ZodError): WebhookReport {
  const [first] = error.issues;
  return { kind: 'ignored', why: `${event} has no readable ${what}: ${first?.path.join('.')} ${first?.message}` };
}
