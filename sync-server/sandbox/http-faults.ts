// Owns the API's bad days: answers that the switches ask for in place of the real one, before anything was done or after
// all of it was.

import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Faults } from './faults.ts';
import { Refusal } from './refusal.ts';

const BAD_GATEWAY = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

export function answerWithFaults(api: FastifyInstance, faults: Faults): void {
  const hung = new Set<Socket>();
  const untilTheCallerLeaves = ({ raw: { socket } }: FastifyRequest): Promise<void> =>
    new Promise((resolve) => {
      hung.add(socket);
      socket.once('close', () => {
        hung.delete(socket);
        resolve();
      });
    });

  api.addHook('preHandler', async (request, reply) => {
    if (faults.take('api_hang')) {
      await untilTheCallerLeaves(request);
      // Nobody hears this; it keeps the handler from doing the work after all.
      throw new Refusal('The caller did not wait', { status: 503 });
    }
    if (faults.take('api_reset')) {
      request.raw.socket.resetAndDestroy();
      throw new Refusal('The connection was reset', { status: 503 });
    }
    if (faults.take('api_429')) {
      reply.header('retry-after', '2');
      throw new Refusal('Request failed because of too many requests', { status: 429 });
    }
    if (faults.take('api_500')) throw new Refusal('The server encountered an error', { status: 500 });
    if (faults.take('api_504_empty')) return reply.code(504).send();
    if (faults.take('api_502_html')) return reply.code(502).type('text/html').send(BAD_GATEWAY);
  });

  // preSerialization runs only after a handler that succeeded: by then the write is on the disk.
  api.addHook('preSerialization', async (request, reply, payload) => {
    if (request.method === 'GET' || reply.statusCode >= 400) return payload;
    if (faults.take('api_500_after_commit')) {
      reply.code(500);
      return new Refusal('The server encountered an error', { status: 500 }).body;
    }
    if (faults.take('api_hang_after_commit')) await untilTheCallerLeaves(request);
    if (faults.take('api_reset_after_commit')) request.raw.socket.resetAndDestroy();
    return payload;
  });

  // A server that drains must not wait for answers that never come.
  api.addHook('preClose', async () => {
    for (const socket of hung) socket.destroy();
  });
}
