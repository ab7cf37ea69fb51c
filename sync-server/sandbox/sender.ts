// Owns one try to deliver an event: over real HTTP, with the headers that Razorpay sends, 5 seconds for an answer.

import { type DueRow, NO_ANSWER, type TryResult } from './deliveries.ts';

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
  readonly deliver: Deliver;
  readonly answerWithinMs: number;
}

export async function send(row: DueRow, parts: SenderParts, stopped: AbortSignal): Promise<TryResult> {
  const inTime = AbortSignal.timeout(parts.answerWithinMs);
  try {
    const answer = await parts.deliver(parts.webhookUrl, {
      method: 'POST',
      headers: headersOf(row),
      body: new Uint8Array(row.tampered === 1 ? tampered(row.body) : row.body),
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

function headersOf(row: DueRow): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Razorpay-Webhook/v1',
    'request-id': row.event_id,
    ...(row.unsigned === 1 ? {} : { 'x-razorpay-signature': row.signature }),
    ...(row.unnamed === 1 ? {} : { 'x-razorpay-event-id': row.event_id }),
  };
}

/** Another amount than the one that was signed; where that changes nothing, another length. */
function tampered(body: Buffer): Buffer {
  const changed = Buffer.from(body.toString('utf8').replaceAll(/"amount":\d+/g, '"amount":100'));
  return changed.equals(body) ? Buffer.concat([body, Buffer.from(' ')]) : changed;
}
