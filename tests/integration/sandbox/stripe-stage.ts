// A stage with Stripe's SDK in the middle of it: a purchase to pay for, an act of the world outside, and the news, which
// are the events that came since the last look, read by the SDK after it has checked their signature.

import type Stripe from 'stripe';
import { openStage, STRIPE_KEYS } from './stage.ts';

export interface Acted {
  readonly session: Stripe.Checkout.Session;
  readonly paymentIntent: Stripe.PaymentIntent;
  readonly refund: Stripe.Refund;
  readonly dispute: Stripe.Dispute;
}

const purchase = (reference: string): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  line_items: [
    {
      price_data: { currency: 'inr', unit_amount: 1_500_000, product_data: { name: 'PharmaPulse One' } },
      quantity: 1,
    },
  ],
  client_reference_id: reference,
  metadata: { purchaseId: reference },
  payment_intent_data: { metadata: { purchaseId: reference } },
  success_url: 'http://shop.example/back?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://shop.example/cancelled',
});

export async function openStripeStage() {
  const stage = await openStage();
  let read = 0;
  const news = async (): Promise<Stripe.Event[]> => {
    await stage.sandbox.deliverDue();
    const fresh = stage.listener.heard.slice(read);
    read = stage.listener.heard.length;
    const nowMs = stage.clock.now().getTime();
    return fresh.map(({ body, headers }) => {
      const signature = headers['stripe-signature'] ?? '';
      return stage.stripe.webhooks.constructEvent(body, signature, STRIPE_KEYS.webhookSecret, 300, undefined, nowMs);
    });
  };
  return {
    ...stage,
    /** A checkout session for this reference, which is its idempotency key too. */
    session: (reference: string, more: Partial<Stripe.Checkout.SessionCreateParams> = {}, key = reference) =>
      stage.stripe.checkout.sessions.create({ ...purchase(reference), ...more }, { idempotencyKey: key }),
    act: async (body: Record<string, unknown>) => {
      const answer = await stage.post('/stripe/play', body);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return answer.body as unknown as Acted;
    },
    news,
    typesOf: async () => (await news()).map(({ type }) => type),
  };
}

export type StripeStage = Awaited<ReturnType<typeof openStripeStage>>;
