// Owns Checkout Sessions at Stripe: making them, and finding them again. Stripe cannot be asked for a session by our
// receipt. Two things stand in for that: the idempotency key, by which the same request answers the same session for at
// least 24 hours, and the list of what was made lately, read to its end.

import type Stripe from 'stripe';
import { z } from 'zod';
import { type Answer, type Call, outcomeOf } from './call.ts';
import { refused, unknown } from './fault.ts';
import type { Outcome } from './port.ts';
import { isSessionId, metadataOf, type Session, sessionFields } from './stripe-entities.ts';
import { readAll } from './stripe-pages.ts';

export interface SessionRequest {
  readonly receipt: string;
  readonly amountPaise: number;
  readonly description: string;
  readonly returnUrl: string;
  readonly notes: Readonly<Record<string, string>>;
}

const LONGEST_NAME = 250;

/**
 * The body depends on the request alone, down to the byte: the same key with another body is an error at Stripe. So there
 * is no `expires_at`, which could only come from a clock; Stripe's own is 24 hours after it was made, the longest there is.
 */
export function paymentBody({ receipt, amountPaise, description, returnUrl, notes }: SessionRequest) {
  const metadata = { receipt, ...notes };
  const product_data = { name: description.slice(0, LONGEST_NAME) };
  return {
    mode: 'payment',
    line_items: [{ quantity: 1, price_data: { currency: 'inr', unit_amount: amountPaise, product_data } }],
    client_reference_id: receipt,
    metadata,
    payment_intent_data: { metadata },
    // The amount is what the purchase froze, in rupees, on whatever card.
    adaptive_pricing: { enabled: false },
    success_url: returnUrl,
    cancel_url: returnUrl,
  } satisfies Stripe.Checkout.SessionCreateParams;
}

export type SessionBody = Stripe.Checkout.SessionCreateParams;

export function createSessions(sdk: Stripe, call: Call) {
  return {
    create: (body: SessionBody, idempotencyKey: string): Promise<Answer<Session>> =>
      call(sessionFields, () => sdk.checkout.sessions.create(body, { idempotencyKey })),

    async retrieve(sessionId: string, expand: string[]): Promise<Outcome<Session>> {
      if (!isSessionId(sessionId)) return refused('not a session id');
      const answer = outcomeOf(await call(sessionFields, () => sdk.checkout.sessions.retrieve(sessionId, { expand })));
      return answer.ok && answer.value.id !== sessionId ? unknown('the answer is about another session') : answer;
    },

    expire: (sessionId: string): Promise<Answer<Session>> =>
      call(sessionFields, () => sdk.checkout.sessions.expire(sessionId)),

    /** The session that took this payment; null where none did. */
    async ofIntent(intentId: string): Promise<Outcome<Session | null>> {
      const found = await readAll(call, sessionFields, (asked) =>
        sdk.checkout.sessions.list({ ...asked, payment_intent: intentId }),
      );
      return found.ok ? { ok: true, value: found.value[0] ?? null } : outcomeOf(found);
    },

    /** Those with our receipt among all that were made since then, oldest first. */
    async since(seconds: number, receipt: string): Promise<Outcome<readonly Session[]>> {
      const created = { gte: Math.max(0, Math.floor(seconds)) };
      const all = await readAll(call, listed, (asked) => sdk.checkout.sessions.list({ ...asked, created }));
      if (!all.ok) return outcomeOf(all);
      const ours = all.value.filter((one) => one.receipt === receipt).map(({ session }) => session);
      if (ours.includes(null)) return unknown('the session with this receipt cannot be read');
      const readable = ours.filter((session) => session !== null);
      return { ok: true, value: readable.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1)) };
    },
  };
}

export type Sessions = ReturnType<typeof createSessions>;

const receiptOf = z.object({ client_reference_id: z.string().nullish().catch(null), metadata: z.unknown().optional() });

/** One that cannot be read is most likely another product's; its receipt alone tells whether it is ours. */
const listed = z.unknown().transform((told) => {
  const { data } = receiptOf.safeParse(told);
  return {
    receipt: data?.client_reference_id ?? metadataOf(data?.metadata, 'receipt'),
    session: sessionFields.safeParse(told).data ?? null,
  };
});
