// The one file that touches the bridge to main: the two functions that the desktop shell offers, or a WebSocket to the
// host that served this page. It carries plain data both ways and parses nothing but frames.
import type { Bridge } from '../shared/contract/frames.ts';
import { type Early, takeEarly } from './early.ts';
import type { LinkedBridge } from './link.ts';
import { type SocketEvents, type SocketParts, socketBridge } from './socket-bridge.ts';

declare global {
  interface Window {
    readonly bridge?: Bridge;
  }
}

const tokenKey = 'pharmapulse.token';

/** Takes the token out of `#token=…`, keeps it for this tab, and takes it out of the address bar. */
export function takeToken(page: Window): string | null {
  const given = /^#token=([A-Za-z0-9_-]+)$/.exec(page.location.hash)?.[1];
  if (given !== undefined) {
    page.sessionStorage.setItem(tokenKey, given);
    page.history.replaceState(null, '', `${page.location.pathname}${page.location.search}`);
  }
  return page.sessionStorage.getItem(tokenKey);
}

/** The desktop shell's bridge is always up while the page is. */
export function shellBridge(bridge: Bridge, early: Early | null): LinkedBridge {
  const fresh = early !== null && early.heard.length === 0;
  const begun = new Map(fresh ? early.asked.map((name, at) => [name, early.answers?.[at]]) : []);
  return {
    call(name, input) {
      const answer = begun.get(name);
      begun.delete(name);
      return answer ?? bridge.call(name, input);
    },
    subscribe: (listener) => bridge.subscribe(listener),
    onLink: (listener) => {
      listener('up');
      return () => undefined;
    },
  };
}

function begunOn(
  { asked, heard }: Early,
  socket: WebSocket,
  join: (socket: WebSocket, events: SocketEvents) => { readonly send: (text: string) => void },
): NonNullable<SocketParts['begun']> {
  return {
    asked,
    heard,
    join(events) {
      const joined = join(socket, events);
      if (socket.readyState === WebSocket.OPEN) events.opened();
      if (socket.readyState > WebSocket.OPEN) events.closed();
      return joined;
    },
  };
}

export function openBridge(page: Window, random: () => number): LinkedBridge {
  const early = takeEarly(page);
  if (page.bridge !== undefined) return shellBridge(page.bridge, early);
  const token = takeToken(page);
  const url = `${page.location.protocol === 'https:' ? 'wss' : 'ws'}://${page.location.host}/bridge`;
  const protocols = token === null ? ['pharmapulse.v1'] : ['pharmapulse.v1', `token.${token}`];
  const join = (socket: WebSocket, { opened, closed, received }: SocketEvents) => {
    socket.onopen = opened;
    socket.onclose = closed;
    socket.onmessage = (event: MessageEvent<unknown>) => received(event.data);
    return { send: (text: string) => socket.send(text) };
  };
  const parts: SocketParts = {
    open: (events) => join(new WebSocket(url, protocols), events),
    ...(early?.socket === undefined ? {} : { begun: begunOn(early, early.socket, join) }),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random,
  };
  return socketBridge(parts);
}
