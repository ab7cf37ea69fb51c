// A browser whose pages nobody watches. Playwright listens to the network of every page; for that the browser notes from which
// line each socket and each file was asked for, and reads a large script a second time to know it (V8.CollectSourcePositions in
// a trace, 30 to 90 ms of a page's first second here). No user waits for that, so the pages that are measured are led over the
// browser's own protocol, and are asked for nothing but what is measured.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

export interface BarePage {
  /** What an expression comes to, its promise awaited; rejects when it throws. */
  readonly evaluate: <T>(expression: string) => Promise<T>;
  readonly close: () => Promise<void>;
}

export interface BareBrowser {
  /** A page, its processor slowed from the first byte on; resolves when the page begins to come. What it caches the profile keeps. */
  readonly open: (url: string, look: { width: number; height: number; slower: number }) => Promise<BarePage>;
  readonly close: () => Promise<void>;
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--remote-debugging-port=0',
  '--no-first-run',
  '--accept-lang=en-IN',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

type Send = <T>(method: string, params?: object, sessionId?: string) => Promise<T>;

/** folder: for the browser's profile; what an earlier browser kept there is used. */
export async function startBareBrowser(executable: string, folder: string): Promise<BareBrowser> {
  const child = spawn(executable, [...flags, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const address = await new Promise<string>((found, fail) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const at = /^DevTools listening on (\S+)/.exec(line)?.[1];
      if (at !== undefined) found(at);
    });
    child.once('exit', (code) => fail(new Error(`the browser ended with ${code}`)));
  });
  const { send, close } = await connect(address);
  return {
    open: (url, look) => openPage(send, url, look),
    close: async () => {
      close();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function openPage(send: Send, url: string, look: { width: number; height: number; slower: number }) {
  const { width, height, slower } = look;
  const blank = { url: 'about:blank', newWindow: true, width, height };
  const { targetId } = await send<{ targetId: string }>('Target.createTarget', blank);
  const attached = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  const { sessionId } = attached;
  const screen = { width, height, deviceScaleFactor: 1, mobile: false };
  await send('Emulation.setDeviceMetricsOverride', screen, sessionId);
  await send('Emulation.setCPUThrottlingRate', { rate: slower }, sessionId);
  await send('Page.navigate', { url }, sessionId);
  return {
    evaluate: async <T>(expression: string): Promise<T> => {
      const how = { expression, awaitPromise: true, returnByValue: true };
      const answer = await send<Evaluated>('Runtime.evaluate', how, sessionId);
      if (answer.exceptionDetails !== undefined) throw new Error(JSON.stringify(answer.exceptionDetails));
      return answer.result.value as T;
    },
    close: async () => {
      await send('Target.closeTarget', { targetId });
    },
  };
}

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: object;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

async function connect(address: string): Promise<{ send: Send; close: () => void }> {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise<void>((opened, failed) => socket.once('open', opened).once('error', failed));
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  socket.on('message', (data) => {
    const reply: Reply = JSON.parse(String(data));
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
  });
  const send = <T>(method: string, params: object = {}, sessionId?: string) =>
    new Promise<T>((done, fail) => {
      last += 1;
      const id = last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error === undefined) done(result as T);
        else fail(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  return { send, close: () => socket.close() };
}
