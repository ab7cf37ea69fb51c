// The transports of the bridge, each from a page's end to the core's: two functions with a copy between them, the browser host's
// own WebSocket, and Electron's IPC under the strict fake, with the real preload.
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { bridgeProtocol } from '../../../main/hosts/browser/guard.ts';
import { startBrowserHost } from '../../../main/hosts/browser/server.ts';
import { channels } from '../../../main/hosts/electron/ipc.ts';
import type { Channel } from '../../../main/ipc/channel.ts';
import type { LinkedBridge } from '../../../renderer/link.ts';
import { type SocketEvents, socketBridge } from '../../../renderer/socket-bridge.ts';
import type { Bridge } from '../../../shared/contract/frames.ts';
import { FakeContents, type FakeFrame, fakePage } from '../../fakes/electron-page.ts';
import { Emitter } from '../../fakes/electron-strict.ts';
import { tempFolder } from '../../fakes/played-stage.ts';

type Serve = (channel: Channel) => () => void;

/**
 * One page. bridge: what the screen has of it. send: puts a frame on the transport behind the bridge's back. answers: frames that
 * came for this page. ended: resolves when main has ended it.
 */
export interface Line {
  readonly bridge: Bridge;
  readonly send: (frame: unknown) => void;
  readonly answers: () => number;
  readonly ended: Promise<unknown>;
}

/** stranger: tries to get a frame to the core; resolves with how many frames came back. */
export interface Host {
  readonly open: () => Promise<Line>;
  readonly strangers: Readonly<Record<string, (frame: unknown) => Promise<number>>>;
}

export type Wire = (serve: Serve) => Promise<Host>;

function inMemory(serve: Serve) {
  const waiting = new Map<number, (result: unknown) => void>();
  const listeners = new Set<(notice: unknown) => void>();
  const ended = Promise.withResolvers<unknown>();
  let answers = 0;
  let last = 0;
  let listener: (frame: unknown) => void = () => undefined;
  const stop = serve({
    post(frame) {
      const { id, result, notice } = structuredClone(frame) as { id?: number; result?: unknown; notice?: unknown };
      if (id === undefined) return listeners.forEach((listen) => void listen(notice));
      answers += 1;
      waiting.get(id)?.(result);
    },
    onMessage: (listen) => {
      listener = listen;
    },
    close: ended.resolve,
  });
  const send = (frame: unknown) => listener(structuredClone(frame));
  const bridge: Bridge = {
    call: (call, input) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        send({ id: last, call, input });
      }),
    subscribe: (listen) => {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
  return { bridge, send, answers: () => answers, ended: ended.promise, stop };
}

const memory: Wire = async (serve) => ({
  open: async () => inMemory(serve),
  strangers: {
    'a page that is served no more': async (frame) => {
      const line = inMemory(serve);
      line.stop();
      line.send(frame);
      return line.answers();
    },
    'a page that was ended for what it sent': async (frame) => {
      const line = inMemory(serve);
      line.send('no call');
      await line.ended;
      line.send(frame);
      return line.answers();
    },
  },
});

/** The renderer's own bridge over a WebSocket, as the page at this address opens it. */
export function socketLine(port: number, token: string): Line & { readonly bridge: LinkedBridge } {
  let answers = 0;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/bridge`, [bridgeProtocol, `token.${token}`], {
    origin: `http://127.0.0.1:${port}`,
  });
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const open = ({ opened, closed, received }: SocketEvents) => {
    socket.on('open', opened).on('close', closed);
    socket.on('message', (data) => {
      if (!String(data).startsWith('{"notice"')) answers += 1;
      received(String(data));
    });
    return { send: (text: string) => socket.send(text) };
  };
  // One connection is one line: what comes after it is another's.
  const bridge = socketBridge({ open, after: () => () => undefined, random: () => 0.5 });
  onTestFinished(() => socket.terminate());
  return { bridge, send: (frame) => socket.send(JSON.stringify(frame)), answers: () => answers, ended };
}

export const isUp = (bridge: LinkedBridge) =>
  new Promise<void>((up) => {
    bridge.onLink((link) => {
      if (link === 'up') up();
    });
  });

const token = 'played-token-0123456789';

const socket: Wire = async (serve) => {
  const host = await startBrowserHost({
    ...{ counter: { serve }, links: { serve: () => false }, rendererDir: join(tempFolder(), 'renderer') },
    ...{ port: 0, token, log: () => undefined },
  });
  onTestFinished(host.close);
  const own = `http://127.0.0.1:${host.port}`;
  const knock =
    (protocols: string[], origin: string | undefined, host_ = {}) =>
    async (frame: unknown) => {
      let answers = 0;
      const knocking = new WebSocket(`ws://127.0.0.1:${host.port}/bridge`, protocols, {
        ...(origin === undefined ? {} : { origin }),
        headers: host_,
      });
      knocking.on('message', () => {
        answers += 1;
      });
      await new Promise<void>((refused) => {
        knocking.on('error', () => refused());
        knocking.on('open', () => knocking.send(JSON.stringify(frame), () => knocking.close()));
        knocking.on('close', () => refused());
      });
      return answers;
    };
  const ours = [bridgeProtocol, `token.${token}`];
  return {
    open: async () => {
      const line = socketLine(host.port, token);
      await isUp(line.bridge);
      return line;
    },
    strangers: {
      'a page without the token': knock([bridgeProtocol], own),
      'a page with a wrong token': knock([bridgeProtocol, 'token.wrong'], own),
      "another site's page": knock(ours, 'https://evil.example'),
      'a program without an origin': knock(ours, undefined),
      'a page of a rebound host': knock(ours, `http://evil.example:${host.port}`, {
        Host: `evil.example:${host.port}`,
      }),
    },
  };
};

const electron: Wire = async (serve) => {
  const ipcMain = new Emitter();
  const contents = new FakeContents();
  contents.frame.url = 'app://shop/index.html';
  const ended = new Set<() => void>();
  const warned = (_level: string, message: string) => {
    if (message === 'the channel to the page was closed') for (const end of ended) end();
  };
  channels(ipcMain, contents as never, warned, serve);
  const answered = () => contents.sent.filter(({ args }) => 'id' in (args[0] as object)).length;
  const from = (sender: FakeContents, senderFrame: FakeFrame | null) => async (frame: unknown) => {
    const before = answered();
    ipcMain.fire('frame', { sender, senderFrame }, structuredClone(frame));
    await Promise.resolve();
    return answered() - before;
  };
  const other = new FakeContents();
  other.frame.url = 'app://shop/index.html';
  const address = 'app://shop/index.html';
  return {
    open: async () => {
      const page = fakePage(contents, ipcMain);
      vi.resetModules();
      vi.doMock('electron', () => page.electron);
      await import('../../../main/hosts/electron/preload.ts');
      vi.doUnmock('electron');
      const begun = answered();
      return {
        bridge: page.world.bridge as Bridge,
        send: (frame) => page.send('frame', frame),
        answers: () => answered() - begun,
        ended: new Promise<void>((end) => ended.add(end)),
      };
    },
    strangers: {
      'another site in our window': from(contents, { url: 'https://evil.example/', parent: null }),
      'a frame within our page': from(contents, { url: address, parent: contents.frame }),
      'a frame that is gone': from(contents, null),
      'our address in another window': from(other, other.frame),
    },
  };
};

export const wires: Readonly<Record<string, Wire>> = {
  'in memory': memory,
  "the browser host's WebSocket": socket,
  "Electron's IPC": electron,
};
