// Owns one try to deliver an event: over real HTTP, with the headers that its provider sends, 5 seconds for an answer.

import { type DueRow, NO_ANSWER, type TryResult } from './deliveries.ts';
import type { Clock } from './ids.ts';
import { type StripeSecrets, stripeHeaders } from './stripe/signature.ts';

export type Deliver = (
  url: string,
  request: {
    method: 'POST';
    headers: Record<string, string>;
    body: Uint8Array<ArrayBuffer>;
    redirect: 'manual';
    signal: AbortSignal;
  },
) => Promise<{ readonly status: number; arrayBuffer(): Promise<ArrayBuffer> }>;

export interface SenderParts {
  readonly webhookUrl: string;
  readonly stripe: StripeSecrets & { readonly webhookUrl: string };
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly answerWithinMs: number;
}

export async function send(row: DueRow, parts: SenderParts, stopped: AbortSignal): Promise<TryResult> {
  const inTime = AbortSignal.timeout(parts.answerWithinMs);
  try {
    const { url, headers, body } = row.provider === 'stripe' ? ofStripe(row, parts) : ofRazorpay(row, parts);
    const answer = await parts.deliver(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(row.tampered === 1 ? tampered(body) : body),
      redirect: 'manual',
      signal: AbortSignal.any([inTime, stopped]),
    });
    // Read to its end, so that the connection is free again and "in time" covers the whole answer.
    await answer.arrayBuffer();
    return { status: answer.status };
  } catch (error) {
    return { broke: inTime.aborted ? NO_ANSWER : `no answer: ${causeOf(error)}` };
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

interface Letter {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

function ofRazorpay(row: DueRow, { webhookUrl }: SenderParts): Letter {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Razorpay-Webhook/v1',
    'request-id': row.event_id,
    ...(row.unsigned === 1 ? {} : { 'x-razorpay-signature': row.signature }),
    ...(row.unnamed === 1 ? {} : { 'x-razorpay-event-id': row.event_id }),
  };
  return { url: webhookUrl, headers, body: row.body };
}

function ofStripe(row: DueRow, { stripe, clock }: SenderParts): Letter {
  const body = row.unnamed === 1 ? withoutId(row.body) : row.body;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    ...(row.unsigned === 1 ? {} : stripeHeaders(body, row.signature, stripe, clock)),
  };
  return { url: stripe.webhookUrl, headers, body };
}

/** Stripe's event id is in the body; without it the body is signed all the same. */
function withoutId(body: Buffer): Buffer {
  const { id: _, ...rest } = JSON.parse(body.toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify(rest));
}

/** Another amount than the one that was signed; where that changes nothing, another length. */
function tampered(body: Buffer): Buffer {
  const changed = Buffer.from(body.toString('utf8').replaceAll(/"amount":\d+/g, '"amount":100'));
  return changed.equals(body) ? Buffer.concat([body, Buffer.from(' ')]) : changed;
}
