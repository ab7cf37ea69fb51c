// The pay page's routes. The way back from the provider proves nothing: it causes a look-up, and the page shows what is
// so then.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { purchaseState } from '../../shared/contract/billing.ts';
import { catalogue } from '../../shared/plan/catalogue.ts';
import { returnUrlOf } from '../orders/ensure-order.ts';
import { lookUpOrder } from '../orders/look-up.ts';
import { lookUpMandate } from '../orders/mandates.ts';
import type { Parts } from '../parts.ts';
import type { Checkout } from '../providers/port.ts';
import { stageOf } from '../purchase/mandate-machine.ts';
import { renewedUntil } from '../purchase/view.ts';
import { mandateOf } from '../store/mandate-rows.ts';
import { findByPayToken } from '../store/purchases.ts';
import type { PurchaseRow } from '../store/schema.ts';
import type { MandateRow } from '../store/schema-payments.ts';
import { refuse } from '../verdict.ts';
import { answers, answersIn, pathId, sendRefusal, type ZodApp } from './answers.ts';
import { limitPerAddress } from './limits.ts';
import { payCss, payIcon, payJs } from './pay-assets.ts';
import { renderPayPage, renderWrongLink } from './pay-page.ts';
import { payLanguages, payWordsFor, wantsPage } from './pay-words.ts';

const params = z.object({ purchaseId: pathId });
/** lang: of the page; where it names none of ours the browser's is taken. */
const query = z.object({ t: pathId.default('none'), lang: z.enum(payLanguages).optional().catch(undefined) });
type Query = z.infer<typeof query>;

export function payRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    // A form comes back from the provider; what is in it does not matter.
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) =>
      done(null, {}),
    );
    app.addHook('preHandler', limitPerAddress(app, [{ most: 600, seconds: 60 }]));
    assetRoutes(app);
    pageRoute(app, parts);
    stateRoute(app, parts);
    returnRoute(app, parts);
  };
}

function assetRoutes(app: ZodApp): void {
  const assets = [
    ['/pay/assets/pay.css', 'text/css; charset=utf-8', payCss],
    ['/pay/assets/pay.js', 'text/javascript; charset=utf-8', payJs],
    ['/pay/assets/icon.svg', 'image/svg+xml', payIcon],
  ] as const;
  for (const [path, type, text] of assets) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => reply.type(type).send(text));
  }
}

function pageRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/pay/:purchaseId',
    {
      schema: {
        operationId: 'showPayPage',
        params,
        querystring: query,
        response: answersIn('text/html', ['invalid_request', 'not_found', 'rate_limited']),
      },
    },
    async (request, reply) => {
      const row = await findByPayToken(parts.database.acrossOrgs, request.params.purchaseId, request.query.t);
      return row === null ? sendNotFound(parts, request, reply) : sendPage(parts, request, reply, row);
    },
  );
}

function stateRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/pay/:purchaseId/state',
    {
      schema: {
        operationId: 'readPayState',
        params,
        querystring: query,
        response: answers({ 200: z.object({ state: purchaseState }) }, [
          'invalid_request',
          'not_found',
          'rate_limited',
        ]),
      },
    },
    async (request, reply) => {
      const row = await findByPayToken(parts.database.acrossOrgs, request.params.purchaseId, request.query.t);
      return row === null ? sendRefusal(reply, refuse('not_found')) : reply.send({ state: row.state });
    },
  );
}

function returnRoute(app: ZodApp, parts: Parts): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/pay/:purchaseId/return',
    schema: { hide: true, params, querystring: query },
    handler: async (request, reply) => {
      const { purchaseId } = request.params;
      const { t, lang } = request.query;
      const row = await findByPayToken(parts.database.acrossOrgs, purchaseId, t);
      if (row === null) return sendNotFound(parts, request, reply);
      const asked = await mandateOf(parts.database.acrossOrgs, row);
      const looked = asked === null ? await lookUpOrder(parts, row) : await lookUpMandate(parts, asked, 'now');
      if (!looked.ok) request.log.warn({ purchaseId, reason: looked.reason }, 'look-up after the return failed');
      const spoken = lang === undefined ? '' : `&lang=${lang}`;
      return reply.redirect(`/pay/${purchaseId}?t=${encodeURIComponent(t)}${spoken}`, 303);
    },
  });
}

/** The mandate that is to pay this purchase, before it has. */
async function openMandateOf(parts: Parts, row: PurchaseRow): Promise<MandateRow | null> {
  const waits = row.state === 'awaiting_payment' && row.renewalMode === 'autopay' && row.providerOrderId === null;
  return waits ? mandateOf(parts.database.acrossOrgs, row) : null;
}

/** How the page is paid, or its mandate agreed to, now; null where there is nothing to pay, or no way to. */
async function checkoutOf(parts: Parts, row: PurchaseRow, mandate: MandateRow | null): Promise<Checkout | null> {
  const url = mandate?.authorisationUrl ?? null;
  if (url !== null) return { kind: 'redirect', url };
  if (row.state !== 'awaiting_payment' || row.providerOrderId === null) return null;
  const checkout = await parts.provider.checkout({
    orderId: row.providerOrderId,
    amountPaise: row.amountPaise,
    sellerName: parts.config.seller.name,
    description: catalogue[row.sku].description,
    returnUrl: returnUrlOf(parts.publicUrl, row),
  });
  if (checkout.ok) return checkout.value;
  parts.log.warn({ purchaseId: row.purchaseId, kind: checkout.kind, reason: checkout.reason }, 'no way to pay');
  return null;
}

/** Only where it can still be true: a renewal that is paid, or that can be paid now by hand. */
function untilOf(parts: Parts, row: PurchaseRow, mandate: MandateRow | null): string | null {
  if (row.state === 'paid') return renewedUntil(row, row.paidAt ?? parts.clock.now());
  return row.state === 'awaiting_payment' && mandate === null ? renewedUntil(row, parts.clock.now()) : null;
}

/** What a request of a person says of the page that it wants. */
type PageRequest = Pick<FastifyRequest, 'headers'> & { readonly query: Query };

const wordsOf = ({ headers, query: { lang } }: PageRequest) => payWordsFor(lang, headers);

function sendNotFound(parts: Parts, request: PageRequest, reply: FastifyReply): FastifyReply {
  if (!wantsPage(request.headers)) return sendRefusal(reply, refuse('not_found'));
  return sendHtml(reply.code(404), renderWrongLink(wordsOf(request), parts.config.seller.name), null);
}

async function sendPage(parts: Parts, request: PageRequest, reply: FastifyReply, row: PurchaseRow) {
  const mandate = await openMandateOf(parts, row);
  const checkout = await checkoutOf(parts, row, mandate);
  const page = renderPayPage(wordsOf(request), {
    sellerName: parts.config.seller.name,
    sku: row.sku,
    quantity: row.quantity,
    amountPaise: row.amountPaise,
    state: row.state,
    renewedUntil: untilOf(parts, row, mandate),
    failure: row.failureDescription,
    checkout,
    testMoney: parts.provider.name === 'sandbox',
    autopay:
      mandate === null ? null : { agreed: stageOf(mandate.status) === 'good', firstChargeAt: mandate.firstChargeAt },
  });
  return sendHtml(reply, page, checkout);
}

function sendHtml(reply: FastifyReply, html: string, checkout: Checkout | null): FastifyReply {
  return reply
    .headers({
      'Content-Security-Policy': contentPolicy(checkout),
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      Vary: 'Accept, Accept-Language',
    })
    .type('text/html; charset=utf-8')
    .send(html);
}

/** Our own files, and the provider's checkout where it runs on our page: it brings frames and styles of its own. */
function contentPolicy(checkout: Checkout | null): string {
  const base =
    "default-src 'none'; img-src 'self' data: https:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
  if (checkout?.kind !== 'script') return `${base}; script-src 'self'; style-src 'self'; form-action 'none'`;
  const { origin } = new URL(checkout.scriptUrl);
  const theirs = origin === 'https://checkout.razorpay.com' ? 'https://*.razorpay.com' : origin;
  return [
    `default-src 'none'; img-src 'self' data: https:; base-uri 'none'; frame-ancestors 'none'`,
    `connect-src 'self' ${theirs}; script-src 'self' ${theirs}; style-src 'self' 'unsafe-inline'; frame-src ${theirs}`,
    `form-action 'self' ${theirs}`,
  ].join('; ');
}
