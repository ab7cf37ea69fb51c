// Owns the sending of webhooks: over real HTTP, with the headers that Razorpay sends, 5 seconds for an answer. It is the
// sandbox's one driver: the only file with timers and network. What is due and what comes next is decided elsewhere.

import type { Deliveries, DueRow, TryResult } from './deliveries.ts';
import { NO_ANSWER } from './deliveries.ts';
import type { Clock } from './ids.ts';

export type Deliver = (
  url: string,
  request: {
    method: 'POST';
    headers: Record<string, string>;
    body: Uint8Array<ArrayBuffer>;
    redirect: 'manual';
    signal: AbortSignal;
  },
) => Promise<{ readonly status: number; arrayBuffer(): Promise<ArrayBuffer> }>;

export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface CourierParts {
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  readonly webhookUrl: string;
  readonly deliver: Deliver;
  readonly timers: Timers;
  readonly answerWithinMs: number;
}

export interface Courier {
  /** Sends all that is due now, each once, and answers how it went. Calls made meanwhile wait for their turn. */
  deliverDue(): Promise<{ delivered: number; failed: number }>;
  start(): void;
  /** Ends the timers and the tries that are under way; those stay due. */
  stop(): Promise<void>;
  /** There may be something new to send. */
  wake(): void;
}

const AT_A_TIME = 100;
/** The clock may jump (a test's): while anything is pending, it is looked at again at least this often. */
const LOOK_AGAIN_MS = 1000;

export function createCourier(parts: CourierParts): Courier {
  const { deliveries, clock, timers } = parts;
  const stopping = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let started = false;
  let timer: unknown = null;

  async function attempt(row: DueRow, tally: { delivered: number; failed: number }): Promise<void> {
    const result = await send(row, parts, stopping.signal);
    // Cut off by our own stop: nobody knows whether it arrived, so it stays due and is sent again.
    if (stopping.signal.aborted) return;
    const state = deliveries.record(row, result, clock.now().getTime());
    tally[state === 'delivered' ? 'delivered' : 'failed'] += 1;
  }

  async function round(): Promise<{ delivered: number; failed: number }> {
    const tally = { delivered: 0, failed: 0 };
    const nowMs = clock.now().getTime();
    while (!stopping.signal.aborted) {
      const rows = deliveries.due(nowMs, AT_A_TIME);
      if (rows.length === 0) break;
      // Events of one order go out one after the other, in their order; orders do not wait for each other.
      const lanes = Map.groupBy(rows, (row) => row.order_id);
      await Promise.all(
        [...lanes.values()].map(async (lane) => {
          for (const volley of volleys(lane)) await Promise.all(volley.map((row) => attempt(row, tally)));
        }),
      );
    }
    return tally;
  }

  function deliverDue() {
    const mine = turn.then(round);
    // The next turn comes after this one however it ends; its own caller is told of a failure.
    turn = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  function schedule(): void {
    if (!started || timer !== null) return;
    const nextMs = deliveries.nextMs();
    if (nextMs === null) return;
    const wait = Math.min(Math.max(0, nextMs - clock.now().getTime()), LOOK_AGAIN_MS);
    timer = timers.setTimeout(() => {
      timer = null;
      // No catch: the only thing that can fail here is the sandbox's own file, and that must be seen.
      deliverDue().then(schedule);
    }, wait);
  }

  function wake(): void {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
    schedule();
  }

  return {
    deliverDue,
    wake,
    start() {
      started = true;
      schedule();
    },
    async stop() {
      started = false;
      if (timer !== null) timers.clearTimeout(timer);
      timer = null;
      stopping.abort();
      await turn;
    },
  };
}

/** Neighbours of one event that are meant to arrive at the same moment, together; all others alone. */
function volleys(lane: readonly DueRow[]): DueRow[][] {
  const groups: DueRow[][] = [];
  for (const row of lane) {
    const last = groups.at(-1);
    if (row.volley === 1 && last?.[0]?.event_id === row.event_id && last[0].volley === 1) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

async function send(row: DueRow, parts: CourierParts, stopped: AbortSignal): Promise<TryResult> {
  const inTime = AbortSignal.timeout(parts.answerWithinMs);
  try {
    const answer = await parts.deliver(parts.webhookUrl, {
      method: 'POST',
      headers: headersOf(row),
      body: new Uint8Array(row.tampered === 1 ? tampered(row.body) : row.body),
      redirect: 'manual',
      signal: AbortSignal.any([inTime, stopped]),
    });
    // Read to its end, so that the connection is free again and "in time" covers the whole answer.
    await answer.arrayBuffer();
    return { status: answer.status };
  } catch (error) {
    return { broke: inTime.aborted ? NO_ANSWER : `no answer: ${causeOf(error)}` };
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

function headersOf(row: DueRow): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Razorpay-Webhook/v1',
    'request-id': row.event_id,
    ...(row.unsigned === 1 ? {} : { 'x-razorpay-signature': row.signature }),
    ...(row.unnamed === 1 ? {} : { 'x-razorpay-event-id': row.event_id }),
  };
}

/** Another amount than the one that was signed; where that changes nothing, another length. */
function tampered(body: Buffer): Buffer {
  const changed = Buffer.from(body.toString('utf8').replaceAll(/"amount":\d+/g, '"amount":100'));
  return changed.equals(body) ? Buffer.concat([body, Buffer.from(' ')]) : changed;
}
