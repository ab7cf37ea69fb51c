// How the connections end when the server stops: none is kept open for a request that will not be answered any more.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Node closes connections that are between two requests. Left are those of a request that still runs, which goes last on
 * its connection, and those that were opened ahead and never used, which would hold up the stop until they time out.
 */
export function letGoWhenClosing(app: FastifyInstance): void {
  let closing = false;
  const unused = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    if (closing) {
      socket.destroy();
      return;
    }
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  app.server.on('request', ({ socket }: { socket: Socket }) => unused.delete(socket));
  app.addHook('preClose', async () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('Connection', 'close');
  });
}
