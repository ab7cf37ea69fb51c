// Owns Stripe's way to say no. `told` turns any refusal of the sandbox into it, so that a fault switch speaks the language
// of whoever is asking.

import { Refusal } from '../refusal.ts';

export type StripeErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };

  constructor(
    message: string,
    {
      status = 400,
      type = 'invalid_request_error',
      ...more
    }: { status?: number; type?: StripeErrorType; code?: string; param?: string } = {},
  ) {
    super(message);
    this.name = 'StripeRefusal';
    this.status = status;
    this.body = { error: { type, message, ...more } };
  }
}

export const missing = (what: string, id: string) =>
  new StripeRefusal(`No such ${what}: '${id}'`, { status: 404, code: 'resource_missing', param: 'id' });

/** Null for an error that is not a refusal. */
export function told(error: unknown): StripeRefusal | null {
  if (error instanceof StripeRefusal) return error;
  if (!(error instanceof Refusal)) return null;
  const { message, status } = error;
  return new StripeRefusal(message, {
    status,
    type: status >= 500 ? 'api_error' : 'invalid_request_error',
    ...(status === 429 ? { code: 'rate_limit' } : {}),
  });
}

/** Stripe's keys begin so; Razorpay's authentication never does. */
export function isStripe({ headers }: { headers: { authorization?: string | undefined } }): boolean {
  return keyOf(headers.authorization) !== null;
}

/** The key of `Bearer sk_…` or of `Basic base64(sk_…:)`. */
export function keyOf(authorization: string | undefined): string | null {
  const [scheme, text = ''] = (authorization ?? '').split(' ');
  const key = scheme === 'Basic' ? (Buffer.from(text, 'base64').toString().split(':')[0] ?? '') : text;
  return (scheme === 'Bearer' || scheme === 'Basic') && /^[sr]k_/.test(key) ? key : null;
}
