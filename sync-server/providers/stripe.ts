// Owns the Stripe adapter: it puts the parts together as one PaymentProvider. An order is a Checkout Session, paid on
// Stripe's own page; the money is its payment intent. It adds no decision about money of its own.

import { createCall } from './call.ts';
import { type Clock, createCircuit } from './circuit.ts';
import type { PaymentProvider } from './port.ts';
import { createMandates } from './stripe-mandates.ts';
import { createOrders } from './stripe-orders.ts';
import { createRefunds } from './stripe-refunds.ts';
import { faultOfStripe, openStripe } from './stripe-sdk.ts';
import { createSessions } from './stripe-sessions.ts';
import { signatureHeader, stripeSignatureMatches } from './stripe-signature.ts';
import { readWebhook, reportOf } from './stripe-webhook.ts';

export interface StripeOptions {
  readonly secretKey: string;
  /** The first is current; all are accepted, while a secret is rolled. */
  readonly webhookSecrets: readonly string[];
  /** Where the API is, without `/v1`; Stripe's own when absent. */
  readonly apiUrl?: string | undefined;
  readonly timeoutMs?: number;
  readonly clock: Clock;
  /** After how many calls in a row without a clear answer further calls are refused at once, and for how long. */
  readonly circuit?: { readonly failuresToOpen: number; readonly openMs: number };
}

export function createStripeProvider(options: StripeOptions): PaymentProvider {
  const { secretKey, webhookSecrets, apiUrl, clock } = options;
  if (secretKey === '') throw new Error('the payment provider needs a secret key');
  const mode = /^[rs]k_live_/.test(secretKey) ? 'live' : 'test';
  const sdk = openStripe({ secretKey, apiUrl, timeoutMs: options.timeoutMs ?? 8000 });
  const circuit = createCircuit({ clock, ...(options.circuit ?? { failuresToOpen: 8, openMs: 3000 }) });
  const call = createCall(circuit, faultOfStripe);
  const sessions = createSessions(sdk, call);
  return {
    name: 'stripe',
    mode,
    ...createOrders(sdk, call, sessions, clock),
    ...createRefunds(sdk, call),
    // A session is a page already: there is nothing for a link to fall back to.
    links: null,
    mandates: createMandates(sdk, call, sessions, clock),
    verifyWebhookSignature: (rawBody, headers) =>
      stripeSignatureMatches(rawBody, signatureHeader(headers), webhookSecrets, clock.now()),
    readWebhook,
    handlePaymentSuccess: (rawBody) => reportOf(rawBody, mode),
  };
}
