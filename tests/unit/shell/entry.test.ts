// The real entry of the desktop app under a strict fake of Electron: what it does before Electron is ready, how it starts,
// hides, wakes and ends.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { becomeReady, openPage, PlayedCounter, runShell } from './run.ts';

async function running(options: Parameters<typeof runShell>[0] = {}) {
  const run = await runShell(options);
  await becomeReady(run.fake);
  return { ...run, window: run.fake.firstWindow() };
}

describe('starting', () => {
  test('tells Electron everything early, takes the lock, and only then opens data and window', async () => {
    const { fake, counter } = await running();
    expect(fake.world.happened).toEqual([
      'id in.pharmapulse.one.billing',
      'sandbox',
      'lock',
      'ready',
      'counter',
      'window',
      'load app://shop/index.html',
    ]);
    expect(counter.happened).toEqual(['start']);
    expect(fake.desktop.applicationMenu).toBeNull();
  });

  test('gives the counter this machine: clock, ids, randomness, timers, network', async () => {
    const { counter, fake } = await running({ args: ['--server', 'http://127.0.0.1:1'] });
    const parts = counter.parts;
    if (parts === null) throw new Error('no counter was made');
    expect(parts).toMatchObject({ dataDir: fake.app.getPath('userData'), appVersion: '9.8.7' });
    expect(parts.serverUrl).toBe('http://127.0.0.1:1');
    expect(Math.abs(parts.clock.now().getTime() - Date.now())).toBeLessThan(1000);
    expect(parts.monotonic()).toBeGreaterThan(0);
    expect(parts.random()).toBeLessThan(1);
    expect(parts.ids.purchase()).toMatch(/^pur_[A-Za-z0-9_-]{20,36}$/);
    expect(parts.ids.key()).not.toBe(parts.ids.key());
    const ran = await new Promise((done) => parts.timers.after(1, () => done('ran')));
    expect(ran).toBe('ran');
    parts.timers.after(1, () => expect.unreachable('a cancelled timer ran')).cancel();
    const request = { method: 'GET', headers: {}, signal: AbortSignal.timeout(2000), redirect: 'manual' as const };
    await expect(parts.fetch('http://127.0.0.1:1/healthz', request)).rejects.toThrow('fetch failed');
  });

  test('keeps data where it is told to', async () => {
    const { fake, counter } = await runShell();
    const elsewhere = join(fake.app.getPath('userData'), 'elsewhere');
    const moved = await running({ args: ['--data', elsewhere], counter });
    expect(moved.counter.parts?.dataDir).toBe(elsewhere);
    moved.counter.parts?.log('info', 'a line');
    expect(existsSync(join(elsewhere, 'logs/counter.log'))).toBe(true);
  });

  test('hidden, at login, stays in the tray', async () => {
    const { fake } = await runShell({ args: ['--hidden'] });
    fake.app.becomeReady();
    await vi.waitFor(() => expect(fake.world.happened).toContain('load app://shop/index.html'));
    expect(fake.firstWindow().visible).toBe(false);
    fake.desktop.trays[0]?.events.fire('click');
    expect(fake.firstWindow().visible).toBe(true);
  });

  test('a second instance opens nothing and ends; the first comes forward', async () => {
    const second = await runShell({ firstInstance: false });
    second.fake.app.becomeReady();
    await new Promise((done) => setImmediate(done));
    expect(second.fake.world.happened).toEqual(['id in.pharmapulse.one.billing', 'sandbox', 'lock', 'quit', 'ready']);
    expect(second.fake.app.exitCode).toBe(0);

    const { fake, window } = await running();
    window.hide();
    window.minimized = true;
    fake.app.fire('second-instance');
    expect(window).toMatchObject({ visible: true, minimized: false, focused: true });
  });

  test.each([
    ['data of a newer version', { fails: new Error('The data was written by a newer version.') }],
    ['a session that cannot be read', { failsLater: new Error('The data was written by a newer version.') }],
    ['something that is no error', { fails: 'The data was written by a newer version.' as unknown as Error }],
  ])('%s is told in a sentence, and the app ends', async (_what, { fails, failsLater }: Record<string, Error>) => {
    const counter = new PlayedCounter();
    counter.startFails = failsLater ?? null;
    const { fake } = await runShell({ counter, ...(fails === undefined ? {} : { fails }) });
    fake.app.becomeReady();
    await vi.waitFor(() => expect(fake.app.exitCode).toBe(1));
    const [told] = fake.desktop.errors;
    expect(told?.title).toBe('PharmaPulse One cannot start');
    expect(told?.content).toMatch(/^Start the app again; .*\n\nThe data was written by a newer version\.$/);
  });
});

describe('while it runs', () => {
  test('closing the window hides it; the tray brings it back, syncs and quits', async () => {
    const { fake, counter, window } = await running();
    expect(window.close()).toBe(false);
    expect(window.visible).toBe(false);
    const [tray] = fake.desktop.trays;
    const press = (label: string) => {
      const click = tray?.menu.find((item) => item.label === label)?.click;
      if (typeof click !== 'function') throw new Error(`nothing to press: ${label}`);
      click();
    };
    press('Open');
    expect(window.visible).toBe(true);
    press('Sync now');
    expect(counter.happened).toEqual(['start', 'wake']);
    press('Quit');
    expect(counter.happened.at(-1)).toBe('stop');
  });

  test.each(['resume', 'unlock-screen', 'on-ac'])('%s of the PC looks at the server at once', async (event) => {
    const { fake, counter } = await running();
    fake.powerMonitor.fire(event);
    expect(counter.happened).toEqual(['start', 'wake']);
  });

  test('the page reaches the counter through the preload, and a strange frame does not', async () => {
    const { fake, counter } = await running();
    const bridge = await openPage(fake);
    expect(await bridge.call('overview.get', {})).toEqual({ ok: true, value: 'overview.get' });
    const strange = await openPage(fake, { url: 'https://evil.example/', parent: null });
    void strange.call('sync.now', {});
    expect(counter.happened).toEqual(['start', 'call overview.get']);
    const log = readFileSync(join(fake.app.getPath('userData'), 'logs/counter.log'), 'utf8');
    expect(log).toContain('"url":"https://evil.example/"');
  });

  test('a page that dies is loaded again, but not for ever', async () => {
    const { window } = await running();
    for (const reason of ['clean-exit', 'crashed', 'oom', 'crashed', 'crashed', 'crashed']) {
      window.webContents.fire('render-process-gone', {}, { reason });
    }
    expect(window.webContents.reloads).toBe(3);
  });

  test('links to the server are opened outside, no others; the counter hears which', async () => {
    const { fake, counter } = await running({ args: ['--server', 'https://billing.example.in'] });
    const open = counter.parts?.openExternal;
    expect(await open?.('https://billing.example.in/pay/pur_1?t=x')).toBe(true);
    expect(await open?.('https://evil.example/')).toBe(false);
    expect(fake.shell.opened).toEqual(['https://billing.example.in/pay/pur_1?t=x']);

    const none = await running({ browser: false });
    expect(await none.counter.parts?.openExternal('http://127.0.0.1:4400/pay/pur_1')).toBe(false);
  });

  test('the token is sealed by the operating system, or under a key file where there is no key store', async () => {
    const { fake, counter } = await running();
    const own = counter.parts?.secrets;
    const sealed = await own?.encrypt('device-token');
    expect(Buffer.from(sealed ?? []).toString()).not.toContain('device-token');
    expect(await own?.decrypt(new Uint8Array(sealed ?? []))).toBe('device-token');

    const elsewhere = await running({ keyStore: false, args: ['--data', fake.app.getPath('userData')] });
    const other = elsewhere.counter.parts?.secrets;
    await expect(other?.decrypt(sealed ?? new Uint8Array())).rejects.toThrow('no key store');
    const byFile = await other?.encrypt('device-token');
    expect(Buffer.from(byFile ?? []).toString()).not.toContain('device-token');
    expect(await other?.decrypt(byFile ?? new Uint8Array())).toBe('device-token');
    expect(await own?.decrypt(byFile ?? new Uint8Array())).toBe('device-token');
  });
});

describe('quitting', () => {
  test('waits until the counter has stopped, however often it is asked', async () => {
    const { fake, counter, window } = await running();
    fake.app.quit();
    fake.app.quit();
    expect(fake.app.exitCode).toBeNull();
    expect(counter.happened).toEqual(['start', 'stop']);
    expect(window.close()).toBe(true);
    counter.stopping.resolve();
    await vi.waitFor(() => expect(fake.app.exitCode).toBe(0));
    expect(counter.happened).toEqual(['start', 'stop']);
    expect(fake.world.happened.filter((what) => what === 'quit')).toHaveLength(3);
  });

  test('does not wait for ever', async () => {
    const { fake } = await running();
    vi.useFakeTimers();
    fake.app.quit();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(fake.app.exitCode).toBeNull();
    await vi.advanceTimersByTimeAsync(2);
    vi.useRealTimers();
    expect(fake.app.exitCode).toBe(0);
  });

  test('goes on when the counter cannot stop cleanly, and says so in the log', async () => {
    const { fake, counter } = await running();
    fake.app.quit();
    counter.stopping.reject(new Error('disk full'));
    await vi.waitFor(() => expect(fake.app.exitCode).toBe(0));
    expect(readFileSync(join(fake.app.getPath('userData'), 'logs/counter.log'), 'utf8')).toContain('disk full');
  });

  test('the end of a Windows session stops the counter, once', async () => {
    const { fake, counter, window } = await running();
    window.fire('session-end');
    fake.app.quit();
    expect(counter.happened).toEqual(['start', 'stop']);
  });
});
