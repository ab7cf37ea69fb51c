// Purchases and status.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  billingStatus,
  cursor,
  listLimit,
  planPurchaseRequest,
  purchase,
  purchaseList,
  purchaseState,
  renewalRequest,
  topupRequest,
} from '../../shared/contract/billing.ts';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import { cancelPurchase } from '../orders/close-purchase.ts';
import { type PurchaseWish, startPurchase } from '../orders/start-purchase.ts';
import type { Parts } from '../parts.ts';
import { showPurchase } from '../purchase/view.ts';
import { findPurchase, listPurchases } from '../store/purchases.ts';
import { readStatus } from '../store/status.ts';
import { refuse } from '../verdict.ts';
import { answers, invalid, pathId, sendRefusal, signedIn, withBody } from './answers.ts';
import { callerOf, keyUseOf, requireCaller } from './auth.ts';

const idParams = z.object({ id: pathId });
const buying: readonly ErrorCode[] = [...signedIn, ...withBody, 'idempotency_key_reused', 'price_changed'];

export function billingRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    const { db } = parts.database;
    app.addHook('preHandler', requireCaller(parts));

    const start = async (request: FastifyRequest, reply: FastifyReply, route: string, wish: PurchaseWish) => {
      const use = keyUseOf(request, route);
      if ('ok' in use) return sendRefusal(reply, use);
      const started = await startPurchase(parts, callerOf(request), wish, use);
      if (!started.ok) return sendRefusal(reply, started);
      return reply.code(started.value.first ? 201 : 200).send(started.value.purchase);
    };

    app.post(
      '/api/billing/plan/purchase',
      {
        schema: {
          operationId: 'buyPlan',
          body: planPurchaseRequest,
          response: answers({ 200: purchase, 201: purchase }, [
            ...buying,
            'plan_already_owned',
            'purchase_in_progress',
          ]),
        },
      },
      async (request, reply) => {
        const { id, expectedAmountPaise } = request.body;
        const wish = { id, expectedAmountPaise, sku: 'plan.pharmapulse-one', quantity: 1, renewalMode: null } as const;
        return start(request, reply, 'POST /api/billing/plan/purchase', wish);
      },
    );

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
        const { id, expectedAmountPaise, mode } = request.body;
        if (mode === 'autopay') return sendRefusal(reply, invalid('mode', 'autopay is not available yet'));
        const wish = { id, expectedAmountPaise, sku: 'renewal.year', quantity: 1, renewalMode: mode } as const;
        return start(request, reply, 'POST /api/billing/renewal/subscribe', wish);
      },
    );

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
        return start(request, reply, 'POST /api/billing/credits/topup', wish);
      },
    );

    app.get(
      '/api/billing/purchases',
      {
        schema: {
          operationId: 'listPurchases',
          querystring: z.object({ state: purchaseState.optional(), cursor, limit: listLimit }),
          response: answers({ 200: purchaseList }, [...signedIn, 'invalid_request']),
        },
      },
      async (request, reply) => {
        const { state, cursor: from, limit } = request.query;
        try {
          const page = await listPurchases(db, callerOf(request).orgId, state ?? null, from ?? null, limit);
          const items = page.items.map((row) => showPurchase(row, parts.publicUrl));
          return reply.send({ items, nextCursor: page.nextCursor });
        } catch (error) {
          if (error instanceof RangeError) return sendRefusal(reply, invalid('querystring.cursor', 'is not a cursor'));
          throw error;
        }
      },
    );

    app.get(
      '/api/billing/purchases/:id',
      {
        schema: {
          operationId: 'getPurchase',
          params: idParams,
          response: answers({ 200: purchase }, [...signedIn, 'not_found']),
        },
      },
      async (request, reply) => {
        const found = await findPurchase(db, callerOf(request).orgId, request.params.id);
        return found === null
          ? sendRefusal(reply, refuse('not_found'))
          : reply.send(showPurchase(found, parts.publicUrl));
      },
    );

    app.post(
      '/api/billing/purchases/:id/cancel',
      {
        schema: {
          operationId: 'cancelPurchase',
          params: idParams,
          response: answers({ 200: purchase }, [...signedIn, ...withBody, 'not_found', 'not_cancellable']),
        },
      },
      async (request, reply) => {
        const cancelled = await cancelPurchase(parts, callerOf(request), request.params.id);
        return cancelled.ok ? reply.send(cancelled.value) : sendRefusal(reply, cancelled);
      },
    );

    app.get(
      '/api/billing/status',
      { schema: { operationId: 'getStatus', response: answers({ 200: billingStatus }, signedIn) } },
      async (request) => readStatus(parts, db, callerOf(request).orgId),
    );
  };
}
