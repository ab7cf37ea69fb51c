// The operator's routes about what went wrong with money: the alarms, and looking at every unsettled order now.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { alarmItem, alarmList, alarmsQuery, reconcileAnswer } from '../../shared/contract/alarms.ts';
import { closeAlarmOf } from '../admin/close-alarm.ts';
import { sharedReconcile } from '../orders/reconcile.ts';
import type { Parts } from '../parts.ts';
import { listAlarms } from '../store/alarms.ts';
import { refuse } from '../verdict.ts';
import { operators, pageOr } from './admin.ts';
import { requireOperator } from './admin-auth.ts';
import { answers, pathId, sendRefusal, withBody, type ZodApp } from './answers.ts';

export function alarmRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireOperator(app, parts.config.adminToken));
    listRoute(app, parts);
    closeRoute(app, parts);
    reconcileRoute(app, parts);
  };
}

function listRoute(app: ZodApp, parts: Parts): void {
  app.get(
    '/api/admin/alarms',
    {
      schema: {
        operationId: 'adminListAlarms',
        querystring: alarmsQuery,
        response: answers({ 200: alarmList }, [...operators, 'invalid_request']),
      },
    },
    async (request, reply) => {
      const { state, cursor, limit } = request.query;
      const page = await pageOr(() => listAlarms(parts.database.acrossOrgs, state, cursor ?? null, limit));
      return 'ok' in page ? sendRefusal(reply, page) : reply.send({ ...page, items: [...page.items] });
    },
  );
}

function closeRoute(app: ZodApp, parts: Parts): void {
  app.post(
    '/api/admin/alarms/:id/close',
    {
      schema: {
        operationId: 'adminCloseAlarm',
        params: z.object({ id: pathId }),
        response: answers({ 200: alarmItem }, [...operators, ...withBody]),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const closed = /^\d{1,15}$/.test(id) ? await closeAlarmOf(parts, Number(id)) : refuse('not_found');
      return closed.ok ? reply.send(closed.value) : sendRefusal(reply, closed);
    },
  );
}

function reconcileRoute(app: ZodApp, parts: Parts): void {
  const reconcile = sharedReconcile(parts);
  app.post(
    '/api/admin/reconcile',
    {
      schema: {
        operationId: 'adminReconcile',
        response: answers({ 200: reconcileAnswer }, [...operators, ...withBody]),
      },
    },
    async (_request, reply) => {
      const done = await reconcile();
      return done.ok ? reply.send(done.value) : sendRefusal(reply, done);
    },
  );
}
