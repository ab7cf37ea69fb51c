// Whether the process runs, whether it can work, and what all its routes are.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Parts } from '../parts.ts';
import { refuse } from '../verdict.ts';
import { answers, sendRefusal } from './answers.ts';

export function healthRoutes(parts: Parts, jobsRun: () => boolean): FastifyPluginAsyncZod {
  return async (app) => {
    const fine = z.object({ status: z.literal('ok') });
    app.get('/healthz', { schema: { operationId: 'isAlive', response: answers({ 200: fine }, []) } }, async () => ({
      status: 'ok' as const,
    }));
    app.get(
      '/readyz',
      { schema: { operationId: 'isReady', response: answers({ 200: fine }, []) } },
      async (_request, reply) => {
        await parts.database.app.query('select 1');
        return jobsRun() ? reply.send({ status: 'ok' as const }) : sendRefusal(reply, refuse('unavailable'));
      },
    );
    app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  };
}
