// The feed that counters pull.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { feedPage, feedQuery } from '../../shared/contract/sync.ts';
import type { Parts } from '../parts.ts';
import { readFeed } from '../store/ledger.ts';
import { readStatus } from '../store/status.ts';
import { answers, signedIn } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';

export function syncRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));

    app.get(
      '/api/sync/feed',
      {
        schema: {
          operationId: 'readFeed',
          querystring: feedQuery,
          response: answers({ 200: feedPage }, [...signedIn, 'invalid_request']),
        },
      },
      async (request) => {
        const { orgId } = callerOf(request);
        const { after, limit } = request.query;
        // One snapshot of the database, so that entries, head and status are of one moment.
        return parts.database.inOrg(
          orgId,
          async (tx) => {
            const rows = await readFeed(tx, orgId, after, limit);
            const status = await readStatus(parts, tx, orgId);
            return { entries: [...rows.entries], head: rows.head, status, serverTime: status.serverTime };
          },
          'snapshot',
        );
      },
    );
  };
}
