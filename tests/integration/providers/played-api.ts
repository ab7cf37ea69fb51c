// A provider's API as far as the contract needs it: a server that answers what a table of routes says, remembers what it
// was asked, and can be told to fail in the ways that real ones do.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What goes wrong with the next call. `…_after`: it was done, and the answer is lost. The others did nothing.
 */
export type Trouble = 'reset_after' | 'hang_after' | 'fail' | 'fail_after' | 'html' | 'busy';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface PlayedApi {
  readonly url: string;
  readonly seen: readonly Asked[];
  /** One is used up by each call; none is left when all goes well. */
  readonly troubles: Trouble[];
  /** How many calls go well before the first trouble. */
  passes: number;
  /** The next call that changes something is done, and its answer lost. */
  loseNextWrite(): void;
  close(): Promise<void>;
}

export async function openPlayedApi(answer: (asked: Asked) => Answer): Promise<PlayedApi> {
  const seen: Asked[] = [];
  const troubles: Trouble[] = [];
  let loseWrite = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://provider');
      const body = Buffer.concat(chunks).toString('utf8');
      const { method = '', headers } = request;
      const asked = { method, path: pathname, query: searchParams, headers, body };
      seen.push(asked);
      const lost = loseWrite && method === 'POST';
      if (lost) loseWrite = false;
      const passes = self.passes > 0;
      if (passes) self.passes -= 1;
      const trouble = lost ? 'reset_after' : passes ? null : (troubles.shift() ?? null);
      reply(request, response, trouble, () => answer(asked));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const self: PlayedApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    troubles,
    passes: 0,
    loseNextWrite: () => {
      loseWrite = true;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return self;
}

function reply(request: IncomingMessage, response: ServerResponse, trouble: Trouble | null, work: () => Answer): void {
  const json = (status: number, body: unknown, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const failure = { error: { code: 'SERVER_ERROR', type: 'api_error', description: 'Oops', message: 'Oops' } };
  if (trouble?.endsWith('_after')) work();
  switch (trouble) {
    case 'reset_after':
      request.socket.resetAndDestroy();
      return;
    case 'hang_after':
      return;
    case 'fail':
    case 'fail_after':
      json(500, failure);
      return;
    case 'html':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
      return;
    case 'busy':
      json(429, failure, { 'retry-after': '7' });
      return;
    case null: {
      const { status = 200, headers = {}, body } = work();
      json(status, body, headers);
    }
  }
}

/** An address at which nobody listens: it was given to this process a moment ago and let go of. */
export async function addressOfNobody(): Promise<string> {
  const { url, close } = await openPlayedApi(() => ({ body: null }));
  await close();
  return url;
}
