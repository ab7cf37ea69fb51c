// Holds: reserving credits, taking of what was reserved, giving it back.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  type CaptureAnswer,
  captureAnswer,
  captureRequest,
  type HoldAnswer,
  type HoldRequest,
  holdAnswer,
  holdRequest,
  type ReleaseAnswer,
  releaseAnswer,
} from '../../shared/contract/credits.ts';
import { makeId } from '../clock.ts';
import { decideCapture, decideRelease, placeHold } from '../ledger/hold.ts';
import type { Parts } from '../parts.ts';
import { requireFeature } from '../require-feature.ts';
import { captureHold, findHold, giveBack, insertHold } from '../store/holds.ts';
import { type KeyUse, lookUpKey, saveKey } from '../store/idempotency.ts';
import { lockLedger } from '../store/ledger.ts';
import type { Caller } from '../store/orgs.ts';
import { accept, refuse, type Verdict } from '../verdict.ts';
import { answers, invalid, pathId, sendRefusal, signedIn, withBody, type ZodApp } from './answers.ts';
import { callerOf, keyUseOf, requireCaller } from './auth.ts';

const idParams = z.object({ id: pathId });

export function holdRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    placeRoute(app, parts);
    captureRoute(app, parts);
    releaseRoute(app, parts);
  };
}

function placeRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/credits/holds',
    {
      schema: {
        operationId: 'holdCredits',
        body: holdRequest,
        response: answers({ 200: holdAnswer, 201: holdAnswer }, [
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
      const use = keyUseOf(request, 'POST /api/credits/holds');
      if ('ok' in use) return sendRefusal(reply, use);
      const placed = await place(parts, callerOf(request), request.body, use);
      if (!placed.ok) return sendRefusal(reply, placed);
      return reply.code(placed.value.first ? 201 : 200).send(placed.value.answer);
    },
  );
}

function captureRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/credits/holds/:id/capture',
    {
      schema: {
        operationId: 'captureHold',
        params: idParams,
        body: captureRequest,
        response: answers({ 200: captureAnswer }, [
          ...signedIn,
          ...withBody,
          'not_found',
          'hold_closed',
          'idempotency_key_reused',
        ]),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const use = keyUseOf(request, `POST /api/credits/holds/${id}/capture`);
      if ('ok' in use) return sendRefusal(reply, use);
      const captured = await capture(parts, callerOf(request), id, request.body.amount, use);
      return captured.ok ? reply.send(captured.value) : sendRefusal(reply, captured);
    },
  );
}

function releaseRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/credits/holds/:id/release',
    {
      schema: {
        operationId: 'releaseHold',
        params: idParams,
        response: answers({ 200: releaseAnswer }, [...signedIn, ...withBody, 'not_found', 'hold_closed']),
      },
    },
    async (request, reply) => {
      const released = await release(parts, callerOf(request), request.params.id);
      return released.ok ? reply.send(released.value) : sendRefusal(reply, released);
    },
  );
}

interface Placed {
  readonly first: boolean;
  readonly answer: HoldAnswer;
}

async function place(parts: Parts, caller: Caller, wish: HoldRequest, use: KeyUse): Promise<Verdict<Placed>> {
  const { orgId, deviceId: actor } = caller;
  const barred = await requireFeature(parts, orgId, wish.feature);
  const placed = await parts.database.inOrg(orgId, async (tx): Promise<Verdict<Placed>> => {
    // The ledger's lock comes first: two requests with one key cannot both find it new.
    const head = await lockLedger(tx, orgId);
    const key = await lookUpKey(tx, use);
    if (key.state === 'answered') return accept({ first: false, answer: key.answer as HoldAnswer });
    if (key.state !== 'new') return refuse('idempotency_key_reused');
    if (barred !== null) return barred;
    const after = placeHold(head, wish.amount);
    if (after === null) {
      return refuse('insufficient_credits', { available: head.balance - head.held, required: wish.amount });
    }
    const now = parts.clock.now();
    const holdId = makeId('hold', parts.clock, parts.random);
    const expiresAt = new Date(now.getTime() + wish.ttlSeconds * 1000);
    const { amount, feature } = wish;
    await insertHold(tx, after, { orgId, holdId, amount, feature, actor, expiresAt }, now);
    const answer = { holdId, expiresAt: expiresAt.toISOString(), available: after.balance - after.held };
    await saveKey(tx, use, holdId, answer, now);
    return accept({ first: true, answer });
  });
  if (placed.ok && placed.value.first) parts.changes.announceEntries([orgId]);
  return placed;
}

async function capture(
  parts: Parts,
  { orgId, deviceId: actor }: Caller,
  holdId: string,
  amount: number,
  use: KeyUse,
): Promise<Verdict<CaptureAnswer>> {
  const captured = await parts.database.inOrg(orgId, async (tx): Promise<Verdict<CaptureAnswer>> => {
    const head = await lockLedger(tx, orgId);
    const key = await lookUpKey(tx, use);
    if (key.state === 'answered') return accept(key.answer as CaptureAnswer);
    if (key.state !== 'new') return refuse('idempotency_key_reused');
    const hold = await findHold(tx, orgId, holdId);
    if (hold === null) return refuse('not_found');
    const now = parts.clock.now();
    const decided = decideCapture(head, hold, amount, now);
    if (decided.kind === 'closed') return refuse('hold_closed');
    if (decided.kind === 'too_much') return invalid('amount', `is more than the ${hold.amount} that are held`);
    const answer = await captureHold(tx, decided.head, hold, { amount, use, actor }, now);
    await saveKey(tx, use, holdId, answer, now);
    return accept(answer);
  });
  if (captured.ok) parts.changes.announceEntries([orgId]);
  return captured;
}

async function release(parts: Parts, { orgId }: Caller, holdId: string): Promise<Verdict<ReleaseAnswer>> {
  const released = await parts.database.inOrg(orgId, async (tx): Promise<Verdict<ReleaseAnswer>> => {
    const head = await lockLedger(tx, orgId);
    const hold = await findHold(tx, orgId, holdId);
    if (hold === null) return refuse('not_found');
    const now = parts.clock.now();
    const after = decideRelease(head, hold, now);
    if (after === null) return refuse('hold_closed');
    await giveBack(tx, after, hold, 'released', now);
    return accept({ holdId, available: after.balance - after.held });
  });
  if (released.ok) parts.changes.announceEntries([orgId]);
  return released;
}
