// The shell's refusals, as tables: which sender, which link, which file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answer, builtFiles, shopScheme } from '../../../main/hosts/electron/protocol.ts';
import { isShopFrame, outsideLink } from '../../../main/hosts/electron/security.ts';
import type { FakeFrame } from '../../fakes/electron-page.ts';

describe('a sender is believed', () => {
  const main = (url: string): FakeFrame => ({ url, parent: null });
  const refused: [string, FakeFrame | null][] = [
    ['a frame that is gone', null],
    ['a frame without an address', main('')],
    ['about:blank', main('about:blank')],
    ['another site', main('https://evil.example/')],
    ['another scheme with our host', main('https://shop/index.html')],
    ['another custom scheme, whose origin is null as ours is', main('evil://shop/index.html')],
    ['another host in our scheme', main('app://evil/index.html')],
    ['our host as the start of another', main('app://shop.evil/index.html')],
    ['our host with a port', main('app://shop:81/index.html')],
    ['our host behind a name', main('app://shop@evil/index.html')],
    ['a name before our host', main('app://evil@shop/index.html')],
    ['our address in a query', main('https://evil.example/?next=app://shop/')],
    ['data', main('data:text/html,app://shop')],
    ['a file', main('file:///app/out/renderer/index.html')],
    ['a frame inside our own page', { url: 'app://shop/index.html', parent: main('app://shop/index.html') }],
  ];

  test('when it is our own page in the main frame', () => {
    expect(isShopFrame(main('app://shop/index.html'))).toBe(true);
    expect(isShopFrame(main('app://shop/#/purchases'))).toBe(true);
  });

  test.each(refused)('never when it is %s', (_what, frame) => {
    expect(isShopFrame(frame)).toBe(false);
  });
});

describe('a link is opened outside', () => {
  const server = 'https://billing.example.in';
  const local = 'http://127.0.0.1:4400';

  test.each([
    [server, 'https://billing.example.in/pay/pur_1?t=abc'],
    [server, 'https://billing.example.in/'],
    [local, 'http://127.0.0.1:4400/pay/pur_1?t=abc'],
  ])('on %s: %s', (serverUrl, link) => {
    expect(outsideLink(link, serverUrl)).toBe(link);
  });

  // The first three are the links that got through, or had to be asked about, in Actual's desktop app.
  test.each([
    [server, 'https://example.invalid/help'],
    [server, 'http://example.invalid/?next=app://actual'],
    [server, 'https://example.invalid/?next=localhost:3001'],
    [server, 'http://billing.example.in/pay/pur_1'],
    [server, 'https://billing.example.in.evil.example/pay/pur_1'],
    [server, 'https://billing.example.in:8443/pay/pur_1'],
    [server, 'https://user:secret@billing.example.in/pay'],
    [server, 'https://billing.example.in@evil.example/pay'],
    [server, 'https://evil.example/?next=https://billing.example.in'],
    [server, 'http://127.0.0.1:4400/pay/pur_1'],
    [server, 'file:///C:/Windows/System32/calc.exe'],
    [server, 'javascript:alert(1)'],
    [server, 'smb://billing.example.in/share'],
    [server, 'ms-settings:privacy'],
    [server, 'app://shop/index.html'],
    [server, '/pay/pur_1'],
    [server, ''],
    [local, 'http://127.0.0.1:4401/pay/pur_1'],
    [local, 'https://127.0.0.1:4400/pay/pur_1'],
    [local, 'http://localhost:4400/pay/pur_1'],
    ['http://billing.example.in', 'http://billing.example.in/pay/pur_1'],
    ['not a url', 'https://billing.example.in/pay/pur_1'],
  ])('never, on %s: %s', (serverUrl, link) => {
    expect(outsideLink(link, serverUrl)).toBeNull();
  });
});

describe('app://shop', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'renderer/assets'), { recursive: true });
  const files = {
    'index.html': '<!doctype html>',
    'assets/a b.js': 'f()',
    'assets/a.js.map': '{}',
    'icon.svg': '<svg/>',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, 'renderer', path), text);
  writeFileSync(join(folder, 'secret.json'), '{}');
  const built = builtFiles(join(folder, 'renderer'));
  const get = (url: string, method = 'GET') => answer({ url, method }, built);

  test('is a standard and secure scheme whose code is cached, and no more', () => {
    expect(shopScheme).toEqual({ scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } });
  });

  test.each([
    ['app://shop/index.html', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://shop/index.html?x=1#/purchases', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app://shop/assets/a%20b.js', 'text/javascript; charset=utf-8', 'f()'],
    ['app://shop/icon.svg', 'image/svg+xml', '<svg/>'],
  ])('serves what was built: %s', async (url, type, text) => {
    const response = await get(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(text);
  });

  test.each([
    'app://shop/',
    'app://shop/assets/',
    'app://shop/assets/a.js.map',
    'app://shop/../secret.json',
    'app://shop/..%2Fsecret.json',
    'app://shop/%2e%2e/secret.json',
    'app://shop/assets/..%5c..%5csecret.json',
    'app://shop//etc/passwd',
    'app://shop/assets/__proto__',
    'app://evil/index.html',
    'app://shop.evil/index.html',
  ])('serves nothing else: %s', async (url) => {
    const response = await get(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('not found');
  });

  test('answers GET only', async () => {
    expect((await get('app://shop/index.html', 'POST')).status).toBe(404);
  });

  test.each(['app://shop/index.html', 'app://shop/none'])('gives every answer its policy: %s', async (url) => {
    const { headers } = await get(url);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split('; ').map((one) => {
        const [name, ...values] = one.split(' ');
        return [name, values.join(' ')] as const;
      }),
    );
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
