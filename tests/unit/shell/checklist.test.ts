// Electron's security checklist, item by item: https://www.electronjs.org/docs/latest/tutorial/security. Item 7 and 18 in
// depth, 15 and 17: security.test.ts. 19: package.test.ts. 20: preload.test.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { pageHeaders } from '../../../main/hosts/browser/pages.ts';
import { FakeContents } from '../../fakes/electron-page.ts';
import { root } from '../../tidy/source.ts';
import { becomeReady, runShell } from './run.ts';

let fake: Awaited<ReturnType<typeof runShell>>['fake'];
beforeEach(async () => {
  fake = (await runShell()).fake;
  await becomeReady(fake);
});

const preferences = () => fake.firstWindow().options.webPreferences;
const prevented = (event: string, ...args: unknown[]) => fake.firstWindow().webContents.fire(event, {}, ...args);

describe('the security checklist', () => {
  test('1: only secure content is loaded', () => {
    expect(fake.world.happened.filter((what) => what.startsWith('load '))).toEqual(['load app://shop/index.html']);
    expect(fake.protocol.schemes.map(({ scheme, privileges }) => [scheme, privileges?.secure])).toEqual([
      ['app', true],
    ]);
  });

  test('2, 3, 4, 6, 8, 9, 10, 11: the page has exactly these preferences, and they cannot be changed', () => {
    expect(preferences()).toEqual({
      preload: join(fake.app.getAppPath(), 'out/preload/index.js'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      spellcheck: false,
    });
    expect(Object.isFrozen(preferences())).toBe(true);
  });

  test('4: every process is sandboxed, whatever a window says', () => {
    expect(fake.world.happened.indexOf('sandbox')).toBeLessThan(fake.world.happened.indexOf('ready'));
  });

  test('5: every permission is refused, asked for or looked up', () => {
    const { session } = fake;
    const answers: unknown[] = [];
    const contents = fake.firstWindow().webContents as never;
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'fullscreen',
      'unknown',
    ] as const) {
      session.request?.(contents, permission, (granted) => answers.push(granted), {} as never);
      answers.push(session.check?.(contents, permission, 'app://shop', {} as never));
    }
    answers.push(session.device?.({} as never));
    expect(answers).toEqual(Array(13).fill(false));
    session.display?.({} as never, (streams) => answers.push(streams));
    expect(answers.at(-1)).toBeNull();
    expect(session.fire('will-download')).toBe(true);
  });

  test('7: every answer of the app carries its policy, which is that of the browser host without its socket', async () => {
    const handler = fake.protocol.handlers.get('app');
    const response = await handler?.({ url: 'app://shop/index.html', method: 'GET' } as never);
    expect(response?.status).toBe(200);
    const browser = pageHeaders['Content-Security-Policy'] ?? '';
    expect(response?.headers.get('content-security-policy')).toBe(
      browser.replace("connect-src 'self'", "connect-src 'none'"),
    );
  });

  test('12: no webview is ever attached', () => {
    expect(prevented('will-attach-webview', {}, {})).toBe(true);
  });

  test.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('13: the page goes nowhere: %s', (event) => {
    expect(prevented(event, 'https://evil.example/?next=app://shop')).toBe(true);
    expect(prevented(event, 'app://shop/index.html')).toBe(true);
  });

  test('14: no window is opened by a page', () => {
    const { openHandler } = fake.firstWindow().webContents;
    expect(openHandler?.({ url: 'https://billing.example.in/' } as never)).toEqual({ action: 'deny' });
  });

  test('12, 13, 14: also hold for a page that this shell did not make', () => {
    const other = new FakeContents();
    fake.app.fire('web-contents-created', {}, other);
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
      expect(other.fire(event), event).toBe(true);
    }
    expect(other.openHandler?.({} as never)).toEqual({ action: 'deny' });
  });

  test('16: the Electron that is pinned is of a major that is still supported', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number(devDependencies.electron.split('.')[0])).toBeGreaterThanOrEqual(43);
  });

  test('18: nothing in the shell speaks file://', () => {
    const folder = join(root, 'main/hosts/electron');
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(
      texts.filter((text) => /file:\/\/|loadFile|webSecurity|allowRunningInsecure|experimentalFeatures/.test(text)),
    ).toEqual([]);
  });
});
