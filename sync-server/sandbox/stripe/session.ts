// Owns how a checkout session is made from a request: its sum, its times, its address. What happens to it after that is in
// checkout.ts.

import { z } from 'zod';
import type { Books } from './books.ts';
import { type Catalogue, type Line, lineItems } from './catalogue.ts';
import type { Form } from './form.ts';
import type { Session } from './objects.ts';
import { metadata, read, seconds } from './read.ts';
import { StripeRefusal } from './refusal.ts';

const DAY = 86_400;
const SHORTEST = 30 * 60;

const body = z.object({
  mode: z.enum(['payment', 'subscription']),
  line_items: lineItems,
  client_reference_id: z.string().max(200).optional(),
  metadata,
  payment_intent_data: z.object({ metadata, description: z.string().optional() }).optional(),
  subscription_data: z
    .object({ metadata, trial_end: seconds.optional(), trial_period_days: z.coerce.number().int().min(1).optional() })
    .optional(),
  success_url: z.string().max(5000).optional(),
  cancel_url: z.string().max(5000).optional(),
  expires_at: seconds.optional(),
  customer: z.string().optional(),
  customer_email: z.string().optional(),
  ui_mode: z.string().default('hosted_page'),
});

/** What is kept beside the session for the time when it is paid. */
export interface SessionNotes {
  readonly lines: readonly Line[];
  readonly intent: { readonly metadata: Form; readonly description: string | null };
  readonly mandate: { readonly metadata: Form; readonly trialEnd: number | null };
  /** The payment intent of a subscription's first charge, which the session does not show. */
  readonly intentId: string | null;
}

export interface NewSession {
  readonly session: Session;
  readonly notes: SessionNotes;
}

export function newSession(form: Form, books: Books, catalogue: Catalogue, publicUrl: string): NewSession {
  const asked = read(body, form);
  const now = books.now();
  const lines = asked.line_items.map((line) => catalogue.line(line));
  check(lines, asked.mode);
  const expires_at = asked.expires_at ?? now + DAY;
  if (expires_at < now + SHORTEST || expires_at > now + DAY) {
    throw new StripeRefusal('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.', {
      param: 'expires_at',
    });
  }
  const customer = asked.customer === undefined ? null : books.get('customer', asked.customer).id;
  const id = books.newId('cs_test_');
  const total = lines.reduce((sum, { amount_total }) => sum + amount_total, 0);
  const { trial_end, trial_period_days: days } = asked.subscription_data ?? {};
  const session = {
    id,
    object: 'checkout.session' as const,
    amount_subtotal: total,
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, status: null },
    cancel_url: asked.cancel_url ?? null,
    client_reference_id: asked.client_reference_id ?? null,
    client_secret: null,
    created: now,
    currency: lines[0]?.currency ?? 'inr',
    customer,
    customer_creation: asked.mode === 'payment' ? 'if_required' : 'always',
    customer_details: null,
    customer_email: asked.customer_email ?? null,
    expires_at,
    invoice: null,
    livemode: false as const,
    metadata: asked.metadata,
    mode: asked.mode,
    payment_intent: null,
    payment_method_types: ['card', 'upi'],
    payment_status: 'unpaid' as const,
    status: 'open' as const,
    subscription: null,
    success_url: asked.success_url ?? null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: asked.ui_mode,
    url: `${publicUrl}/stripe/checkout/${id}`,
  };
  const intent = {
    metadata: asked.payment_intent_data?.metadata ?? {},
    description: asked.payment_intent_data?.description ?? null,
  };
  const trialEnd = trial_end ?? (days === undefined ? null : now + days * DAY);
  const mandate = { metadata: asked.subscription_data?.metadata ?? {}, trialEnd };
  return { session, notes: { lines, intent, mandate, intentId: null } };
}

function check(lines: readonly Line[], mode: Session['mode']): void {
  if (new Set(lines.map((line) => line.currency)).size > 1) {
    throw new StripeRefusal('All prices on a Checkout session must have the same currency.', { param: 'line_items' });
  }
  const repeating = lines.filter(({ price }) => price.recurring !== null).length;
  if (mode === 'payment' && repeating > 0) {
    throw new StripeRefusal('You must provide one-time prices in `payment` mode.', { param: 'line_items' });
  }
  if (mode === 'subscription' && repeating !== 1) {
    throw new StripeRefusal('The sandbox takes exactly one recurring price in `subscription` mode.', {
      param: 'line_items',
    });
  }
}
