// The browser host: the same counter for a browser on this PC. Listens on 127.0.0.1 only; serves the built renderer, files on
// their way out of the app, and the bridge, each behind its checks. The token is in the printed address after `#`, which
// browsers never send to a server and which the page takes out of the address bar; unlike a cookie it is not shared with
// other ports.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { largestFrame } from '../../../shared/contract/frames.ts';
import type { Counter } from '../../counter.ts';
import type { Log } from '../../ports.ts';
import type { FileLinks } from './file-links.ts';
import { bridgeProtocol, isOwnHost, mayBridge } from './guard.ts';
import { createPages } from './pages.ts';
import { socketChannel } from './socket-channel.ts';

/** port: 0 for any free one. token: letters, digits, `-` and `_` that nobody can guess. rendererDir: absolute. */
export interface BrowserHostParts {
  readonly counter: Pick<Counter, 'serve'>;
  readonly links: Pick<FileLinks, 'serve'>;
  readonly rendererDir: string;
  readonly port: number;
  readonly token: string;
  readonly log: Log;
}

export interface BrowserHost {
  readonly port: number;
  /** With the token in it: whoever has this address may use the counter. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Rejects with `EADDRINUSE` when the port is busy. */
export async function startBrowserHost(parts: BrowserHostParts): Promise<BrowserHost> {
  const pages = createPages(parts.rendererDir);
  const server = createServer((request, response) => {
    if (isOwnHost(request.headers.host, portOf(server))) {
      if (!parts.links.serve(request, response)) pages(request, response);
      return;
    }
    response.writeHead(421, { 'Content-Type': 'text/plain; charset=utf-8' }).end('This counter has another address.\n');
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestFrame,
    handleProtocols: () => bridgeProtocol,
  });
  server.on('upgrade', (request, socket, head) => upgrade(parts, sockets, portOf(server), request, socket, head));
  await listen(server, parts.port);
  const port = portOf(server);
  return {
    port,
    url: `http://127.0.0.1:${port}/#token=${parts.token}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function upgrade(
  parts: BrowserHostParts,
  sockets: WebSocketServer,
  port: number,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { host, origin, 'sec-websocket-protocol': protocols } = request.headers;
  if (request.url !== '/bridge' || !mayBridge({ host, origin, protocols }, port, parts.token)) {
    parts.log('warn', 'a stranger knocked at the bridge', { host, origin, path: request.url?.slice(0, 100) });
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (open) => {
    const stop = parts.counter.serve(socketChannel(open, parts.log));
    open.on('close', stop);
    open.on('error', (error) => parts.log('warn', 'a bridge failed', { reason: String(error) }));
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
