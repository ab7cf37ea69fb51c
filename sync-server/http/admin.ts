// The operator's routes: orgs and their credits, the audit log, webhooks, and the proof that the books are right.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  adjustAnswer,
  adjustRequest,
  adminOrgAnswer,
  adminOrgList,
  adminOrgsQuery,
  auditList,
  auditQuery,
  verifyAnswer,
  verifyQuery,
  webhookItem,
  webhookList,
  webhooksQuery,
} from '../../shared/contract/admin.ts';
import { adjustOrgCredits } from '../admin/adjust-credits.ts';
import { runVerify } from '../admin/run-verify.ts';
import type { Parts } from '../parts.ts';
import { findWebhook, listAudit, listOrgs, listWebhooks, readOrg } from '../store/operator.ts';
import { VerifierStopped, type VerifyReport } from '../store/verify.ts';
import { type Refused, refuse } from '../verdict.ts';
import { requireOperator } from './admin-auth.ts';
import { answers, invalid, pathId, sendRefusal, withBody, type ZodApp } from './answers.ts';
import { optionalKeyOf } from './auth.ts';

const idParams = z.object({ id: pathId });
/** Every route of operators can be unknown to a server without ADMIN_TOKEN, and refuse a wrong one. */
export const operators = ['unauthenticated', 'rate_limited', 'not_found'] as const;
const badCursor = invalid('querystring.cursor', 'is not a cursor');
/** Any id can be asked for; what can be none finds nothing, and never reaches the database. */
const idOf = (text: string) => pathId.parse(text);

export function adminRoutes(parts: Parts, replay: (inboxId: number) => Promise<void>): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireOperator(app, parts.config.adminToken));
    orgRoutes(app, parts);
    creditsRoute(app, parts);
    auditRoute(app, parts);
    webhookRoutes(app, parts, replay);
    verifyRoute(app, parts);
  };
}

/** A page, or the refusal of a cursor that no answer gave. */
export async function pageOr<T>(read: () => Promise<T>): Promise<T | Refused> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RangeError) return badCursor;
    throw error;
  }
}

function orgRoutes(app: ZodApp, parts: Parts): void {
  const { acrossOrgs: db } = parts.database;
  app.get(
    '/api/admin/orgs',
    {
      schema: {
        operationId: 'adminListOrgs',
        querystring: adminOrgsQuery,
        response: answers({ 200: adminOrgList }, [...operators, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { query, cursor, limit } = request.query;
      // A NUL can stand in no text of the database.
      if (query?.includes('\0') === true) return reply.send({ items: [], nextCursor: null });
      const page = await pageOr(() => listOrgs(db, query ?? '', cursor ?? null, limit, parts.clock.now()));
      return 'ok' in page ? sendRefusal(reply, page) : reply.send({ ...page, items: [...page.items] });
    },
  );
  app.get(
    '/api/admin/orgs/:id',
    {
      schema: {
        operationId: 'adminGetOrg',
        params: idParams,
        response: answers({ 200: adminOrgAnswer }, operators),
      },
    },
    async (request, reply) => {
      const read = () => readOrg(db, request.params.id, parts.publicUrl, parts.clock.now());
      const found = await read();
      return found === null ? sendRefusal(reply, refuse('not_found')) : reply.send(found);
    },
  );
}

function creditsRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/admin/orgs/:id/credits',
    {
      schema: {
        operationId: 'adminAdjustCredits',
        params: idParams,
        body: adjustRequest,
        response: answers({ 200: adjustAnswer }, [
          ...operators,
          ...withBody,
          'insufficient_credits',
          'idempotency_key_reused',
        ]),
      },
    },
    async (request, reply) => {
      const key = optionalKeyOf(request);
      if (!key.ok) return sendRefusal(reply, key.refused);
      const adjusted = await adjustOrgCredits(parts, request.params.id, request.body, key.value);
      return adjusted.ok ? reply.send(adjusted.value) : sendRefusal(reply, adjusted);
    },
  );
}

function auditRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/admin/audit',
    {
      schema: {
        operationId: 'adminListAudit',
        querystring: auditQuery,
        response: answers({ 200: auditList }, [...operators, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { org, cursor, limit } = request.query;
      const orgId = org === undefined ? null : idOf(org);
      const page = await pageOr(() => listAudit(parts.database.acrossOrgs, orgId, cursor ?? null, limit));
      return 'ok' in page ? sendRefusal(reply, page) : reply.send({ ...page, items: [...page.items] });
    },
  );
}

function webhookRoutes(app: ZodApp, parts: Parts, replay: (inboxId: number) => Promise<void>): void {
  const { acrossOrgs: db } = parts.database;
  app.get(
    '/api/admin/webhooks',
    {
      schema: {
        operationId: 'adminListWebhooks',
        querystring: webhooksQuery,
        response: answers({ 200: webhookList }, [...operators, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { state, cursor, limit } = request.query;
      const page = await pageOr(() => listWebhooks(db, state ?? null, cursor ?? null, limit));
      return 'ok' in page ? sendRefusal(reply, page) : reply.send({ ...page, items: [...page.items] });
    },
  );
  app.post(
    '/api/admin/webhooks/:id/replay',
    {
      schema: {
        operationId: 'adminReplayWebhook',
        params: idParams,
        response: answers({ 200: webhookItem }, [...operators, ...withBody]),
      },
    },
    async (request, reply) => {
      const inboxId = /^\d{1,15}$/.test(request.params.id) ? Number(request.params.id) : null;
      if (inboxId === null || (await findWebhook(db, inboxId)) === null) return sendRefusal(reply, refuse('not_found'));
      await replay(inboxId);
      const after = await findWebhook(db, inboxId);
      if (after === null) throw new Error(`webhook ${inboxId} vanished`);
      return reply.send(after);
    },
  );
}

function verifyRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/admin/verify',
    {
      schema: {
        operationId: 'adminVerify',
        querystring: verifyQuery,
        response: answers({ 200: verifyAnswer }, [...operators, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { org } = request.query;
      let report: VerifyReport | null;
      try {
        report = await runVerify(parts, org === undefined ? null : idOf(org));
      } catch (error) {
        if (error instanceof VerifierStopped) return sendRefusal(reply, refuse('unavailable'));
        throw error;
      }
      return report === null ? sendRefusal(reply, refuse('not_found')) : reply.send(report);
    },
  );
}
