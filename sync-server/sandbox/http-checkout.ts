// Owns what a paying person's browser asks for: the script that a seller's page includes, the checkout page, and the
// answer to its buttons. The addresses of the seller's page come in the query and are taken only if they are http(s).

import { readFileSync } from 'node:fs';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { QUIET, sendPage } from './http-speech.ts';
import { checkoutPage, noSuchOrderPage } from './page-checkout.ts';
import type { SandboxParts } from './parts.ts';
import { playRequest } from './play.ts';
import { noSuchUrl } from './refusal.ts';

const asset = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
const ASSET_TYPES = {
  'icon.svg': 'image/svg+xml',
  'sandbox.css': 'text/css; charset=utf-8',
  'checkout.css': 'text/css; charset=utf-8',
  'desk.css': 'text/css; charset=utf-8',
  'operator.css': 'text/css; charset=utf-8',
  'operator-parts.css': 'text/css; charset=utf-8',
  'checkout-page.js': 'text/javascript; charset=utf-8',
  'operator-clock.css': 'text/css; charset=utf-8',
  'operator-page.js': 'text/javascript; charset=utf-8',
} as const;

const webAddress = z.url({ protocol: /^https?$/ }).catch('');
const checkoutQuery = z.object({
  name: z.string().min(1).max(100).catch('Sandbox seller'),
  description: z.string().max(300).catch(''),
  callback_url: webAddress,
  cancel_url: webAddress,
  parent: webAddress,
});
const orderParams = z.object({ orderId: z.string() });

export function checkoutRoutes({ orders, play }: SandboxParts): FastifyPluginAsync {
  return async (app) => {
    const base = app.prefix;
    const script = asset('checkout.js');
    app.get('/v1/checkout.js', QUIET, async (_request, reply) =>
      // The seller's page may be on another origin.
      reply.type('text/javascript; charset=utf-8').header('cross-origin-resource-policy', 'cross-origin').send(script),
    );
    for (const [name, type] of Object.entries(ASSET_TYPES)) {
      const text = asset(name);
      app.get(`/assets/${name}`, QUIET, async (_request, reply) => reply.type(type).send(text));
    }
    app.get('/checkout/:orderId', QUIET, async ({ params, query }, reply) => {
      const order = orders.find(orderParams.parse(params).orderId);
      if (order === null) return sendPage(reply.code(404), noSuchOrderPage(base));
      const { name, description, callback_url, cancel_url, parent } = checkoutQuery.parse(query);
      const parentOrigin = originOf(parent);
      const view = { base, order, sellerName: name, description, callbackUrl: callback_url, cancelUrl: cancel_url };
      return sendPage(reply, checkoutPage({ ...view, parentOrigin }), {
        'form-action': `'self' ${originOf(callback_url)}`.trim(),
        'frame-ancestors': parentOrigin === '' ? "'none'" : parentOrigin,
      });
    });
    app.post('/checkout/:orderId', QUIET, async ({ params, body }) => {
      const asked = playRequest.parse({ ...z.looseObject({}).parse(body), ...orderParams.parse(params) });
      // The page pays and fails its own order; the rest is for commands.
      if (asked.action === 'authorise_late') throw noSuchUrl();
      const { action, method, instrument, orderId } = asked;
      const reason = asked.action === 'fail' ? { reason: asked.reason } : {};
      return play(playRequest.parse({ action, orderId, method, instrument, ...reason })).checkout;
    });
  };
}

function originOf(url: string): string {
  return url === '' ? '' : new URL(url).origin;
}
