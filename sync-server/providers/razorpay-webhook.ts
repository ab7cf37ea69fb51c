// Owns Razorpay's webhooks as they come: who signed them, and which event they are. Pure: it reads bytes and settles
// nothing. What an event says about money is razorpay-events' to tell.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WebhookEnvelope, WebhookHeaders, WebhookReport } from './port.ts';
import { linkIdIn } from './razorpay-entities.ts';
import { type EventBody, eventBody, reportOfEvent } from './razorpay-events.ts';
import { signatureMatches } from './signature.ts';

const EVENT_ID = /^[\x21-\x7e]{1,128}$/;

/** The ids alone, from an entity that may be unreadable otherwise: enough to look the money up. */
const id = z.string().min(1).max(100).nullish().catch(null);
const ids = z.object({ id, order_id: id, payment_id: id }).partial();
const orderIds = z.object({ id: z.string().startsWith('order_').max(100) });

export function verifyWebhookSignature(rawBody: Buffer, headers: WebhookHeaders, secrets: readonly string[]): boolean {
  return signatureMatches(rawBody, header(headers, 'x-razorpay-signature'), secrets);
}

export function readWebhook(rawBody: Buffer, headers: WebhookHeaders): WebhookEnvelope | null {
  const body = parse(rawBody);
  if (body === null) return null;
  const { payload } = body;
  const told = (entity: unknown) => ids.safeParse(entity).data;
  const payment = told(payload?.payment?.entity);
  const of = told(payload?.refund?.entity) ?? told(payload?.dispute?.entity);
  const order = orderIds.safeParse(payload?.order?.entity).data;
  return {
    eventId: eventId(rawBody, headers),
    event: body.event,
    orderId: linkIdIn(payload?.payment_link?.entity) ?? payment?.order_id ?? order?.id ?? null,
    paymentId: payment?.id ?? of?.payment_id ?? null,
    mandateId: told(payload?.subscription?.entity)?.id ?? null,
  };
}

export function reportOf(rawBody: Buffer): WebhookReport {
  const body = parse(rawBody);
  if (body === null) throw new Error('reportOf was given a body that readWebhook refuses');
  return reportOfEvent(body);
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
