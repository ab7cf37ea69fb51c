// Owns the operator page's routes: the page, its lists alone (for its script), and the one address that its buttons post
// to. Each post ends in a redirect back, so that a reload does nothing twice.

import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { faultNames } from './faults.ts';
import { QUIET, sendPage } from './http-speech.ts';
import { type OperatorView, operatorLists, operatorPage } from './page-operator.ts';
import type { SandboxParts } from './parts.ts';
import { playRequest } from './play.ts';

const SHOWN = 50;

const pressed = z.discriminatedUnion('do', [
  z.object({ do: z.literal('reset') }),
  z.object({
    do: z.literal('fault'),
    name: z.enum(faultNames),
    value: z.union([
      z.literal('off').transform(() => false),
      z.literal('on').transform(() => true),
      z.coerce.number().int().min(1),
    ]),
  }),
  z.object({ do: z.literal('deliver'), eventId: z.string().optional() }),
  z.object({ do: z.literal('authorise_late'), paymentId: z.string() }),
  z.object({ do: z.enum(['pay', 'fail']), orderId: z.string(), reason: z.string().optional() }),
]);

export function operatorRoutes(parts: SandboxParts): FastifyPluginAsync {
  return async (app) => {
    const base = app.prefix;
    const view = (): OperatorView => ({
      base,
      publicUrl: parts.publicUrl,
      webhookUrl: parts.webhookUrl,
      orders: parts.orders.list({ count: SHOWN, skip: 0 }),
      payments: parts.payments.list(SHOWN, 0),
      deliveries: parts.deliveries.list(SHOWN),
      faults: parts.faults.all(),
    });
    app.get('/', QUIET, async (_request, reply) => sendPage(reply, operatorPage(view())));
    app.get('/operator/lists', QUIET, async (_request, reply) => sendPage(reply, operatorLists(view()).text));
    app.post('/operator', QUIET, async ({ body }, reply) => {
      const anchor = await press(parts, pressed.parse(body));
      return reply.redirect(`${base}/${anchor}`, 303);
    });
  };
}

async function press(parts: SandboxParts, asked: z.infer<typeof pressed>): Promise<string> {
  const { faults, deliveries, courier, clock, play } = parts;
  switch (asked.do) {
    case 'reset':
      faults.reset();
      return '';
    case 'fault':
      faults.set({ [asked.name]: asked.value });
      return `#${asked.name}`;
    case 'deliver':
      deliveries.release(asked.eventId === undefined ? null : [asked.eventId], clock.now().getTime());
      await courier.deliverDue();
      return '';
    case 'authorise_late':
      play({ action: asked.do, paymentId: asked.paymentId });
      await courier.deliverDue();
      return '';
    case 'pay':
    case 'fail':
      play(playRequest.parse({ action: asked.do, orderId: asked.orderId, reason: asked.reason }));
      await courier.deliverDue();
      return '';
  }
}
