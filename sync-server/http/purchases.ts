// Purchases as they stand, cancelling one, and the org's status.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  billingStatus,
  cursor,
  listLimit,
  purchase,
  purchaseList,
  purchaseState,
} from '../../shared/contract/billing.ts';
import { cancelPurchase } from '../orders/close-purchase.ts';
import type { Parts } from '../parts.ts';
import { showPurchase } from '../purchase/view.ts';
import { findPurchase, listPurchases } from '../store/purchases.ts';
import { readStatus } from '../store/status.ts';
import { refuse } from '../verdict.ts';
import { answers, invalid, pathId, sendRefusal, signedIn, withBody, type ZodApp } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';

const idParams = z.object({ id: pathId });

export function purchaseRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    listRoute(app, parts);
    getRoute(app, parts);
    cancelRoute(app, parts);
    statusRoute(app, parts);
  };
}

function listRoute(app: ZodApp, parts: Parts): void {
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
        const { orgId } = callerOf(request);
        const page = await parts.database.inOrg(orgId, (tx) =>
          listPurchases(tx, orgId, state ?? null, from ?? null, limit),
        );
        const items = page.items.map((row) => showPurchase(row, parts.publicUrl));
        return reply.send({ items, nextCursor: page.nextCursor });
      } catch (error) {
        if (error instanceof RangeError) return sendRefusal(reply, invalid('querystring.cursor', 'is not a cursor'));
        throw error;
      }
    },
  );
}

function getRoute(app: ZodApp, parts: Parts): void {
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
      const { orgId } = callerOf(request);
      const found = await parts.database.inOrg(orgId, (tx) => findPurchase(tx, orgId, request.params.id));
      return found === null
        ? sendRefusal(reply, refuse('not_found'))
        : reply.send(showPurchase(found, parts.publicUrl));
    },
  );
}

function cancelRoute(app: ZodApp, parts: Parts): void {
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
}

function statusRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/billing/status',
    { schema: { operationId: 'getStatus', response: answers({ 200: billingStatus }, signedIn) } },
    async (request) => {
      const { orgId } = callerOf(request);
      return parts.database.inOrg(orgId, (tx) => readStatus(parts, tx, orgId), 'snapshot');
    },
  );
}
