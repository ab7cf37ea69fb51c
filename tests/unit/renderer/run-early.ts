// Runs public/early.js as a page would, on played parts of a page: the script that is built and not a copy of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { Early } from '../../../renderer/early.ts';
import type { Bridge } from '../../../shared/contract/frames.ts';

const script = readFileSync(join(import.meta.dirname, '../../../renderer/public/early.js'), 'utf8');

interface PageParts {
  readonly root?: object;
  /** What the browser keeps for the page. */
  readonly kept?: string | null;
  readonly moreContrast?: boolean;
  readonly hash?: string;
  readonly token?: string | null;
  /** Of the desktop shell; without it a socket is opened. */
  readonly bridge?: Bridge;
}

export interface PlayedSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: string[];
  /** Whoever listens to it, by the event. */
  readonly listeners: Map<string, (event: unknown) => void>;
}

export function runEarly(page: PageParts): { readonly early: Early; readonly sockets: readonly PlayedSocket[] } {
  const sockets: PlayedSocket[] = [];
  function WebSocketOf(url: string, protocols: string[]) {
    const listeners = new Map<string, (event: unknown) => void>();
    const socket = { url, protocols, sent: [] as string[], listeners };
    sockets.push(socket);
    return {
      addEventListener: (name: string, run: (event: unknown) => void) => listeners.set(name, run),
      removeEventListener: (name: string) => listeners.delete(name),
      send: (text: string) => socket.sent.push(text),
    };
  }
  const window: { bridge?: Bridge | undefined; early?: Early } = { bridge: page.bridge };
  runInNewContext(script, {
    window,
    document: { documentElement: page.root ?? { dataset: {}, lang: 'en' }, addEventListener: () => undefined },
    localStorage: { getItem: () => page.kept ?? null },
    sessionStorage: { getItem: () => page.token ?? null },
    location: { protocol: 'http:', host: '127.0.0.1:4000', hash: page.hash ?? '' },
    matchMedia: () => ({ matches: page.moreContrast ?? false }),
    WebSocket: WebSocketOf,
  });
  if (window.early === undefined) throw new Error('early.js left nothing');
  return { early: window.early, sockets };
}
