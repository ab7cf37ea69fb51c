// What this process counts, for Prometheus, and the clock on every request. No token is asked for: http-api.md names none,
// scrapers rarely have one, and nothing here tells of an org, an amount or a person. Who does not want the world to see
// how busy the server is closes /metrics at the proxy.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Metrics } from '../metrics.ts';
import { answersIn } from './answers.ts';

/** Times every answer of the app; call it before any route is registered. */
export function timeRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? null;
    metrics.requestDone(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
  });
}

export function metricsRoutes(metrics: Metrics): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/metrics',
      { schema: { operationId: 'readMetrics', response: answersIn('text/plain', []) } },
      async (_request, reply) => sendText(reply, metrics.contentType, await metrics.text()),
    );
  };
}

function sendText(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.header('Content-Type', type).send(text);
}
