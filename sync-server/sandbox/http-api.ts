// Owns the API that Razorpay's SDK calls, `/v1/…`: authentication, routes and query parameters. Every rule about money is
// behind it.

import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { collection, orderEntity, paymentEntity, refundEntity } from './entities.ts';
import { disputeRoutes, linkRoutes, mandateRoutes } from './http-api-mandates.ts';
import { answerWithFaults } from './http-faults.ts';
import { completeUntil, idOf, page, timedPage, until } from './http-query.ts';
import { QUIET } from './http-speech.ts';
import { notesText } from './orders.ts';
import type { SandboxParts } from './parts.ts';
import { noSuchId, noSuchUrl, Refusal } from './refusal.ts';
import { answerStripe } from './stripe/http.ts';
import { isStripe, StripeRefusal } from './stripe/refusal.ts';

const orderQuery = timedPage.extend({ receipt: z.string().optional() });
const notesBody = z.object({ notes: notesText });

export function apiRoutes(parts: SandboxParts): FastifyPluginAsync {
  return async (app) => {
    app.register(
      async (api) => {
        api.addHook('onRequest', authenticate(parts.keyId, parts.keySecret));
        answerWithFaults(api, parts.faults);
        answerStripe(api, parts.stripe);
        orderRoutes(api, parts);
        paymentRoutes(api, parts);
        refundRoutes(api, parts);
        mandateRoutes(api, parts);
        linkRoutes(api, parts);
        disputeRoutes(api, parts);
        api.all('/*', QUIET, () => {
          throw noSuchUrl();
        });
      },
      { prefix: '/v1' },
    );
  };
}

/** Stripe's API alone, for the root of a server that has Razorpay's under a prefix: Stripe's SDK knows no prefix. */
export function stripeApiRoutes(parts: SandboxParts): FastifyPluginAsync {
  return async (app) => {
    app.register(
      async (api) => {
        answerWithFaults(api, parts.faults);
        answerStripe(api, parts.stripe);
        api.all('/*', QUIET, () => {
          throw new StripeRefusal('You did not provide an API key.', { status: 401 });
        });
      },
      { prefix: '/v1' },
    );
  };
}

/** Basic authentication; the word `Basic` is case-sensitive at Razorpay. */
function authenticate(keyId: string, keySecret: string) {
  const expected = Buffer.from(`Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`);
  return async (request: { headers: { authorization?: string | undefined } }): Promise<void> => {
    // Stripe's surface, which is at the same addresses, looks at its keys itself.
    if (isStripe(request)) return;
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new Refusal('Authentication failed', { status: 401 });
    }
  };
}

function orderRoutes(api: FastifyInstance, parts: SandboxParts): void {
  const { orders, payments } = parts;
  api.post('/orders', QUIET, async ({ body }) => orderEntity(orders.create(body)));
  api.get('/orders', QUIET, async ({ query }) => {
    const { to, ...asked } = orderQuery.parse(query);
    const rows = orders.list({ ...asked, to: until(parts, 'order_list_lag_seconds', to) });
    return collection(rows.map((row) => orderEntity(row)));
  });
  api.get('/orders/:id', QUIET, async (request) => orderEntity(orders.get(idOf(request))));
  api.patch('/orders/:id', QUIET, async (request) =>
    orderEntity(orders.editNotes(idOf(request), notesBody.parse(request.body).notes)),
  );
  api.get('/orders/:id/payments', QUIET, async (request) =>
    collection(payments.ofOrder(orders.get(idOf(request)).id).map((row) => paymentEntity(row))),
  );
}

function paymentRoutes(api: FastifyInstance, parts: SandboxParts): void {
  const { payments, refunds, courier } = parts;
  api.get('/payments', QUIET, async ({ query }) => {
    const { count, skip } = page.parse(query);
    const latest = completeUntil(parts, 'list_lag_seconds');
    return collection(payments.list(count, skip, latest).map((row) => paymentEntity(row)));
  });
  api.get('/payments/:id', QUIET, async (request) => paymentEntity(payments.get(idOf(request))));
  api.post('/payments/:id/capture', QUIET, async (request) => {
    const { amount } = z.object({ amount: z.unknown() }).parse(request.body ?? {});
    const payment = payments.capture(idOf(request), amount);
    courier.wake();
    return paymentEntity(payment);
  });
  api.post('/payments/:id/refund', QUIET, async (request) => {
    const key = request.headers['x-refund-idempotency'];
    const refund = refunds.create(idOf(request), request.body, typeof key === 'string' ? key : null);
    courier.wake();
    return refundEntity(refund);
  });
}

function refundRoutes(api: FastifyInstance, parts: SandboxParts): void {
  const { payments, refunds } = parts;
  api.get('/payments/:id/refunds', QUIET, async (request) => {
    const { count, skip } = page.parse(request.query);
    const { id } = payments.get(idOf(request));
    const latest = completeUntil(parts, 'list_lag_seconds');
    return collection(refunds.list(id, count, skip, latest).map((row) => refundEntity(row)));
  });
  api.get('/payments/:id/refunds/:refundId', QUIET, async (request) => {
    const { refundId } = z.object({ refundId: z.string() }).parse(request.params);
    const refund = refunds.get(refundId);
    if (refund.payment_id !== idOf(request)) throw noSuchId();
    return refundEntity(refund);
  });
  api.get('/refunds', QUIET, async ({ query }) => {
    const { count, skip } = page.parse(query);
    const latest = completeUntil(parts, 'list_lag_seconds');
    return collection(refunds.list(null, count, skip, latest).map((row) => refundEntity(row)));
  });
  api.get('/refunds/:id', QUIET, async (request) => refundEntity(refunds.get(idOf(request))));
}
