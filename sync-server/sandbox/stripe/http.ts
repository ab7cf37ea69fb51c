// Owns Stripe's place in the sandbox's HTTP: requests to `/v1/…` that carry one of Stripe's keys, the hosted checkout, and
// the commands. The API is answered in the scope of its caller, whose fault switches work for it too.

import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idOf } from '../http-query.ts';
import { QUIET, sendPage } from '../http-speech.ts';
import { nothingHerePage } from '../page-mandate.ts';
import { decodeForm } from './form.ts';
import type { Session } from './objects.ts';
import { sessionPage } from './page.ts';
import { isStripe } from './refusal.ts';
import type { Stripe } from './stripe.ts';

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** Answers every request that carries one of Stripe's keys, whatever route it was for. After the fault switches. */
export function answerStripe(api: FastifyInstance, { surface, wake }: Stripe): void {
  api.addHook('preHandler', async (request, reply) => {
    if (!isStripe(request)) return;
    const path = request.url.split('?')[0] ?? '';
    const { body, replayed } = surface({
      method: request.method,
      path: path.slice(api.prefix.length),
      form: decodeForm(request.method === 'GET' ? request.query : request.body),
      authorization: header(request, 'authorization'),
      idempotencyKey: header(request, 'idempotency-key'),
    });
    wake();
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply.header('request-id', `req_${request.id}`).send(body);
  });
}

const playQuery = z.object({ wait: z.string().optional() });
const pressed = z.object({ do: z.enum(['pay', 'close', 'confirm', 'deny']), how: z.string().optional() });

export function stripeRoutes(stripe: Stripe): FastifyPluginAsync {
  const { books, checkout, act, deliverDue } = stripe;
  return async (app) => {
    const base = app.prefix;
    app.post('/stripe/play', QUIET, async ({ body, query }) => {
      const done = act(body);
      stripe.wake();
      if (playQuery.parse(query).wait === '1') await deliverDue();
      return done;
    });
    app.get('/stripe/checkout/:id', QUIET, async (request, reply) => {
      const found = books.find('session', idOf(request));
      if (found === null)
        return sendPage(
          reply.code(404),
          nothingHerePage(base, 'There is no such checkout', 'The address may be cut short.'),
        );
      const { shown: session, hidden } = found;
      const intent = typeof hidden.intentId === 'string' ? books.get('payment_intent', hidden.intentId) : null;
      return sendSession(reply, sessionPage({ base, session, lines: checkout.linesOf(session.id), intent }), session);
    });
    app.post('/stripe/checkout/:id', QUIET, async (request, reply) => {
      const sessionId = idOf(request);
      const { do: what, how } = pressed.parse(request.body);
      const before = books.get('session', sessionId);
      if (what === 'close') return reply.redirect(before.cancel_url ?? `${base}/stripe/checkout/${sessionId}`, 303);
      // Pressed twice: the page tells how it ended.
      if (before.status === 'open') {
        act(actOf(what, how, sessionId));
        stripe.wake();
      }
      const session = books.get('session', sessionId);
      const done = session.status === 'complete' ? session.success_url : null;
      const back = done?.replaceAll('{CHECKOUT_SESSION_ID}', session.id);
      return reply.redirect(back ?? `${base}/stripe/checkout/${sessionId}`, 303);
    });
  };
}

function actOf(what: 'pay' | 'confirm' | 'deny', how: string | undefined, sessionId: string): object {
  if (what === 'confirm') return { action: 'pay', sessionId, method: 'card' };
  if (what === 'deny' || how === 'fail') return { action: 'fail', sessionId, method: 'card' };
  if (how === 'challenge' || how === 'pay_later') return { action: how, sessionId };
  return { action: 'pay', sessionId, method: how };
}

/** The browser is sent on to the seller's addresses from the page's own forms, so the page's policy names them. */
function sendSession(reply: FastifyReply, text: string, { success_url, cancel_url }: Session): FastifyReply {
  const origins = [success_url, cancel_url]
    .filter((url) => url !== null && URL.canParse(url))
    .map((url) => new URL(url ?? '').origin);
  return sendPage(reply, text, { 'form-action': ["'self'", ...new Set(origins)].join(' ') });
}
