// The event stream: tells a counter that something is new, so that it pulls. It carries no data of record.
import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Parts } from '../parts.ts';
import { getCreditBalance } from '../store/ledger.ts';
import { answersIn, signedIn } from './answers.ts';
import { callerOf, requireCaller } from './auth.ts';

/** A word at least this often, so that a stream that an antivirus holds back shows. */
const commentEveryMs = 15_000;

export function eventStreamRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook('onRequest', requireCaller(parts));
    const open = new Set<() => void>();
    app.addHook('preClose', async () => {
      for (const close of open) close();
    });

    app.get(
      '/api/sync/events',
      { schema: { operationId: 'watchChanges', response: answersIn('text/event-stream', signedIn) } },
      async (request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'Content-Type': 'text/event-stream; charset=utf-8',
          // The stream's end is the connection's: a stopping server must not wait for it.
          Connection: 'close',
          'X-Accel-Buffering': 'no',
        });
        const close = keepTelling(parts, request, reply.raw, () => open.delete(close));
        open.add(close);
      },
    );
  };
}

/** Tells now and at every change until the stream ends, the counter is revoked, or the function it returns is called. */
function keepTelling(parts: Parts, request: FastifyRequest, stream: ServerResponse, onClose: () => void): () => void {
  const { orgId } = callerOf(request);
  const token = (request.headers.authorization ?? '').slice('Bearer '.length);
  let telling: Promise<void> = Promise.resolve();

  const tellOnce = async (): Promise<void> => {
    if (stream.writableEnded) return;
    const caller = await parts.remembered.caller(token);
    if (caller === null || caller.revoked) {
      close();
      return;
    }
    const { seq } = await parts.database.inOrg(orgId, (tx) => getCreditBalance(tx, orgId));
    stream.write(`event: changed\ndata: ${JSON.stringify({ seq })}\n\n`);
  };
  const tell = () => {
    telling = telling.then(tellOnce).catch((error: unknown) => {
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
    onClose();
    if (!stream.writableEnded) stream.end();
  };
  stream.on('close', close);
  tell();
  return close;
}
