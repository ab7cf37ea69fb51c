// Balance and spend.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { creditBalance, type SpendAnswer, spendAnswer, spendRequest } from '../../shared/contract/credits.ts';
import { features, featuresOf, renewalStatusAt } from '../../shared/plan/renewal.ts';
import type { Parts } from '../parts.ts';
import { announceChange } from '../store/changes.ts';
import { lookUpKey, saveKey } from '../store/idempotency.ts';
import { getCreditBalance, lockLedger, spendCredits } from '../store/ledger.ts';
import { readSubscription, type SubscriptionRow } from '../store/subscriptions.ts';
import { accept, type Refused, refuse, type Verdict } from '../verdict.ts';
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
        const spent = await db.transaction(async (tx): Promise<Verdict<SpendAnswer>> => {
          // The ledger's lock comes first: two requests with one key cannot both find it new.
          const head = await lockLedger(tx, orgId);
          const key = await lookUpKey(tx, use);
          if (key.state === 'reused' || key.state === 'begun') return refuse('idempotency_key_reused');
          if (key.state === 'answered') return accept(key.answer as SpendAnswer);
          const now = parts.clock.now();
          const barred = whyBarred(await readSubscription(tx, orgId), feature, now);
          if (barred !== null) return barred;
          const spend = {
            amount,
            feature,
            reference: reference ?? null,
            idempotencyKey: use.key,
            actor: deviceId,
            occurredAt: now,
          };
          const outcome = await spendCredits(tx, orgId, head, spend, now);
          if (!outcome.ok) return refuse('insufficient_credits', { available: outcome.available, required: amount });
          const { entry } = outcome;
          const answer = { entry, balance: entry.balanceAfter, available: outcome.head.balance - outcome.head.held };
          await saveKey(tx, use, String(entry.seq), answer, now);
          await announceChange(tx, orgId);
          return accept(answer);
        });
        return spent.ok ? reply.send(spent.value) : sendRefusal(reply, spent);
      },
    );
  };
}

/** A plan is needed to spend at all; a feature that the renewal status turned off is refused by name. */
function whyBarred(row: SubscriptionRow, feature: string, now: Date): Refused | null {
  const status = renewalStatusAt(row, now);
  if (status === 'none') return refuse('plan_required');
  const known = features.keyof().safeParse(feature);
  return known.success && !featuresOf(status)[known.data] ? refuse('feature_unavailable', { feature }) : null;
}
