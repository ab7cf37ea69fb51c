// Balance and spend.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { creditBalance, spendAnswer, spendRequest } from '../../shared/contract/credits.ts';
import { usage, usageQuery } from '../../shared/contract/usage.ts';
import type { Parts } from '../parts.ts';
import { requireFeature } from '../require-feature.ts';
import { getCreditBalance, sha256 } from '../store/ledger.ts';
import { readUsage } from '../store/usage.ts';
import { refuse } from '../verdict.ts';
import { answers, invalid, sendRefusal, signedIn, withBody, type ZodApp } from './answers.ts';
import { callerOf, keyUseOf, requireCaller } from './auth.ts';

export function creditRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    balanceRoute(app, parts);
    usageRoute(app, parts);
    spendRoute(app, parts);
  };
}

function balanceRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/credits/balance',
    { schema: { operationId: 'getCreditBalance', response: answers({ 200: creditBalance }, signedIn) } },
    async (request) => {
      const { orgId } = callerOf(request);
      return parts.database.inOrg(orgId, (tx) => getCreditBalance(tx, orgId));
    },
  );
}

function usageRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/credits/usage',
    {
      schema: {
        operationId: 'readUsage',
        querystring: usageQuery,
        response: answers({ 200: usage }, [...signedIn, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { from, to } = request.query;
      if (from > to) return sendRefusal(reply, invalid('querystring.from', 'is after to'));
      const { orgId } = callerOf(request);
      return reply.send(await parts.database.inOrg(orgId, (tx) => readUsage(tx, orgId, request.query)));
    },
  );
}

function spendRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/credits/spend',
    {
      schema: {
        operationId: 'spendCredits',
        body: spendRequest,
        response: answers({ 200: spendAnswer }, [
          ...signedIn,
          ...withBody,
          'insufficient_credits',
          'plan_required',
          'feature_unavailable',
          'idempotency_key_reused',
        ]),
      },
    },
    async (request, reply) => {
      const use = keyUseOf(request, 'POST /api/credits/spend');
      if ('ok' in use) return sendRefusal(reply, use);
      const { orgId, deviceId } = callerOf(request);
      const { amount, feature, reference } = request.body;
      const barred = await requireFeature(parts, orgId, feature);
      const spend = {
        amount,
        feature,
        reference: reference ?? null,
        key: use.key,
        bodyHash: sha256(JSON.stringify([use.route, amount, feature, reference ?? null])),
        actor: deviceId,
      };
      // What was done once is answered again whatever holds now; only a new spend can be barred.
      const verdict =
        barred === null ? await parts.ledger.spendCredits(orgId, spend) : await parts.ledger.repeat(orgId, spend);
      if (verdict === null) return sendRefusal(reply, barred ?? refuse('internal'));
      if (verdict.ok) {
        const { entry, available } = verdict;
        return reply.send({ entry, balance: entry.balanceAfter, available });
      }
      if (verdict.code !== 'insufficient_credits') return sendRefusal(reply, refuse(verdict.code));
      return sendRefusal(reply, refuse(verdict.code, { available: verdict.available, required: amount }));
    },
  );
}
