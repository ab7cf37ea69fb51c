// The event stream: a hint that something is new, never data. It counts as alive only once it has carried something, as
// antivirus programs and proxies open streams and then hold back what flows in them; a silent one is cut and opened anew.
import { createParser } from 'eventsource-parser';
import { changedEvent } from '../../shared/contract/sync.ts';
import type { Log, Random, Timer, Timers } from '../ports.ts';
import { retryAfterMs } from './answer.ts';
import { contactBackoff, waitMs } from './backoff.ts';
import type { Client } from './client.ts';

/**
 * The server speaks every 15 s; after this long without a byte the stream is taken for dead, and the server is looked at. What was
 * new when the stream fell silent is thereby seen within 30 s.
 */
export const longestSilence = 25_000;

export interface PushParts {
  readonly client: Pick<Client, 'events'>;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Something is new at the server, or may have become so while nobody listened. */
  readonly onChanged: () => void;
  readonly onAlive: (alive: boolean) => void;
  /** The stream ended or could not be opened: often the first sign that the network or the server is gone. */
  readonly onEnded: () => void;
}

export interface Push {
  readonly open: () => void;
  readonly close: () => void;
  readonly alive: () => boolean;
}

export function createPush(parts: PushParts): Push {
  let listening: AbortController | null = null;
  let retry: Timer | null = null;
  let alive = false;
  let failures = 0;

  const setAlive = (now: boolean) => {
    if (now === alive) return;
    alive = now;
    if (now) failures = 0;
    parts.onAlive(now);
  };
  const connect = () => {
    retry = null;
    const mine = new AbortController();
    listening = mine;
    void listen(parts, mine, () => setAlive(true)).then(({ reason, retryAfter }) => {
      if (listening !== mine) return;
      setAlive(false);
      parts.onEnded();
      parts.log('info', 'the event stream ended', { reason });
      const backoff = { ...contactBackoff, least: 1_000 };
      retry = parts.timers.after(waitMs(backoff, failures, parts.random(), retryAfterMs(retryAfter)), connect);
      failures += 1;
    });
  };
  return {
    open() {
      if (listening === null) connect();
    },
    close() {
      const mine = listening;
      listening = null;
      retry?.cancel();
      retry = null;
      mine?.abort();
      setAlive(false);
    },
    alive: () => alive,
  };
}

/** reason: for the log. retryAfter: what the server said instead of a stream. */
interface Ended {
  readonly reason: string;
  readonly retryAfter: string | null;
}

const endedFor = (reason: string): Ended => ({ reason, retryAfter: null });

/** Listens until the stream ends, falls silent or is closed; resolves with why. */
async function listen(parts: PushParts, ending: AbortController, onByte: () => void): Promise<Ended> {
  let watchdog: Timer | null = null;
  const heard = () => {
    watchdog?.cancel();
    watchdog = parts.timers.after(longestSilence, () => ending.abort());
  };
  heard();
  try {
    const answer = await parts.client.events(ending.signal);
    const type = answer.headers.get('content-type') ?? '';
    if (answer.status !== 200 || answer.body === null || !type.startsWith('text/event-stream')) {
      await answer.body?.cancel();
      // The pull finds out what is the matter, a token that is not accepted included.
      if (answer.status === 401) parts.onChanged();
      return { reason: `answered ${answer.status} ${type}`, retryAfter: answer.headers.get('retry-after') };
    }
    await read(answer.body, parts, () => {
      heard();
      onByte();
    });
    return endedFor('ended by the server');
  } catch (error) {
    return endedFor(ending.signal.aborted ? 'silent or closed' : String(error));
  } finally {
    cancel(watchdog);
  }
}

const cancel = (timer: Timer | null) => timer?.cancel();

async function read(body: ReadableStream<Uint8Array>, parts: PushParts, onBytes: () => void): Promise<void> {
  const text = new TextDecoder();
  const parser = createParser({
    onEvent(event) {
      if (event.event !== 'changed') return;
      if (changedEvent.safeParse(fromJson(event.data)).success) parts.onChanged();
    },
  });
  let first = true;
  for await (const bytes of body) {
    onBytes();
    // What changed between the last pull and this stream's first word was told to nobody.
    if (first) parts.onChanged();
    first = false;
    parser.feed(text.decode(bytes, { stream: true }));
  }
}

function fromJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
