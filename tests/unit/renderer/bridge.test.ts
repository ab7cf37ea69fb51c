import { describe, expect, test } from 'vitest';
import { shellBridge, takeToken } from '../../../renderer/bridge.ts';
import { takeEarly } from '../../../renderer/early.ts';
import type { Link } from '../../../renderer/link.ts';
import {
  answerWithinMs,
  awayResult,
  type SocketEvents,
  socketBridge,
  waitBeforeTry,
} from '../../../renderer/socket-bridge.ts';
import { type CallName, calls } from '../../../shared/contract/ipc.ts';
import { settled } from './fake-bridge.ts';
import { runEarly } from './run-early.ts';

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

describe('a connection that was begun before the screen was here', () => {
  const notice = JSON.stringify({ notice: { type: 'changed', topics: ['ledger'] } });
  /** joined: what has happened to the socket by the time it is taken over. */
  function takeOver(heard: readonly unknown[], joined: (events: SocketEvents) => void = (events) => events.opened()) {
    const sent: string[] = [];
    const opened: SocketEvents[] = [];
    const timers: { readonly ms: number; readonly run: () => void }[] = [];
    let socket: SocketEvents | null = null;
    const bridge = socketBridge({
      begun: {
        asked: ['overview.get', 'settings.get'],
        heard,
        join(events) {
          socket = events;
          joined(events);
          return { send: (text) => sent.push(text) };
        },
      },
      open: (events) => {
        opened.push(events);
        return { send: (text) => sent.push(text) };
      },
      after: (ms, run) => {
        timers.push({ ms, run });
        return () => undefined;
      },
      random: () => 0.5,
    });
    const links: Link[] = [];
    bridge.onLink((link) => links.push(link));
    return { bridge, sent, opened, timers, links, socket: () => socket as SocketEvents | null };
  }

  test('is used, and what was asked over it is not asked again', async () => {
    const { bridge, sent, opened, links, socket } = takeOver([reply(1, 'heard before')]);
    expect(links).toEqual(['up']);
    const later = bridge.call('settings.get', {});
    socket()?.received(reply(2, 'heard after'));
    expect([await bridge.call('overview.get', {}), await later]).toEqual([
      { ok: true, value: 'heard before' },
      { ok: true, value: 'heard after' },
    ]);
    expect([sent, opened]).toEqual([[], []]);
    void bridge.call('overview.get', {});
    expect(sent.map((text) => JSON.parse(text))).toEqual([{ id: 3, call: 'overview.get', input: {} }]);
  });
  test('that is still opening is waited for', async () => {
    const { bridge, sent, links, socket } = takeOver([], () => undefined);
    expect(links).toEqual(['connecting']);
    socket()?.opened();
    const answer = bridge.call('overview.get', {});
    socket()?.received(reply(1, 'x'));
    expect(await answer).toEqual({ ok: true, value: 'x' });
    expect([links, sent]).toEqual([['connecting', 'up'], []]);
  });
  test.each([
    ['before', [reply(1, 'old'), notice]],
    ['before the answer', [notice, reply(1, 'old')]],
  ])('an answer is old when something changed meanwhile: the notice came %s', (_when, heard) => {
    const { bridge, sent } = takeOver(heard);
    void bridge.call('overview.get', {});
    expect(sent).toHaveLength(1);
  });
  test('an answer is old when something changes after, before anybody asked', () => {
    const { bridge, sent, socket } = takeOver([reply(1, 'old')]);
    socket()?.received(notice);
    void bridge.call('overview.get', {});
    expect(sent).toHaveLength(1);
  });
  test('that has failed already is tried again, and its answers never come', async () => {
    const { bridge, sent, opened, timers, links } = takeOver([], (events) => events.closed());
    expect(links).toEqual(['down']);
    expect(await bridge.call('overview.get', {})).toEqual(awayResult);
    timers.findLast(({ ms }) => ms < answerWithinMs)?.run();
    opened[0]?.opened();
    void bridge.call('overview.get', {});
    expect(sent.map((text) => JSON.parse(text))).toMatchObject([{ call: 'overview.get' }]);
    expect(links).toEqual(['down', 'up']);
  });
});

describe('the script that begins before the screen is here', () => {
  const first = ['overview.get', 'settings.get'];

  test.each([
    ['from the address', { hash: '#token=abc_-9' }, ['pharmapulse.v1', 'token.abc_-9']],
    ['that was kept', { hash: '#/ledger', token: 'kept' }, ['pharmapulse.v1', 'token.kept']],
    ['that is none', { hash: '#token=<x>' }, ['pharmapulse.v1']],
  ])('opens the socket with the token %s, and asks over it when it is open', (_name, page, protocols) => {
    const { early, sockets } = runEarly(page);
    expect(sockets).toMatchObject([{ url: 'ws://127.0.0.1:4000/bridge', protocols, sent: [] }]);
    sockets[0]?.listeners.get('open')?.({});
    expect(sockets[0]?.sent.map((text) => JSON.parse(text))).toEqual(
      first.map((call, at) => ({ id: at + 1, call, input: {} })),
    );
    sockets[0]?.listeners.get('message')?.({ data: 'frame' });
    expect([...early.heard]).toEqual(['frame']);
  });
  test('asks the desktop shell where there is one, and hears what it says until it is taken over', async () => {
    const told = new Set<(notice: unknown) => void>();
    const { early, sockets } = runEarly({
      bridge: {
        call: (name, input) => Promise.resolve({ name, input }),
        subscribe: (listener) => {
          told.add(listener);
          return () => told.delete(listener);
        },
      },
    });
    expect(await Promise.all(early.answers ?? [])).toEqual(first.map((name) => ({ name, input: {} })));
    for (const tell of told) tell('notice');
    const page = { early };
    expect([takeEarly(page)?.heard.length, takeEarly(page)]).toEqual([1, null]);
    expect([told.size, sockets.length]).toEqual([0, 0]);
  });
  test('asks what is asked without input, by names that the contract has', () => {
    for (const call of runEarly({}).early.asked) {
      expect(calls[call as CallName].input.safeParse({}).success).toBe(true);
    }
  });
});

describe('what the desktop shell was asked before the screen was here', () => {
  function shell(heard: readonly unknown[]) {
    const asked: string[] = [];
    const call = (name: string) => {
      asked.push(name);
      return Promise.resolve('fresh');
    };
    const bridge = { call, subscribe: () => () => undefined };
    const early = { asked: ['overview.get'], heard, stop: () => undefined, answers: [Promise.resolve('early')] };
    return { asked, bridge: shellBridge(bridge, early) };
  }

  test('is the answer to the first who asks the same, and to nobody after', async () => {
    const { asked, bridge } = shell([]);
    const answers = [await bridge.call('overview.get', {}), await bridge.call('overview.get', {})];
    expect([answers, asked]).toEqual([['early', 'fresh'], ['overview.get']]);
  });
  test('is old when something changed meanwhile', async () => {
    expect(await shell([{ type: 'changed', topics: ['ledger'] }]).bridge.call('overview.get', {})).toBe('fresh');
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
