// A played browser host: serves the built screen with the content security policy of the real one and plays the bridge
// over a WebSocket, from a scenario. For pictures of the screen and for trying it; `node tests/fakes/played-bridge.ts`.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import { callFrame } from '../../shared/contract/ipc.ts';
import { type PlayedCounter, playCounter, type Scenario } from './played-counter.ts';
import { typical } from './played-scenarios.ts';

export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
};
const built = join(import.meta.dirname, '../../out/renderer');

export interface PlayedBridge {
  readonly url: string;
  /** Another scenario from now on, for pages that are opened after. */
  readonly play: (scenario: Scenario) => PlayedCounter;
  /** Drops all pages and takes no new ones until called again. */
  readonly setAway: (away: boolean) => void;
  readonly stop: () => Promise<void>;
}

export async function startPlayedBridge(first: Scenario, port = 0): Promise<PlayedBridge> {
  let counter = playCounter(first);
  let away = false;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const file = path === '/' ? 'index.html' : normalize(path).replace(/^[/.]+/, '');
    const headers = {
      'Content-Security-Policy': contentSecurityPolicy,
      'Content-Type': types[extname(file)] ?? 'text/plain',
    };
    readFile(join(built, file)).then(
      (body) => response.writeHead(200, headers).end(body),
      () => response.writeHead(404, headers).end('not found'),
    );
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'pharmapulse.v1' });
  server.on('upgrade', (request, socket, head) => {
    if (away || request.url !== '/bridge') socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  });
  sockets.on('connection', (socket) => {
    const played = counter;
    const stop = played.onNotice((notice) => socket.send(JSON.stringify({ notice })));
    socket.on('close', stop);
    socket.on('message', (data) => {
      const { id, call, input } = callFrame.parse(JSON.parse(String(data)));
      const result = played.answer(call, input);
      if (result !== null) socket.send(JSON.stringify({ id, result }));
    });
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    play: (scenario) => {
      counter = playCounter(scenario);
      return counter;
    },
    setAway: (next) => {
      away = next;
      if (next) for (const socket of sockets.clients) socket.terminate();
    },
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((closed) => server.close(closed));
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const { url } = await startPlayedBridge(typical(), 4499);
  console.log(`the played counter is at ${url}#token=played`);
}
