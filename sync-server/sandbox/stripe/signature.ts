// Owns the headers of one try to deliver a Stripe event: signed with the time of the try, so that a retry is as fresh as
// the first. How an event is spoilt is noted in its row when it is made: `old` secret, `stale` time.

import { createHmac } from 'node:crypto';
import { type Clock, unixSeconds } from '../ids.ts';

export interface StripeSecrets {
  readonly webhookSecret: string;
  /** From before the last rotation. */
  readonly oldWebhookSecret: string;
}

/** Twice the time after which Stripe's own SDK no longer takes a signature. */
const STALE_SECONDS = 600;

export function stripeHeaders(body: Buffer, how: string, secrets: StripeSecrets, clock: Clock): Record<string, string> {
  const marks = how.split(' ');
  const at = unixSeconds(clock) - (marks.includes('stale') ? STALE_SECONDS : 0);
  const secret = marks.includes('old') ? secrets.oldWebhookSecret : secrets.webhookSecret;
  const v1 = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
  return { 'stripe-signature': `t=${at},v1=${v1}` };
}
