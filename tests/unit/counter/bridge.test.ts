// The bridge's main side, and who may come to it over the network.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createFileLinks } from '../../../main/hosts/browser/file-links.ts';
import { bridgeProtocol, mayBridge } from '../../../main/hosts/browser/guard.ts';
import { keyFileSecrets } from '../../../main/hosts/browser/key-file.ts';
import { startBrowserHost } from '../../../main/hosts/browser/server.ts';
import { createBridge } from '../../../main/ipc/serve.ts';
import { largestFrame } from '../../../shared/contract/frames.ts';
import { stage, tempFolder } from '../../fakes/played-stage.ts';

const token = 'played-token-0123456789';
let tokens = 1;

async function host() {
  const on = await stage();
  const app = await on.startCounter();
  const rendererDir = join(tempFolder(), 'renderer');
  const links = createFileLinks(() => `unguessable-${String(tokens++)}`, on.time.timers);
  const log = () => undefined;
  const running = await startBrowserHost({ counter: app.counter, links, rendererDir, port: 0, token, log });
  onTestFinished(running.close);
  return { ...running, links, rendererDir, on };
}

interface Knock {
  readonly protocols?: string[];
  readonly origin?: string;
  readonly host?: string;
  readonly path?: string;
}

/** Opens a bridge as a page would; resolves with the socket, or with null when it is refused. */
function knock(port: number, how: Knock = {}): Promise<WebSocket | null> {
  const { protocols = [bridgeProtocol, `token.${token}`], origin = `http://127.0.0.1:${port}`, path = '/bridge' } = how;
  const headers = how.host === undefined ? {} : { Host: how.host };
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { origin, headers });
  onTestFinished(() => socket.terminate());
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

const heard = (socket: WebSocket) =>
  new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))));
const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));

/** One plain request, with full say over its headers. */
function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, method }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the browser host', () => {
  test('a page of this host with the token calls and is answered', async () => {
    const { port } = await host();
    const socket = await knock(port);
    if (socket === null) throw new Error('refused');
    expect(socket.protocol).toBe(bridgeProtocol);
    const reply = heard(socket);
    socket.send(JSON.stringify({ id: 1, call: 'overview.get', input: {} }));
    expect(await reply).toMatchObject({ id: 1, result: { ok: true, value: { session: { state: 'none' } } } });
  });

  test.each<[string, (port: number) => Knock]>([
    ['no token', () => ({ protocols: [bridgeProtocol] })],
    ['a wrong token', () => ({ protocols: [bridgeProtocol, 'token.wrong'] })],
    ['an empty token', () => ({ protocols: [bridgeProtocol, 'token.'] })],
    ['a token without the protocol', () => ({ protocols: [`token.${token}`] })],
    ["another page's origin", () => ({ origin: 'https://evil.example' })],
    ['the origin of another port', (port) => ({ origin: `http://127.0.0.1:${port + 1}` })],
    ['the origin null', () => ({ origin: 'null' })],
    ['https of the same host', (port) => ({ origin: `https://127.0.0.1:${port}` })],
    ['a longer origin', (port) => ({ origin: `http://127.0.0.1:${port}.evil.example` })],
    ['the other name in the origin', (port) => ({ origin: `http://localhost:${port}` })],
    ['a rebound host', (port) => ({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` })],
    ['a host without a port', () => ({ host: '127.0.0.1', origin: 'http://127.0.0.1' })],
    ['another path', () => ({ path: '/bridge/' })],
    ['a query', () => ({ path: `/bridge?token=${token}` })],
  ])('a bridge with %s is refused', async (_name, how) => {
    const { port } = await host();
    expect(await knock(port, how(port))).toBeNull();
  });

  test('a file on its way out is served under its link, to this host only', async () => {
    const { port, links } = await host();
    const file = { name: 'a.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7 %%EOF') } as const;
    const handed = await links.desk.save(file);
    const path = handed.kind === 'link' ? handed.path : '';
    expect(await get(port, path, { Host: `127.0.0.1:${port}` })).toMatchObject({ status: 200, body: '%PDF-1.7 %%EOF' });
    expect(await get(port, path, { Host: `evil.example:${port}` })).toMatchObject({ status: 421 });
  });

  test('no origin at all is refused', () => {
    const knocked = { host: '127.0.0.1:1', origin: undefined, protocols: `${bridgeProtocol}, token.${token}` };
    expect(mayBridge(knocked, 1, token)).toBe(false);
    expect(mayBridge({ ...knocked, origin: 'http://127.0.0.1:1' }, 1, token)).toBe(true);
  });

  test.each([
    ['what is not JSON', 'hello'],
    ['what is no call', '{"hello":1}'],
    ['an id that is no number', '{"id":"1","call":"overview.get","input":{}}'],
    ['a list', '[]'],
  ])('%s ends the bridge', async (_name, text) => {
    const { port } = await host();
    const socket = await knock(port);
    if (socket === null) throw new Error('refused');
    const end = closed(socket);
    socket.send(text);
    expect(await end).toBe(1008);
  });

  test('a frame that is too large ends the bridge, binary does too', async () => {
    const { port } = await host();
    const large = await knock(port);
    const binary = await knock(port);
    if (large === null || binary === null) throw new Error('refused');
    const ends = [closed(large), closed(binary)];
    large.send(JSON.stringify({ id: 1, call: 'overview.get', input: { x: 'x'.repeat(largestFrame) } }));
    binary.send(Buffer.from('{"id":1,"call":"overview.get","input":{}}'));
    expect(await Promise.all(ends)).toEqual([1009, 1008]);
  });

  test('files are served by the list of the folder, with all the headers, and nothing else is', async () => {
    const { port, rendererDir } = await host();
    const own = { Host: `127.0.0.1:${port}` };
    const unbuilt = await get(port, '/', own);
    expect(unbuilt).toMatchObject({ status: 503 });
    expect(unbuilt.body).toContain('npm run build:renderer');
    mkdirSync(join(rendererDir, 'assets'), { recursive: true });
    writeFileSync(join(rendererDir, 'index.html'), '<!doctype html>');
    writeFileSync(join(rendererDir, 'assets', 'a.js'), 'let a');
    writeFileSync(join(rendererDir, '..', 'secret.txt'), 'secret');
    const page = await get(port, '/', own);
    expect(page).toMatchObject({ status: 200, body: '<!doctype html>' });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    const policy = String(page.headers['content-security-policy']);
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe');
    expect((await get(port, '/assets/a.js', own)).headers['content-type']).toContain('javascript');
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '//secret.txt',
      '/assets',
      '/assets/',
    ]) {
      expect((await get(port, path, own)).status).toBe(404);
    }
    expect((await get(port, '/', own, 'POST')).status).toBe(405);
    expect((await get(port, '/', { Host: `evil.example:${port}` })).status).toBe(421);
  });

  test('the token is behind # in the address, where no server gets to see it', async () => {
    const { url } = await host();
    expect(new URL(url).hash).toBe(`#token=${token}`);
    expect(new URL(url).search).toBe('');
  });

  test('it listens on this PC only', async () => {
    const { port } = await host();
    const own = { Host: `127.0.0.1:${port}` };
    expect((await get(port, '/', own)).status).toBe(503);
    await expect(
      new Promise((resolve, reject) => {
        request({ host: '127.0.0.2', port, headers: own }, resolve).on('error', reject).end();
      }),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('secrets in a key file', () => {
  test('what is sealed is opened again, only this user can read the key, and a changed seal is refused', async () => {
    const dataDir = tempFolder();
    const secrets = keyFileSecrets(dataDir, randomBytes);
    const sealed = await secrets.encrypt('the token');
    expect(Buffer.from(sealed).includes('the token')).toBe(false);
    expect(await keyFileSecrets(dataDir, randomBytes).decrypt(sealed)).toBe('the token');
    expect(statSync(join(dataDir, 'key')).mode & 0o777).toBe(0o600);
    const changed = Buffer.from(sealed);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await expect(secrets.decrypt(changed)).rejects.toThrow();
    expect(readFileSync(join(dataDir, 'key'))).toHaveLength(32);
  });

  test('when the key is gone, opening is refused, and no new key is made for it', async () => {
    const sealed = await keyFileSecrets(tempFolder(), randomBytes).encrypt('the token');
    await expect(keyFileSecrets(tempFolder(), randomBytes).decrypt(sealed)).rejects.toThrow();
  });
});

describe('serving calls', () => {
  test('a call of no name we know is answered as such, with its id', async () => {
    const on = await stage();
    const posted: unknown[] = [];
    const app = await on.startCounter();
    let send: (frame: unknown) => void = () => undefined;
    app.counter.serve({
      post: (frame) => posted.push(frame),
      onMessage: (listen) => (send = listen),
      close: () => undefined,
    });
    send({ id: 7, call: 'files.read', input: {} });
    await app.call('overview.get', {});
    expect(posted).toEqual([{ id: 7, result: { ok: false, error: { code: 'bad_call', retryable: false } } }]);
  });

  test('each id is answered exactly once; one that comes twice ends the channel', async () => {
    const on = await stage();
    const app = await on.startCounter();
    const posted: unknown[] = [];
    const ends: string[] = [];
    let send: (frame: unknown) => void = () => undefined;
    app.counter.serve({
      post: (frame) => posted.push(frame),
      onMessage: (listen) => (send = listen),
      close: (reason) => ends.push(reason),
    });
    send({ id: 1, call: 'overview.get', input: {} });
    await app.call('overview.get', {});
    send({ id: 1, call: 'overview.get', input: {} });
    await app.call('overview.get', {});
    expect(posted).toHaveLength(1);
    expect(ends).toHaveLength(1);
  });

  test('an input of the wrong shape is refused with where and why, before any use case sees it', async () => {
    const on = await stage();
    const app = await on.startCounter();
    const wrong = { limit: 100_000, offset: -1 };
    expect(await app.refusal('purchases.list', wrong)).toMatchObject({
      code: 'invalid_request',
      details: { faults: [{ path: 'limit' }, { path: 'offset' }] },
    });
  });

  test('an output of the wrong shape is our own mistake and does not leave', async () => {
    const logged: string[] = [];
    const table = new Proxy({}, { get: () => () => ({ nonsense: true }) });
    const bridge = createBridge(table as never, Promise.resolve(), (_level, message) => logged.push(message));
    const reply = new Promise((resolve) => {
      let send: (frame: unknown) => void = () => undefined;
      bridge.serve({ post: resolve, onMessage: (listen) => (send = listen), close: () => undefined });
      send({ id: 1, call: 'overview.get', input: {} });
    });
    expect(await reply).toEqual({ id: 1, result: { ok: false, error: { code: 'internal', retryable: true } } });
    expect(logged).toHaveLength(1);
  });

  test('a counter that could not start refuses every call', async () => {
    const failed = Promise.reject(new Error('no'));
    const bridge = createBridge({} as never, failed, () => undefined);
    const reply = new Promise((resolve) => {
      let send: (frame: unknown) => void = () => undefined;
      bridge.serve({ post: resolve, onMessage: (listen) => (send = listen), close: () => undefined });
      send({ id: 1, call: 'overview.get', input: {} });
    });
    expect(await reply).toMatchObject({ id: 1, result: { ok: false } });
  });
});
