// What fastify answers before any route is chosen: an address that is none, and bytes that are no HTTP. Here they get the
// same envelope and headers as every other answer.
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorCatalogue } from '../../shared/contract/errors.ts';
import type { Parts } from '../parts.ts';
import { refuse } from '../verdict.ts';
import { bodyOf, invalid, sendRefusal } from './answers.ts';

/** The headers of every answer; Node adds `Date`. */
export function standingHeaders(requestId: string) {
  return { 'Cache-Control': 'no-store', 'X-Request-Id': requestId };
}

/** No route has such an address: `%zz`, or an id longer than any id. */
export function onBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendRefusal(reply.headers(standingHeaders(request.id)), refuse('not_found'));
}

/** The caller's bytes could not be read as a request, or its head is too large; the connection ends with the answer. */
export function onBadHttp({ clock, random, log }: Pick<Parts, 'clock' | 'random' | 'log'>) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    log.debug({ err: error }, 'not HTTP');
    const refused = invalid('request', 'is not HTTP that this server reads');
    const body = JSON.stringify(bodyOf(refused));
    const headers = {
      ...standingHeaders(random.bytes(12).toString('base64url')),
      Date: clock.now().toUTCString(),
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      Connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${errorCatalogue[refused.code].status} Bad Request\r\n${lines.join('')}\r\n${body}`);
  };
}
