// The door between page and main: two functions for the page, channels for the core, nothing for anybody else.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { channels } from '../../../main/hosts/electron/ipc.ts';
import type { Channel } from '../../../main/ipc/channel.ts';
import type { Bridge } from '../../../shared/contract/frames.ts';
import { FakeContents, type FakeFrame, fakePage } from '../../fakes/electron-page.ts';
import { Emitter } from '../../fakes/electron-strict.ts';

afterEach(() => {
  vi.doUnmock('electron');
  vi.resetModules();
});

/** A page at our address whose calls arrive at the core as frames. */
function wired() {
  const ipcMain = new Emitter();
  const contents = new FakeContents();
  contents.frame.url = 'app://shop/index.html';
  const served: { channel: Channel; frames: unknown[]; stopped: boolean }[] = [];
  const warned: string[] = [];
  channels(
    ipcMain,
    contents as never,
    (_level, message) => warned.push(message),
    (channel) => {
      const one = { channel, frames: [] as unknown[], stopped: false };
      served.push(one);
      channel.onMessage((frame) => one.frames.push(frame));
      return () => {
        one.stopped = true;
      };
    },
  );
  const load = async (frame?: FakeFrame | null) => {
    const page = fakePage(contents, ipcMain, frame);
    vi.doMock('electron', () => page.electron);
    vi.resetModules();
    await import('../../../main/hosts/electron/preload.ts');
    return { ...page, bridge: page.world.bridge as Bridge };
  };
  return { contents, served, warned, load };
}

describe('the preload', () => {
  test('gives the page two functions and nothing else', async () => {
    const { world, bridge } = await wired().load();
    expect(Object.keys(world)).toEqual(['bridge']);
    expect(Object.entries(bridge).map(([name, value]) => [name, typeof value])).toEqual([
      ['call', 'function'],
      ['subscribe', 'function'],
    ]);
  });

  test('pairs each answer with its call, in any order', async () => {
    const { served, load } = wired();
    const { bridge } = await load();
    const [first, second] = [bridge.call('overview.get', {}), bridge.call('sync.now', {})];
    expect(served[0]?.frames).toEqual([
      { id: 1, call: 'overview.get', input: {} },
      { id: 2, call: 'sync.now', input: {} },
    ]);
    served[0]?.channel.post({ id: 2, result: { ok: true, value: 'two' } });
    served[0]?.channel.post({ id: 1, result: { ok: true, value: 'one' } });
    expect(await Promise.all([first, second])).toEqual([
      { ok: true, value: 'one' },
      { ok: true, value: 'two' },
    ]);
  });

  test('takes a second answer to the same call, and an answer to none, without harm', async () => {
    const { served, load } = wired();
    const { bridge } = await load();
    const answer = bridge.call('overview.get', {});
    for (const value of ['first', 'second']) served[0]?.channel.post({ id: 1, result: value });
    served[0]?.channel.post({ id: 99, result: 'nobody asked' });
    expect(await answer).toBe('first');
  });

  test('tells every subscriber of a notice until it stops listening', async () => {
    const { served, load } = wired();
    const { bridge } = await load();
    void bridge.call('overview.get', {});
    const heard: unknown[] = [];
    const listener = (notice: unknown) => heard.push(notice);
    const stop = [bridge.subscribe(listener), bridge.subscribe(listener)];
    served[0]?.channel.post({ notice: { type: 'changed', topics: ['sync'] } });
    stop[0]?.();
    served[0]?.channel.post({ notice: { type: 'changed', topics: ['ledger'] } });
    stop[1]?.();
    served[0]?.channel.post({ notice: { type: 'changed', topics: ['status'] } });
    expect(heard.map((one) => (one as { topics: string[] }).topics[0])).toEqual(['sync', 'sync', 'ledger']);
  });

  test('refuses what is not plain data', async () => {
    const { bridge } = await wired().load();
    await expect(bridge.call('overview.get', () => 1)).rejects.toThrow('could not be cloned');
  });
});

describe('a channel', () => {
  test('is opened by the first frame of a page, and a new one by the next page', async () => {
    const { contents, served, load } = wired();
    const first = await load();
    expect(served).toHaveLength(0);
    const lost = vi.fn();
    void first.bridge.call('overview.get', {}).then(lost);
    const second = await load();
    expect(served[0]?.stopped).toBe(true);
    void second.bridge.call('sync.now', {});
    expect(served.map(({ frames }) => frames)).toEqual([
      [{ id: 1, call: 'overview.get', input: {} }],
      [{ id: 1, call: 'sync.now', input: {} }],
    ]);
    expect(() => served[0]?.channel.post({ id: 1, result: 'for the page before' })).toThrow('closed');
    expect(contents.sent).toEqual([]);
    expect(lost).not.toHaveBeenCalled();
  });

  test.each(['render-process-gone', 'destroyed'])('ends with its page: %s', async (event) => {
    const { contents, served, load } = wired();
    void (await load()).bridge.call('overview.get', {});
    contents.fire(event);
    expect(served[0]?.stopped).toBe(true);
    expect(() => served[0]?.channel.post({})).toThrow('closed');
  });

  test('that the core closes carries nothing any more, either way', async () => {
    const { contents, served, warned, load } = wired();
    const { bridge } = await load();
    void bridge.call('overview.get', {});
    served[0]?.channel.close('not a call of ours');
    void bridge.call('sync.now', {});
    expect(served[0]?.frames).toHaveLength(1);
    expect(() => served[0]?.channel.post({})).toThrow('closed');
    expect(contents.sent).toEqual([]);
    expect(warned).toEqual(['the channel to the page was closed']);
  });

  test.each<[string, FakeFrame | null]>([
    ['another site', { url: 'https://evil.example/', parent: null }],
    ['about:blank', { url: 'about:blank', parent: null }],
    ['a frame in our page', { url: 'app://shop/index.html', parent: { url: 'app://shop/index.html', parent: null } }],
    ['a frame that is gone', null],
  ])('is never opened or reached by %s', async (_what, frame) => {
    const { served, warned, load } = wired();
    void (await load()).bridge.call('overview.get', {});
    const strange = await load(frame);
    void strange.bridge.call('purchases.queue', {});
    expect(served).toHaveLength(1);
    expect(served[0]).toMatchObject({ stopped: false, frames: [{ call: 'overview.get' }] });
    expect(warned).toEqual(Array(2).fill('a message from a strange sender was dropped'));
  });

  test('is never opened by our address in another window', async () => {
    const { served, warned } = wired();
    const ipcMain = new Emitter();
    channels(
      ipcMain,
      new FakeContents() as never,
      (_level, message) => warned.push(message),
      () => () => undefined,
    );
    const other = new FakeContents();
    other.frame.url = 'app://shop/index.html';
    fakePage(other, ipcMain).send('frame', { id: 1, call: 'overview.get', input: {} });
    expect(served).toHaveLength(0);
    expect(warned).toHaveLength(1);
  });
});
