// Owns the sandbox as a whole: a Razorpay-compatible payment service for trying and testing, with test money only. It puts
// the parts together over one SQLite file and gives them as a fastify plugin that can stand under any prefix. It knows
// nothing of the server that it may be mounted in: the two speak HTTP, as with Razorpay.

import type { FastifyPluginAsync } from 'fastify';
import { createAct } from './act.ts';
import { createAgenda } from './agenda.ts';
import { type Courier, createCourier, type Timers } from './courier.ts';
import { openDatabase } from './database.ts';
import { createDeliveries } from './deliveries.ts';
import { createDisputes } from './disputes.ts';
import { createEndpoint } from './endpoint.ts';
import { createAnnouncer } from './events.ts';
import { createFaults } from './faults.ts';
import { apiRoutes, stripeApiRoutes } from './http-api.ts';
import { checkoutRoutes } from './http-checkout.ts';
import { commandRoutes } from './http-commands.ts';
import { hostedRoutes } from './http-hosted.ts';
import { operatorRoutes } from './http-operator.ts';
import { speakPlainly } from './http-speech.ts';
import { type Clock, createIds, type Random } from './ids.ts';
import { createInvoices } from './invoices.ts';
import { createLinks } from './links.ts';
import { createMandates } from './mandates.ts';
import { createOrders } from './orders.ts';
import type { SandboxParts } from './parts.ts';
import { createPayments, type Follower } from './payments.ts';
import { createPlans } from './plans.ts';
import { createPlay } from './play.ts';
import { createRefunds } from './refunds.ts';
import { spareSecret, stripeKeys } from './secrets.ts';
import type { Deliver } from './sender.ts';
import { createSettings } from './settings.ts';
import { stripeRoutes } from './stripe/http.ts';
import { createStripe } from './stripe/stripe.ts';
import type { TestTime } from './test-time.ts';

export interface SandboxOptions {
  readonly databasePath: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly keyId: string;
  readonly keySecret: string;
  readonly webhookSecret: string;
  /** Where events are sent. */
  readonly webhookUrl: string;
  /** How a browser reaches the place where the plugin is mounted, prefix included. */
  readonly publicUrl: string;
  /** True throws: test money must never be taken for money. */
  readonly production?: boolean;
  /** Stripe's side of it; keys made from the key secret and the same webhook address when absent. */
  readonly stripe?: { readonly secretKey: string; readonly webhookSecret: string; readonly webhookUrl?: string };
  /** For a clock that a person may move on the operator page. */
  readonly testTime?: TestTime;
  readonly deliver?: Deliver;
  readonly timers?: Timers;
  /** How long an endpoint has for its answer to an event; Razorpay's 5 seconds when absent. */
  readonly answerWithinMs?: number;
}

export interface Sandbox {
  readonly plugin: FastifyPluginAsync;
  /** Stripe's API alone at `/v1`, for the root of a server that mounts `plugin` under a prefix. */
  readonly stripePlugin: FastifyPluginAsync;
  /** Begins to deliver by itself, and takes up what an earlier run left undelivered. */
  start(): void;
  /** Ends deliveries and closes the file. Close the HTTP server first. */
  stop(): Promise<void>;
  /** Sends all that is due by the clock now. For tests and for a clock that is set by hand. */
  deliverDue: Courier['deliverDue'];
}

export function createSandbox(options: SandboxOptions): Sandbox {
  if (options.production === true) throw new Error('the payment sandbox must not run in production');
  for (const name of ['keyId', 'keySecret', 'webhookSecret'] as const) {
    if (options[name] === '') throw new Error(`the payment sandbox needs a ${name}`);
  }
  const { db, parts, courier } = assemble(options);
  return {
    plugin: async (app) => {
      speakPlainly(app);
      app.register(apiRoutes(parts));
      app.register(commandRoutes(parts));
      app.register(checkoutRoutes(parts));
      app.register(hostedRoutes(parts));
      app.register(stripeRoutes(parts.stripe));
      app.register(operatorRoutes(parts));
    },
    stripePlugin: async (app) => {
      speakPlainly(app);
      app.register(stripeApiRoutes(parts));
    },
    start: courier.start,
    async stop() {
      await courier.stop();
      db.close();
    },
    deliverDue: courier.deliverDue,
  };
}

function assemble(options: SandboxOptions) {
  const { clock, keySecret, webhookSecret: secret, publicUrl } = options;
  const db = openDatabase(options.databasePath);
  const newId = createIds(clock, options.random);
  const faults = createFaults(db);
  const orders = createOrders(db, clock, newId, faults);
  const endpoint = createEndpoint({ db, settings: createSettings(db), secret, spareSecret: spareSecret(secret) });
  const announce = createAnnouncer({ db, clock, newId, faults, endpoint });
  const base = { db, clock, newId, faults, orders, announce, publicUrl };
  const refunds = createRefunds(base);
  // Filled below: links and mandates are told of payments, and mandates make some.
  const followers: Follower[] = [];
  const payments = createPayments({ ...base, refunds, followers });
  const disputes = createDisputes({ ...base, payments });
  const links = createLinks(base);
  const plans = createPlans(db, clock, newId);
  const invoices = createInvoices(db, clock, newId);
  const mandates = createMandates({ ...base, plans, invoices, payments, refunds });
  followers.push(links.follower, mandates.follower);
  const deliveries = createDeliveries(db);
  const { secretKey, ...hook } = options.stripe ?? stripeKeys(keySecret);
  const { appointments, ...stripe } = createStripe({ ...options, db, faults, deliveries, secretKey });
  const courier = createCourier({
    agenda: createAgenda(db, [links, mandates, ...appointments]),
    stripe: { webhookUrl: options.webhookUrl, ...hook, oldWebhookSecret: spareSecret(hook.webhookSecret) },
    deliveries,
    endpoint,
    clock,
    webhookUrl: options.webhookUrl,
    deliver: options.deliver ?? fetch,
    timers: options.timers ?? { setTimeout, clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    answerWithinMs: options.answerWithinMs ?? 5000,
  });
  const { wake } = courier;
  const books = { orders, payments, refunds, disputes, plans, invoices, mandates, links, deliveries };
  const play = createPlay({ payments, orders, deliveries, keySecret, wake });
  const act = createAct({ ...books, wake });
  const played = { play, act, stripe: { ...stripe, wake, deliverDue: courier.deliverDue } };
  const parts: SandboxParts = { ...options, ...books, ...played, faults, endpoint, courier };
  return { db, parts, courier };
}
