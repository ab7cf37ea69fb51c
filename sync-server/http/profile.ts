// The buyer's profile: who stands on the org's next invoice. Any counter of the org may read and change it.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { profile, profileRequest } from '../../shared/contract/profile.ts';
import type { Parts } from '../parts.ts';
import { changeProfile, readProfile } from '../store/profile.ts';
import { answers, sendRefusal, signedIn, withBody, type ZodApp } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';
import { checkPlace } from './place.ts';

export function profileRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    readRoute(app, parts);
    changeRoute(app, parts);
  };
}

function readRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/billing/profile',
    { schema: { operationId: 'getProfile', response: answers({ 200: profile }, signedIn) } },
    async (request) => {
      const { orgId } = callerOf(request);
      return parts.database.inOrg(orgId, (tx) => readProfile(tx, orgId));
    },
  );
}

function changeRoute(app: ZodApp, parts: Parts): void {
  app.put(
    '/api/billing/profile',
    {
      schema: {
        operationId: 'changeProfile',
        body: profileRequest,
        response: answers({ 200: profile }, [...signedIn, ...withBody]),
      },
    },
    async (request, reply) => {
      const place = checkPlace(request.body);
      if (!place.ok) return sendRefusal(reply, place);
      const { orgId, deviceId } = callerOf(request);
      const wish = { ...request.body, ...place.value };
      const changed = await parts.database.inOrg(orgId, (tx) =>
        changeProfile(tx, orgId, wish, deviceId, parts.clock.now()),
      );
      return reply.send(changed);
    },
  );
}
