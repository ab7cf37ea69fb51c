// The bridge over a WebSocket: one reply per call, notices to all, and a new connection with growing waits when the
// counter program is away. A call without an answer is refused as `counter_away`: its outcome is not known.
import { largestFrame, noticeFrame, replyFrame } from '../shared/contract/frames.ts';
import type { Link, LinkedBridge } from './link.ts';

export interface SocketEvents {
  readonly opened: () => void;
  readonly closed: () => void;
  readonly received: (data: unknown) => void;
}

export interface SocketParts {
  /** Opens a socket; `closed` comes once for each, also when it never opened. */
  readonly open: (events: SocketEvents) => { readonly send: (text: string) => void };
  /**
   * The first connection, where it was begun before: joined instead of opened. asked: calls with the numbers 1, 2 …, sent as soon as it
   * is open. heard: what has come over it so far. join: `opened` or `closed` comes within it where that has happened.
   */
  readonly begun?: {
    readonly asked: readonly string[];
    readonly heard: readonly unknown[];
    readonly join: SocketParts['open'];
  };
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

/** Calls by their numbers, 1 first, until each is answered once: by its reply, by nobody for too long, or when the connection is gone. */
function waitingCalls(after: SocketParts['after']) {
  const waiting = new Map<number, { readonly answer: (result: unknown) => void; readonly stopTimer: () => void }>();
  let lastId = 0;
  const settle = (id: number, result: unknown) => {
    const call = waiting.get(id);
    if (call === undefined) return;
    waiting.delete(id);
    call.stopTimer();
    call.answer(result);
  };
  return {
    settle,
    begin() {
      lastId += 1;
      const id = lastId;
      const answer = new Promise<unknown>((answered) => {
        waiting.set(id, { answer: answered, stopTimer: after(answerWithinMs, () => settle(id, awayResult)) });
      });
      return { id, answer };
    },
    settleAll(result: unknown) {
      for (const id of [...waiting.keys()]) settle(id, result);
    },
  };
}

export function socketBridge(parts: SocketParts): LinkedBridge {
  const { begin, settle, settleAll } = waitingCalls(parts.after);
  const noticeListeners = new Set<(notice: unknown) => void>();
  const linkListeners = new Set<(link: Link) => void>();
  /** Answers to what was asked before us, for whoever asks the same first. */
  const early = new Map<string, Promise<unknown>>();
  let link: Link = 'connecting';
  let send: ((text: string) => void) | null = null;
  let failures = 0;

  const setLink = (next: Link) => {
    if (next === link) return;
    link = next;
    for (const listener of linkListeners) listener(next);
  };
  const receive = (data: unknown) => {
    const frame = readFrame(data);
    if (frame === null) return;
    if ('id' in frame) return settle(frame.id, frame.result);
    // What was asked before something changed may be old.
    early.clear();
    for (const listener of noticeListeners) listener(frame.notice);
  };
  const connect = (how = parts.open) => {
    const opened = () => {
      failures = 0;
      setLink('up');
    };
    const closed = () => {
      send = null;
      setLink('down');
      early.clear();
      settleAll(awayResult);
      parts.after(waitBeforeTry(failures, parts.random), connect);
      failures += 1;
    };
    send = how({ opened, closed, received: receive }).send;
  };
  const { asked, heard, join } = parts.begun ?? { asked: [], heard: [], join: parts.open };
  for (const name of asked) early.set(name, begin().answer);
  connect(join);
  for (const data of heard) receive(data);

  return {
    call: (name, input) => {
      const begun = early.get(name);
      early.delete(name);
      if (begun !== undefined) return begun;
      if (link !== 'up' || send === null) return Promise.resolve(awayResult);
      const { id, answer } = begin();
      const frame = JSON.stringify({ id, call: name, input });
      if (frame.length > largestFrame) settle(id, awayResult);
      else send(frame);
      return answer;
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
