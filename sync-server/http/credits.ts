// Balance and spend.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { creditBalance, spendAnswer, spendRequest } from '../../shared/contract/credits.ts';
import { features, featuresOf, type RenewalFacts, renewalStatusAt } from '../../shared/plan/renewal.ts';
import type { Parts } from '../parts.ts';
import { bodyHash, type KeyUse } from '../store/idempotency.ts';
import { getCreditBalance } from '../store/ledger.ts';
import { type Refused, refuse } from '../verdict.ts';
import { answers, sendRefusal, signedIn, withBody } from './answers.ts';
import { callerOf, keyUseOf, requireCaller } from './auth.ts';

export function creditRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    const { db } = parts.database;
    app.addHook('preHandler', requireCaller(parts));

    app.get(
      '/api/credits/balance',
      { schema: { operationId: 'getCreditBalance', response: answers({ 200: creditBalance }, signedIn) } },
      async (request) => getCreditBalance(db, callerOf(request).orgId),
    );

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
        const barred = whyBarred(await parts.remembered.renewal(orgId), feature, parts.clock.now());
        const spend = {
          amount,
          feature,
          reference: reference ?? null,
          key: use.key,
          bodyHash: hashOf(use),
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
  };
}

const hashOf = (use: KeyUse): string => bodyHash([use.route, use.body]).toString('hex');

/** A plan is needed to spend at all; a feature that the renewal status turned off is refused by name. */
export function whyBarred(facts: RenewalFacts, feature: string, now: Date): Refused | null {
  const status = renewalStatusAt(facts, now);
  if (status === 'none') return refuse('plan_required');
  const known = features.keyof().safeParse(feature);
  return known.success && !featuresOf(status)[known.data] ? refuse('feature_unavailable', { feature }) : null;
}
