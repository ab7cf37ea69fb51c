// The one file that touches the bridge to main: the two functions that the desktop shell offers, or a WebSocket to the
// host that served this page. It carries plain data both ways and parses nothing but frames.
import type { Bridge } from '../shared/contract/ipc.ts';
import type { LinkedBridge } from './link.ts';
import { type SocketParts, socketBridge } from './socket-bridge.ts';

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
export function shellBridge(bridge: Bridge): LinkedBridge {
  return {
    call: (name, input) => bridge.call(name, input),
    subscribe: (listener) => bridge.subscribe(listener),
    onLink: (listener) => {
      listener('up');
      return () => undefined;
    },
  };
}

export function openBridge(page: Window, random: () => number): LinkedBridge {
  if (page.bridge !== undefined) return shellBridge(page.bridge);
  const token = takeToken(page);
  const url = `${page.location.protocol === 'https:' ? 'wss' : 'ws'}://${page.location.host}/bridge`;
  const protocols = token === null ? ['pharmapulse.v1'] : ['pharmapulse.v1', `token.${token}`];
  const parts: SocketParts = {
    open: ({ opened, closed, received }) => {
      const socket = new WebSocket(url, protocols);
      socket.onopen = opened;
      socket.onclose = closed;
      socket.onmessage = (event: MessageEvent<unknown>) => received(event.data);
      return { send: (text) => socket.send(text) };
    },
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random,
  };
  return socketBridge(parts);
}
