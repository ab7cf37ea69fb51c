// A server with PAYMENT_PROVIDER=stripe and the sandbox's Stripe on a port of its own, on one clock: what a customer, a bank
// and a year do, with the events that they cause delivered over HTTP and applied.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import type Stripe from 'stripe';
import type { Purchase } from '../../../shared/contract/billing.ts';
import { createSandbox } from '../../../sync-server/sandbox/sandbox.ts';
import { KEYS, STRIPE_KEYS, seededRandom, stripeAt } from '../sandbox/stage.ts';
import { type Counter, orderOf, playedClock, type Started, started } from '../server/started.ts';

export interface StripeWorld {
  readonly server: Started;
  /** Stripe's own SDK at the sandbox, for what a test asks or makes there itself. */
  readonly stripe: Stripe;
  /** An act of the world outside, told and applied. */
  act(body: Record<string, unknown>): Promise<void>;
  /** The sandbox's switches. */
  faults(values: Record<string, boolean | number>): Promise<void>;
  /** What is due at the sandbox is done and told, and what came is applied, until nothing more comes of it. */
  settle(): Promise<void>;
  /** What was held back is delivered and applied. */
  deliverHeld(): Promise<void>;
  /** An org that owns the plan, which it paid at Stripe. */
  owner(): Promise<Counter>;
  /** The open or complete sessions by which a purchase's mandate was asked for, the oldest first. */
  mandateSessions(purchase: Purchase): Promise<Stripe.Checkout.Session[]>;
  /** The subscriptions that came of them. */
  subscriptions(purchase: Purchase): Promise<Stripe.Subscription[]>;
  close(): Promise<void>;
}

export async function openStripeWorld(): Promise<StripeWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-world-'));
  const clock = playedClock();
  const port = await freePort();
  const sandbox = createSandbox({
    ...KEYS,
    databasePath: join(folder, 'sandbox.sqlite'),
    clock,
    random: seededRandom('stripe world'),
    webhookUrl: `http://127.0.0.1:${port}/api/billing/webhook`,
    publicUrl: 'http://127.0.0.1',
    stripe: STRIPE_KEYS,
  });
  const app = fastify();
  app.register(sandbox.plugin);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const settings = {
    PORT: String(port),
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: STRIPE_KEYS.secretKey,
    STRIPE_WEBHOOK_SECRETS: STRIPE_KEYS.webhookSecret,
    STRIPE_API_URL: url,
  };
  const server = await started(settings, clock);
  const stripe = stripeAt(url);
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`sandbox ${path}: ${answer.status} ${await answer.text()}`);
  };
  const settle = async () => {
    for (let round = 0; round < 3; round += 1) {
      await sandbox.deliverDue();
      await server.settle();
    }
  };
  const self: StripeWorld = {
    server,
    stripe,
    settle,
    act: async (body) => {
      await post('/stripe/play', body);
      await settle();
    },
    faults: (values) => post('/faults', values),
    deliverHeld: async () => {
      await post('/webhooks/deliver', {});
      await settle();
    },
    owner: async () => {
      const counter = await server.signUp();
      const plan = await counter.buyPlan();
      await self.act({ action: 'pay', sessionId: orderOf(plan) });
      return counter;
    },
    ...mandatesAt(stripe),
    close: async () => {
      await server.dispose();
      await app.close();
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}

/** What Stripe holds of a purchase's mandate, the oldest first. */
function mandatesAt(stripe: Stripe): Pick<StripeWorld, 'mandateSessions' | 'subscriptions'> {
  const isOf = ({ id }: Purchase, { metadata }: { metadata: Stripe.Metadata | null }) => metadata?.purchaseId === id;
  return {
    mandateSessions: async (purchase) => {
      const { data } = await stripe.checkout.sessions.list({ limit: 100 });
      return data.filter((one) => one.mode === 'subscription' && isOf(purchase, one)).toReversed();
    },
    subscriptions: async (purchase) => {
      const { data } = await stripe.subscriptions.list({ limit: 100, status: 'all' });
      return data.filter((one) => isOf(purchase, one)).toReversed();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
