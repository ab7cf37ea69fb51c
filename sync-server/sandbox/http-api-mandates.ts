// Owns the API's routes of plans, subscriptions, their invoices, payment links and disputes.

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { collection } from './entities.ts';
import { idOf, timedPage, until } from './http-query.ts';
import { QUIET } from './http-speech.ts';
import type { SandboxParts } from './parts.ts';

const cancelBody = z
  .object({ cancel_at_cycle_end: z.union([z.boolean(), z.literal(0), z.literal(1)]).optional() })
  .nullish();
const subscriptionQuery = timedPage.extend({ plan_id: z.string().optional() });
const invoiceQuery = timedPage.extend({ subscription_id: z.string().optional() });
const linkQuery = timedPage.extend({ reference_id: z.string().optional() });

export function mandateRoutes(api: FastifyInstance, parts: SandboxParts): void {
  const { plans, mandates, invoices, courier } = parts;
  api.post('/plans', QUIET, async ({ body }) => plans.create(body));
  api.get('/plans', QUIET, async ({ query }) => collection(plans.list(timedPage.parse(query))));
  api.get('/plans/:id', QUIET, async (request) => plans.get(idOf(request)));
  api.post('/subscriptions', QUIET, async ({ body }) => mandates.create(body));
  api.get('/subscriptions', QUIET, async ({ query }) => {
    const { plan_id: owner, to, ...asked } = subscriptionQuery.parse(query);
    return collection(mandates.list({ ...asked, owner, to: until(parts, 'order_list_lag_seconds', to) }));
  });
  api.get('/subscriptions/:id', QUIET, async (request) => mandates.get(idOf(request)));
  for (const [step, run] of [
    ['cancel', (id: string, body: unknown) => mandates.cancel(id, atCycleEnd(body))],
    ['pause', (id: string) => mandates.pause(id)],
    ['resume', (id: string) => mandates.resume(id)],
  ] as const) {
    api.post(`/subscriptions/:id/${step}`, QUIET, async (request) => {
      const subscription = run(idOf(request), request.body);
      courier.wake();
      return subscription;
    });
  }
  api.get('/invoices', QUIET, async ({ query }) => {
    const { subscription_id: owner, to, ...asked } = invoiceQuery.parse(query);
    return collection(invoices.list({ ...asked, owner, to: until(parts, 'list_lag_seconds', to) }));
  });
  api.get('/invoices/:id', QUIET, async (request) => invoices.get(idOf(request)));
}

function atCycleEnd(body: unknown): boolean {
  const asked = cancelBody.parse(body)?.cancel_at_cycle_end;
  return asked === true || asked === 1;
}

export function linkRoutes(api: FastifyInstance, parts: SandboxParts): void {
  const { links, courier } = parts;
  api.post('/payment_links', QUIET, async ({ body }) => links.create(body));
  api.get('/payment_links', QUIET, async ({ query }) => {
    const { reference_id: reference, to, ...asked } = linkQuery.parse(query);
    // The one list that has another shape than all others.
    return { payment_links: links.list({ ...asked, reference, to: until(parts, 'order_list_lag_seconds', to) }) };
  });
  api.get('/payment_links/:id', QUIET, async (request) => links.get(idOf(request)));
  api.post('/payment_links/:id/cancel', QUIET, async (request) => {
    const link = links.end(idOf(request), 'cancelled');
    courier.wake();
    return link;
  });
}

export function disputeRoutes(api: FastifyInstance, parts: SandboxParts): void {
  const { disputes, courier } = parts;
  api.get('/disputes', QUIET, async ({ query }) => {
    const { to, ...asked } = timedPage.parse(query);
    return collection(disputes.list({ ...asked, to: until(parts, 'list_lag_seconds', to) }));
  });
  api.get('/disputes/:id', QUIET, async (request) => disputes.get(idOf(request)));
  api.post('/disputes/:id/accept', QUIET, async (request) => {
    const dispute = disputes.move(idOf(request), 'lost');
    courier.wake();
    return dispute;
  });
}
