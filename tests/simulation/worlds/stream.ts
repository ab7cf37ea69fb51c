// The event stream between one counter and the server: real where it is open; else silent for ever, as an antivirus makes it, or
// refused. What the server says on a real one is heard at the next moment of played time, if the counter is awake.
import type { FetchAnswer } from '../../../main/ports.ts';

export type StreamMode = 'open' | 'muted' | 'refused';

export interface StreamParts {
  readonly mode: () => StreamMode;
  readonly online: () => boolean;
  readonly open: (signal: AbortSignal, headers: Record<string, string>) => Promise<Response>;
  /** Around work that the clock must wait for. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
  readonly note: (what: string) => void;
}

export interface Streams {
  events(headers: Record<string, string>, signal: AbortSignal): Promise<FetchAnswer>;
  /** What came since; `comment`: the server has spoken meanwhile, if only to say that it is there. */
  hear(comment: boolean): void;
  /** The network is gone: what is open breaks. */
  breakAll(): void;
  close(): void;
}

interface Open {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly frames: Uint8Array[];
  readonly muted: boolean;
  readonly end: () => void;
}

const badGateway = () =>
  new Response('<h1>Bad Gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } });
const stillHere = new TextEncoder().encode(': still here\n\n');

export function createStreams(parts: StreamParts): Streams {
  const open = new Set<Open>();
  const begin = (muted: boolean, signal: AbortSignal): { answer: FetchAnswer; one: Open; ended: AbortController } => {
    const ended = new AbortController();
    let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
    const body = new ReadableStream<Uint8Array>({
      start: (own) => {
        controller = own;
      },
      cancel: () => end(),
    });
    const end = () => {
      open.delete(one);
      ended.abort();
    };
    const one: Open = { controller: controller as unknown as Open['controller'], frames: [], muted, end };
    open.add(one);
    signal.addEventListener('abort', () => stop(one, 'aborted'), { once: true });
    return { answer: new Response(body, { headers: { 'content-type': 'text/event-stream' } }), one, ended };
  };
  const stop = (one: Open, why: string) => {
    if (!open.has(one)) return;
    one.end();
    one.controller.error(new Error(why));
  };
  const listen = async (one: Open, ended: AbortController, headers: Record<string, string>, first: () => void) => {
    try {
      const real = await parts.open(ended.signal, headers);
      first();
      if (real.status !== 200 || real.body === null) return stop(one, `answered ${real.status}`);
      for await (const bytes of real.body) one.frames.push(bytes);
      stop(one, 'ended by the server');
    } catch (error) {
      first();
      stop(one, String(error));
    }
  };
  return {
    async events(headers, signal) {
      if (!parts.online()) throw new Error('there is no network');
      const mode = parts.mode();
      if (mode === 'refused') {
        parts.note('stream refused');
        return badGateway();
      }
      if (mode === 'muted') parts.note('stream muted');
      const { answer, one, ended } = begin(mode === 'muted', signal);
      if (mode === 'open') {
        parts.note('stream open');
        const connected = Promise.withResolvers<void>();
        void listen(one, ended, headers, connected.resolve);
        await parts.during(connected.promise);
      }
      return answer;
    },
    hear(comment) {
      for (const one of [...open]) {
        if (one.muted) continue;
        const word = comment ? [stillHere] : [];
        for (const bytes of [...word, ...one.frames.splice(0)]) one.controller.enqueue(bytes);
      }
    },
    breakAll: () => [...open].forEach((one) => void stop(one, 'the network went away')),
    close() {
      for (const one of [...open]) one.end();
      open.clear();
    },
  };
}
