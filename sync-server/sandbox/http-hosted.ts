// Owns the pages that the service itself hosts for a customer: a payment link's, and the one at which a mandate is agreed
// to. Both addresses are what the API calls `short_url`.

import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { idOf } from './http-query.ts';
import { QUIET, sendPage } from './http-speech.ts';
import { isOpen, linkReturn } from './links.ts';
import { checkoutPage } from './page-checkout.ts';
import { mandatePage, nothingHerePage } from './page-mandate.ts';
import type { SandboxParts } from './parts.ts';
import { playRequest } from './play.ts';
import { Refusal } from './refusal.ts';

const answered = z.object({ answer: z.enum(['agree', 'refuse']) });
const mandateQuery = z.object({ refused: z.string().optional() });

export function hostedRoutes(parts: SandboxParts): FastifyPluginAsync {
  return async (app) => {
    const base = app.prefix;
    const gone = (what: string) => nothingHerePage(base, `There is no such ${what}`, 'The address may be cut short.');
    const found = <T>(look: () => T): T | null => {
      try {
        return look();
      } catch (error) {
        if (error instanceof Refusal) return null;
        throw error;
      }
    };

    app.get('/mandate/:id', QUIET, async (request, reply) => {
      const subscription = found(() => parts.mandates.get(idOf(request)));
      if (subscription === null) return sendPage(reply.code(404), gone('mandate'));
      const refused = mandateQuery.parse(request.query).refused === '1';
      const plan = parts.plans.get(subscription.plan_id);
      return sendPage(reply, mandatePage({ base, subscription, plan, refused }));
    });
    app.post('/mandate/:id', QUIET, async (request, reply) => {
      const { answer } = answered.parse(request.body);
      const id = idOf(request);
      // Pressed twice, or in two windows: the page tells what the mandate is now.
      if (parts.mandates.get(id).status === 'created')
        parts.act({ action: 'mandate', subscriptionId: id, step: answer });
      return reply.redirect(`${base}/mandate/${id}${answer === 'refuse' ? '?refused=1' : ''}`, 303);
    });

    app.get('/link/:id', QUIET, async (request, reply) => {
      const link = found(() => parts.links.get(idOf(request)));
      if (link === null) return sendPage(reply.code(404), gone('payment link'));
      if (!isOpen(link) && link.status !== 'paid') {
        return sendPage(reply, nothingHerePage(base, `This link is ${link.status}`, 'No money can be paid by it.'));
      }
      const view = {
        base,
        order: parts.links.orderOf(link.id),
        sellerName: 'Sandbox seller',
        description: link.description ?? '',
        callbackUrl: '',
        cancelUrl: '',
        parentOrigin: '',
        payPath: `/link/${link.id}`,
      };
      return sendPage(reply, checkoutPage(view));
    });
    app.post('/link/:id', QUIET, async (request) => {
      const { id, order_id: orderId } = parts.links.get(idOf(request));
      const asked = z.looseObject({ action: z.enum(['pay', 'fail']) }).parse(request.body);
      const { action, method, instrument, reason } = asked;
      const { checkout } = parts.play(playRequest.parse({ action, orderId, method, instrument, reason }));
      const link = parts.links.get(id);
      if ('error' in checkout || link.callback_url === null) return checkout;
      const url = new URL(link.callback_url);
      for (const [name, value] of Object.entries(linkReturn(link, checkout.razorpay_payment_id, parts.keySecret))) {
        url.searchParams.set(name, value);
      }
      return { ...checkout, go_to: url.href };
    });
  };
}
