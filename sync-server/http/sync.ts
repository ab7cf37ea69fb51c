// The feed that counters pull, and the event stream that tells them when to.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { feedPage, feedQuery } from '../../shared/contract/sync.ts';
import type { Parts } from '../parts.ts';
import { getCreditBalance, readFeed } from '../store/ledger.ts';
import { findCaller } from '../store/orgs.ts';
import { readStatus } from '../store/status.ts';
import { answers, answersIn, signedIn } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';

const commentEveryMs = 15_000;

export function syncRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    const { db } = parts.database;
    app.addHook('preHandler', requireCaller(parts));

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
        return db.transaction(
          async (tx) => {
            const rows = await readFeed(tx, orgId, after, limit);
            const status = await readStatus(parts, tx, orgId);
            return { entries: [...rows.entries], head: rows.head, status, serverTime: status.serverTime };
          },
          { isolationLevel: 'repeatable read', accessMode: 'read only' },
        );
      },
    );

    const open = new Set<() => void>();
    app.addHook('preClose', async () => {
      for (const close of open) close();
    });

    app.get(
      '/api/sync/events',
      { schema: { operationId: 'watchChanges', response: answersIn('text/event-stream', signedIn) } },
      async (request, reply) => {
        const { orgId } = callerOf(request);
        const token = (request.headers.authorization ?? '').slice('Bearer '.length);
        reply.hijack();
        const stream = reply.raw;
        stream.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'Content-Type': 'text/event-stream; charset=utf-8',
          Connection: 'keep-alive',
          'X-Accel-Buffering': 'no',
        });

        let telling: Promise<void> = Promise.resolve();
        const tell = () => {
          telling = telling
            .then(async () => {
              if (stream.writableEnded) return;
              const caller = await findCaller(db, token);
              if (caller === null || caller.revoked) return close();
              const { seq } = await getCreditBalance(db, orgId);
              stream.write(`event: changed\ndata: ${JSON.stringify({ seq })}\n\n`);
            })
            .catch((error: unknown) => {
              // The counter comes back by itself and pulls; a stream that cannot tell is worse than none.
              request.log.warn({ err: error }, 'event stream ended');
              close();
            });
        };
        const unsubscribe = parts.changes.subscribe(orgId, tell);
        const comments = setInterval(() => stream.write(': still here\n\n'), commentEveryMs);
        const close = () => {
          clearInterval(comments);
          unsubscribe();
          open.delete(close);
          if (!stream.writableEnded) stream.end();
        };
        open.add(close);
        stream.on('close', close);
        tell();
      },
    );
  };
}
