import { describe, expect, test } from 'vitest';
import { takeToken } from '../../../renderer/bridge.ts';
import type { Link } from '../../../renderer/link.ts';
import {
  answerWithinMs,
  awayResult,
  type SocketEvents,
  socketBridge,
  waitBeforeTry,
} from '../../../renderer/socket-bridge.ts';
import { settled } from './fake-bridge.ts';

function open() {
  const sockets: { readonly events: SocketEvents; readonly sent: string[] }[] = [];
  const timers: { readonly ms: number; readonly run: () => void; off: boolean }[] = [];
  const bridge = socketBridge({
    open: (events) => {
      const sent: string[] = [];
      sockets.push({ events, sent });
      return { send: (text) => sent.push(text) };
    },
    after: (ms, run) => {
      const timer = { ms, run, off: false };
      timers.push(timer);
      return () => {
        timer.off = true;
      };
    },
    random: () => 0.5,
  });
  const links: Link[] = [];
  bridge.onLink((link) => links.push(link));
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return { bridge, sockets, timers, links, last };
}
const reply = (id: number, value: unknown) => JSON.stringify({ id, result: { ok: true, value } });

describe('the bridge over a WebSocket', () => {
  test('a call is one frame with its own number, answered by the reply of that number', async () => {
    const { bridge, last } = open();
    last().events.opened();
    const first = bridge.call('overview.get', {});
    const second = bridge.call('sync.now', {});
    expect(last().sent.map((text) => JSON.parse(text))).toEqual([
      { id: 1, call: 'overview.get', input: {} },
      { id: 2, call: 'sync.now', input: {} },
    ]);
    last().events.received(reply(2, 'b'));
    last().events.received(reply(1, 'a'));
    last().events.received(reply(1, 'again'));
    expect(await first).toEqual({ ok: true, value: 'a' });
    expect(await second).toEqual({ ok: true, value: 'b' });
  });
  test('frames that are none of ours are dropped', async () => {
    const { bridge, last } = open();
    const notices: unknown[] = [];
    bridge.subscribe((notice) => notices.push(notice));
    last().events.opened();
    for (const frame of ['{', '[]', '{"id":0,"result":{"ok":true}}', '{"notice":{"type":"x"}}', new ArrayBuffer(2)]) {
      last().events.received(frame);
    }
    last().events.received(JSON.stringify({ notice: { type: 'changed', topics: ['ledger'] } }));
    expect(notices).toEqual([{ type: 'changed', topics: ['ledger'] }]);
  });
  test('when the connection is lost, calls under way are refused as away, and it is tried again', async () => {
    const { bridge, sockets, timers, links, last } = open();
    last().events.opened();
    const call = bridge.call('purchases.queue', {});
    last().events.closed();
    expect(await call).toEqual(awayResult);
    expect(await bridge.call('overview.get', {})).toEqual(awayResult);
    timers.at(-1)?.run();
    expect(sockets).toHaveLength(2);
    last().events.opened();
    expect(links).toEqual(['connecting', 'up', 'down', 'up']);
  });
  test('a call without an answer is refused after a minute, and its late answer is nothing', async () => {
    const { bridge, timers, last } = open();
    last().events.opened();
    const call = bridge.call('sync.now', {});
    const timer = timers.find((one) => one.ms === answerWithinMs);
    timer?.run();
    expect(await call).toEqual(awayResult);
    last().events.received(reply(1, 'late'));
    await settled();
  });
  test('an answer calls off its timer', async () => {
    const { bridge, timers, last } = open();
    last().events.opened();
    const call = bridge.call('sync.now', {});
    last().events.received(reply(1, null));
    await call;
    expect(timers.every((timer) => timer.off)).toBe(true);
  });
  test('waits grow with each failed try, up to ten seconds, and never to nothing', () => {
    const waits = [0, 1, 2, 5, 50, 5_000].map((failures) => waitBeforeTry(failures, () => 0.999));
    expect(waits.every((wait, index) => index === 0 || wait >= (waits[index - 1] ?? 0))).toBe(true);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    expect(waitBeforeTry(0, () => 0)).toBeGreaterThanOrEqual(250);
  });
});

describe('the token of the browser host', () => {
  function pageAt(hash: string, kept: Record<string, string> = {}) {
    const shown: string[] = [];
    const page = {
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: (_state: unknown, _title: string, url: string) => shown.push(url) },
      sessionStorage: {
        getItem: (key: string) => kept[key] ?? null,
        setItem: (key: string, value: string) => {
          kept[key] = value;
        },
      },
    };
    return { page: page as unknown as Window, shown };
  }
  test('is taken out of the address bar and kept for the tab', () => {
    const kept = {};
    const { page, shown } = pageAt('#token=abc_DEF-123', kept);
    expect(takeToken(page)).toBe('abc_DEF-123');
    expect(shown).toEqual(['/']);
    expect(takeToken(pageAt('#/ledger', kept).page)).toBe('abc_DEF-123');
  });
  test('is nothing that could not stand in a subprotocol', () => {
    expect(takeToken(pageAt('#token=a b').page)).toBeNull();
  });
});
