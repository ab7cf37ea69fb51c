// Owns the check of Stripe's signature header, `t=…,v1=…`. It exists because the SDK's own takes a time of signing in the
// future, however far: a captured request could be kept until then. Here it must lie within five minutes to either side.

import type { WebhookHeaders } from './port.ts';
import { signatureMatches } from './signature.ts';

const TOLERANCE_SECONDS = 300;
const LONGEST_HEADER = 2000;
/** Stripe sends one for each active secret of the endpoint, at most a few while a secret is rolled. */
const MOST_SIGNATURES = 8;
const TIME = /^[0-9]{1,12}$/;

/** True only if the raw bytes were signed lately with one of the secrets; never throws. */
export function stripeSignatureMatches(
  rawBody: unknown,
  header: unknown,
  secrets: readonly string[],
  now: Date,
): boolean {
  if (!Buffer.isBuffer(rawBody)) return false;
  if (typeof header !== 'string' || header.length > LONGEST_HEADER) return false;
  const pairs = header.split(',').map((pair) => pair.split('='));
  const told = (name: string) => pairs.filter(([key]) => key === name).map(([, ...value]) => value.join('='));
  const [time, ...moreTimes] = told('t');
  const signatures = told('v1');
  if (time === undefined || moreTimes.length > 0 || !TIME.test(time)) return false;
  if (signatures.length > MOST_SIGNATURES) return false;
  const seconds = now.getTime() / 1000;
  // Written so that a clock that is no number refuses.
  if (!(Math.abs(seconds - Number(time)) <= TOLERANCE_SECONDS)) return false;
  const signed = Buffer.concat([Buffer.from(`${time}.`), rawBody]);
  let matched = false;
  for (const signature of signatures) matched = signatureMatches(signed, signature, secrets) || matched;
  return matched;
}

/** The header that `stripeSignatureMatches` looks at: by its name in any case; null when absent or told more than once. */
export function signatureHeader(headers: WebhookHeaders): string | null {
  const values = Object.entries(headers)
    .filter(([key, value]) => key.toLowerCase() === 'stripe-signature' && value !== undefined)
    .map(([, value]) => value);
  const [only] = values;
  return values.length === 1 && typeof only === 'string' ? only : null;
}
