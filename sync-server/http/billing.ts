// Buying: plan, renewal, top-up. All three start a purchase; what one may ask for is in the request's shape. And the end of
// autopay.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  planPurchaseRequest,
  purchase,
  renewalRequest,
  subscription,
  topupRequest,
} from '../../shared/contract/billing.ts';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import { endAutopay } from '../orders/end-mandates.ts';
import { type PurchaseWish, startPurchase } from '../orders/start-purchase.ts';
import type { Parts } from '../parts.ts';
import { readSubscription, subscriptionAt } from '../store/subscriptions.ts';
import { answers, invalid, sendRefusal, signedIn, withBody, type ZodApp } from './answers.ts';
import { callerOf, keyUseOf, requireCaller } from './auth.ts';

const buying: readonly ErrorCode[] = [...signedIn, ...withBody, 'idempotency_key_reused', 'price_changed'];

export function billingRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    planRoute(app, parts);
    renewalRoute(app, parts);
    autopayCancelRoute(app, parts);
    topUpRoute(app, parts);
  };
}

function planRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/billing/plan/purchase',
    {
      schema: {
        operationId: 'buyPlan',
        body: planPurchaseRequest,
        response: answers({ 200: purchase, 201: purchase }, [...buying, 'plan_already_owned', 'purchase_in_progress']),
      },
    },
    async (request, reply) => {
      const { id, expectedAmountPaise } = request.body;
      const wish = { id, expectedAmountPaise, sku: 'plan.pharmapulse-one', quantity: 1, renewalMode: null } as const;
      return start(parts, request, reply, 'POST /api/billing/plan/purchase', wish);
    },
  );
}

function renewalRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/billing/renewal/subscribe',
    {
      schema: {
        operationId: 'renew',
        body: renewalRequest,
        response: answers({ 200: purchase, 201: purchase }, [...buying, 'plan_required', 'purchase_in_progress']),
      },
    },
    async (request, reply) => {
      const { id, expectedAmountPaise, expectedDue, mode } = request.body;
      if (mode === 'autopay' && parts.provider.mandates === null) {
        return sendRefusal(reply, invalid('mode', 'autopay is not available here'));
      }
      const wish = {
        ...{ id, expectedAmountPaise, expectedDue },
        ...({ sku: 'renewal.year', quantity: 1, renewalMode: mode } as const),
      };
      return start(parts, request, reply, 'POST /api/billing/renewal/subscribe', wish);
    },
  );
}

function autopayCancelRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/billing/renewal/autopay/cancel',
    {
      schema: {
        operationId: 'cancelAutopay',
        response: answers({ 200: subscription }, [...signedIn, ...withBody]),
      },
    },
    async (request, reply) => {
      const { orgId, deviceId } = callerOf(request);
      const ended = await endAutopay(parts, orgId, deviceId);
      if (!ended.ok) return sendRefusal(reply, ended);
      const row = await parts.database.inOrg(orgId, (tx) => readSubscription(tx, orgId));
      return reply.send(subscriptionAt(row, parts.clock.now()));
    },
  );
}

function topUpRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/billing/credits/topup',
    {
      schema: {
        operationId: 'topUp',
        body: topupRequest,
        response: answers({ 200: purchase, 201: purchase }, [...buying, 'plan_required']),
      },
    },
    async (request, reply) => {
      const { id, expectedAmountPaise, packs } = request.body;
      const wish = { id, expectedAmountPaise, sku: 'topup.50k', quantity: packs, renewalMode: null } as const;
      return start(parts, request, reply, 'POST /api/billing/credits/topup', wish);
    },
  );
}

async function start(parts: Parts, request: FastifyRequest, reply: FastifyReply, route: string, wish: PurchaseWish) {
  const use = keyUseOf(request, route);
  if ('ok' in use) return sendRefusal(reply, use);
  const started = await startPurchase(parts, callerOf(request), wish, use);
  if (!started.ok) return sendRefusal(reply, started);
  return reply.code(started.value.first ? 201 : 200).send(started.value.purchase);
}
