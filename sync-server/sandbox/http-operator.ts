// Owns the operator page's routes: the page, its lists alone (for its script), and the one address that its buttons post
// to. Each post ends in a redirect back, so that a reload does nothing twice; what is refused is said on the page.

import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { actRequest } from './act.ts';
import { faultNames } from './faults.ts';
import { type Html, html, time } from './html.ts';
import { QUIET, sendPage } from './http-speech.ts';
import type { ShownTime } from './page-clock.ts';
import { mandateLists } from './page-mandates.ts';
import { addressOf, type OperatorView, operatorPage } from './page-operator.ts';
import { type Place, views } from './page-parts.ts';
import { paymentLists } from './page-payments.ts';
import { webhookList } from './page-webhooks.ts';
import type { SandboxParts } from './parts.ts';
import { playRequest } from './play.ts';
import { Refusal } from './refusal.ts';
import { paiseOf } from './rupees.ts';
import { stripeLists } from './stripe/page-lists.ts';
import { StripeRefusal } from './stripe/refusal.ts';
import { movePressed, moveTime } from './test-time.ts';

const SHOWN = 50;

const show = z.enum(views).catch('payments');
const pageQuery = z.object({ show, said: z.string().max(300).catch('') });
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
  movePressed,
  z.object({ do: z.enum(['next', 'rotate', 'disable', 'enable']) }),
  z.object({ do: z.enum(['authorise_late', 'capture']), paymentId: z.string() }),
  z.object({ do: z.enum(['pay', 'authorise', 'fail']), orderId: z.string(), reason: z.string().optional() }),
  /** One of act.ts, or of stripe/act.ts, with an amount as a person types it. */
  z.looseObject({ do: z.enum(['act', 'stripe']), rupees: z.string().optional() }),
]);
type Pressed = z.infer<typeof pressed>;

export function operatorRoutes(parts: SandboxParts): FastifyPluginAsync {
  return async (app) => {
    const base = app.prefix;
    const view = async (query: unknown): Promise<OperatorView> => {
      const { show, said } = pageQuery.parse(query);
      const place = { base, show };
      const clock = await shownTime(parts);
      const { publicUrl, webhookUrl, faults } = parts;
      return { place, publicUrl, webhookUrl, lists: listsOf(parts, place), clock, faults: faults.all(), said };
    };
    app.get('/', QUIET, async ({ query }, reply) => sendPage(reply, operatorPage(await view(query))));
    app.get('/operator/lists', QUIET, async ({ query }, reply) => {
      const place = { base, show: pageQuery.parse(query).show };
      // For the page's script: the time goes on while nothing else changes, and somebody else may move it.
      if (parts.testTime !== undefined) reply.header('x-test-clock', time(parts.testTime.now().getTime()));
      return sendPage(reply, listsOf(parts, place).text);
    });
    app.post('/operator', QUIET, async ({ body }, reply) => {
      const back = addressOf(base, show.parse((body as { show?: unknown } | null)?.show));
      try {
        return await reply.redirect(back + (await press(parts, pressed.parse(body))), 303);
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof StripeRefusal)) throw error;
        const said = `said=${encodeURIComponent(error.message.slice(0, 300))}`;
        return reply.redirect(`${back}${back.includes('?') ? '&' : '?'}${said}`, 303);
      }
    });
  };
}

async function shownTime({ testTime }: SandboxParts): Promise<ShownTime | null> {
  return testTime === undefined ? null : { now: testTime.now(), moments: await testTime.moments() };
}

function listsOf(parts: SandboxParts, place: Place): Html {
  const { endpoint, deliveries } = parts;
  const state = {
    failingSinceMs: endpoint.failingSinceMs(),
    disabledMs: endpoint.disabledMs(),
    secret: endpoint.currentSecret(),
  };
  return html`${viewOf(parts, place)}${webhookList(place, deliveries.list(SHOWN), state)}`;
}

function viewOf(parts: SandboxParts, place: Place): Html {
  const page = { count: SHOWN, skip: 0 };
  switch (place.show) {
    case 'payments':
      return paymentLists(place, {
        orders: parts.orders.list(page),
        payments: parts.payments.list(SHOWN, 0),
        refunds: parts.refunds.list(null, SHOWN, 0),
        disputes: parts.disputes.list(page),
      });
    case 'mandates':
      return mandateLists(place, {
        mandates: parts.mandates.list(page),
        planOf: parts.plans.get,
        invoices: parts.invoices.list(page),
        links: parts.links.list(page),
      });
    case 'stripe':
      return stripeLists(place, parts.stripe.books, SHOWN);
  }
}

/** Does it, and answers the place on the page to come back to. */
async function press(parts: SandboxParts, asked: Pressed): Promise<string> {
  const { faults, courier } = parts;
  if (asked.do === 'reset') {
    faults.reset();
    return '';
  }
  if (asked.do === 'fault') {
    faults.set({ [asked.name]: asked.value });
    return `#${asked.name}`;
  }
  if (asked.do === 'clock') {
    await moveTime(parts.testTime, asked);
    return '';
  }
  if (asked.do === 'next') await courier.moveOn();
  else {
    act(parts, asked);
    await courier.deliverDue();
  }
  return '';
}

type Act = Exclude<Pressed, { do: 'reset' | 'fault' | 'clock' }>;

function act(parts: SandboxParts, asked: Act): void {
  const { payments, endpoint, deliveries, clock, play } = parts;
  switch (asked.do) {
    case 'deliver':
      deliveries.release(asked.eventId === undefined ? null : [asked.eventId], clock.now().getTime());
      return;
    case 'rotate':
      endpoint.rotate(null);
      return;
    case 'disable':
      endpoint.disable(clock.now().getTime());
      return;
    case 'enable':
      endpoint.enable();
      return;
    case 'authorise_late':
      play({ action: asked.do, paymentId: asked.paymentId });
      return;
    case 'capture':
      payments.capture(asked.paymentId, payments.get(asked.paymentId).amount);
      return;
    case 'pay':
    case 'fail':
      play(playRequest.parse({ action: asked.do, orderId: asked.orderId, reason: asked.reason }));
      return;
    case 'authorise':
      play(playRequest.parse({ action: 'pay', orderId: asked.orderId, capture: false }));
      return;
    case 'act':
      parts.act(actRequest.parse(withPaise(asked)));
      return;
    case 'stripe':
      parts.stripe.act(withPaise(asked));
      return;
  }
}

/** The amount in paise; without one, all of it is meant. */
function withPaise(asked: Extract<Pressed, { do: 'act' | 'stripe' }>): object {
  const { rupees = '', ...rest } = asked;
  return rupees.trim() === '' ? rest : { ...rest, amount: paiseOf(rupees) };
}
