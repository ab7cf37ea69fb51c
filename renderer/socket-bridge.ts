// The bridge over a WebSocket: one reply per call, notices to all, and a new connection with growing waits when the
// counter program is away. A call without an answer is refused as `counter_away`: its outcome is not known.
import { largestFrame, noticeFrame, replyFrame } from '../shared/contract/ipc.ts';
import type { Link, LinkedBridge } from './link.ts';

export interface SocketEvents {
  readonly opened: () => void;
  readonly closed: () => void;
  readonly received: (data: unknown) => void;
}

export interface SocketParts {
  /** Opens a socket; `closed` comes once for each, also when it never opened. */
  readonly open: (events: SocketEvents) => { readonly send: (text: string) => void };
  /** Runs something later; returns how to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** 0 to below 1, so that several pages do not knock at the same moment. */
  readonly random: () => number;
}

/** Longest wait for the answer to a call; sign-up and sync go over the internet. */
export const answerWithinMs = 60_000;
const firstWaitMs = 500;
const longestWaitMs = 10_000;

export const awayResult = { ok: false, error: { code: 'counter_away', retryable: true } } as const;

/** Half to all of a wait that doubles with each failed try. */
export function waitBeforeTry(failures: number, random: () => number): number {
  const most = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 10));
  return most / 2 + (random() * most) / 2;
}

interface Waiting {
  readonly answer: (result: unknown) => void;
  readonly stopTimer: () => void;
}

export function socketBridge(parts: SocketParts): LinkedBridge {
  const waiting = new Map<number, Waiting>();
  const noticeListeners = new Set<(notice: unknown) => void>();
  const linkListeners = new Set<(link: Link) => void>();
  let link: Link = 'connecting';
  let send: ((text: string) => void) | null = null;
  let lastId = 0;
  let failures = 0;

  const setLink = (next: Link) => {
    if (next === link) return;
    link = next;
    for (const listener of linkListeners) listener(next);
  };
  const settle = (id: number, result: unknown) => {
    const call = waiting.get(id);
    if (call === undefined) return;
    waiting.delete(id);
    call.stopTimer();
    call.answer(result);
  };
  const receive = (data: unknown) => {
    const frame = readFrame(data);
    if (frame === null) return;
    if ('notice' in frame) for (const listener of noticeListeners) listener(frame.notice);
    else settle(frame.id, frame.result);
  };
  const connect = () => {
    const opened = () => {
      failures = 0;
      setLink('up');
    };
    const closed = () => {
      send = null;
      setLink('down');
      for (const id of [...waiting.keys()]) settle(id, awayResult);
      parts.after(waitBeforeTry(failures, parts.random), connect);
      failures += 1;
    };
    send = parts.open({ opened, closed, received: receive }).send;
  };
  connect();

  return {
    call: (name, input) => {
      const open = link === 'up' ? send : null;
      lastId += 1;
      const id = lastId;
      const frame = JSON.stringify({ id, call: name, input });
      if (open === null || frame.length > largestFrame) return Promise.resolve(awayResult);
      return new Promise((answer) => {
        waiting.set(id, { answer, stopTimer: parts.after(answerWithinMs, () => settle(id, awayResult)) });
        open(frame);
      });
    },
    subscribe: (listener) => {
      noticeListeners.add(listener);
      return () => noticeListeners.delete(listener);
    },
    onLink: (listener) => {
      linkListeners.add(listener);
      listener(link);
      return () => linkListeners.delete(listener);
    },
  };
}

/** A frame that is none of ours is dropped: there is nobody to tell, and the call it may have answered times out. */
function readFrame(data: unknown) {
  if (typeof data !== 'string') return null;
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    return null;
  }
  const reply = replyFrame.safeParse(json);
  if (reply.success) return reply.data;
  const told = noticeFrame.safeParse(json);
  return told.success ? told.data : null;
}
