// Owns when webhooks are sent: the sandbox's one driver, and the only file with timers. What is due and what comes after a
// failure is decided in deliveries.ts; how one try is made, in sender.ts.

import type { Agenda } from './agenda.ts';
import type { Deliveries, DueRow } from './deliveries.ts';
import type { Endpoint } from './endpoint.ts';
import type { Clock } from './ids.ts';
import { type SenderParts, send } from './sender.ts';

export interface Timers {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface CourierParts extends SenderParts {
  readonly agenda: Agenda;
  readonly deliveries: Deliveries;
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly timers: Timers;
}

export interface Tally {
  delivered: number;
  failed: number;
}

export interface Courier {
  /** Sends all that is due now, each once, and answers how it went. Calls made meanwhile wait for their turn. */
  deliverDue(): Promise<Tally>;
  start(): void;
  /** Ends the timers and the tries that are under way; those stay due. */
  stop(): Promise<void>;
  /** There may be something new to send. */
  wake(): void;
  /** Lets the time to the next step of the ladder (or to the disabling after it) pass for all deliveries, and sends. */
  moveOn(): Promise<Tally & { skippedMs: number }>;
}

const AT_A_TIME = 100;
/** The clock may jump (a test's): while anything is pending, it is looked at again at least this often. */
const LOOK_AGAIN_MS = 1000;

export function createCourier(parts: CourierParts): Courier {
  const { deliveries, endpoint, clock, timers } = parts;
  const stopping = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let started = false;
  let timer: unknown = null;

  function deliverDue(): Promise<Tally> {
    const mine = turn.then(() => sendAllDue(parts, stopping.signal));
    // The next turn comes after this one however it ends; a failure is told to its own caller.
    turn = Promise.allSettled([mine]);
    return mine;
  }

  function schedule(): void {
    if (!started || timer !== null) return;
    const nextMs = earliest(nextOf(parts), parts.agenda.nextMs());
    if (nextMs === null) return;
    const wait = Math.min(Math.max(0, nextMs - clock.now().getTime()), LOOK_AGAIN_MS);
    timer = timers.setTimeout(() => {
      timer = null;
      // No catch: the only thing that can fail here is the sandbox's own file, and that must be seen.
      deliverDue().then(schedule);
    }, wait);
  }

  function cancel(): void {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  }

  function wake(): void {
    cancel();
    schedule();
  }

  return {
    deliverDue,
    wake,
    async moveOn() {
      const nextMs = nextOf(parts);
      if (nextMs === null) return { skippedMs: 0, ...(await deliverDue()) };
      const skippedMs = Math.max(0, nextMs - clock.now().getTime());
      deliveries.age(skippedMs);
      endpoint.age(skippedMs);
      const tally = await deliverDue();
      wake();
      return { skippedMs, ...tally };
    },
    start() {
      started = true;
      schedule();
    },
    async stop() {
      started = false;
      cancel();
      stopping.abort();
      await turn;
    },
  };
}

/** When the next thing happens to the deliveries; null: nothing will. */
function nextOf({ deliveries, endpoint }: CourierParts): number | null {
  return earliest(deliveries.nextMs(), endpoint.disabledFromMs());
}

function earliest(...times: readonly (number | null)[]): number | null {
  const known = times.filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** One round: everything that was due when it began. What fails in it is due later, so the round ends. */
async function sendAllDue(parts: CourierParts, stopped: AbortSignal): Promise<Tally> {
  const tally: Tally = { delivered: 0, failed: 0 };
  const nowMs = parts.clock.now().getTime();
  parts.agenda.runDue(nowMs);
  parts.endpoint.disableIfItFailedTooLong(nowMs);
  while (!stopped.aborted) {
    const rows = parts.deliveries.due(nowMs, AT_A_TIME);
    if (rows.length === 0) break;
    // Events of one order go out one after the other, in their order; orders do not wait for each other.
    const lanes = Map.groupBy(rows, (row) => row.order_id);
    await Promise.all([...lanes.values()].map((lane) => sendLane(lane, parts, stopped, tally)));
  }
  return tally;
}

async function sendLane(lane: readonly DueRow[], parts: CourierParts, stopped: AbortSignal, tally: Tally) {
  for (const volley of volleys(lane)) {
    await Promise.all(volley.map((row) => attempt(row, parts, stopped, tally)));
  }
}

async function attempt(row: DueRow, parts: CourierParts, stopped: AbortSignal, tally: Tally): Promise<void> {
  const result = await send(row, parts, stopped);
  // Cut off by our own stop: nobody knows whether it arrived, so it stays due and is sent again.
  if (stopped.aborted) return;
  const nowMs = parts.clock.now().getTime();
  const state = parts.deliveries.record(row, result, nowMs);
  if (row.provider === 'razorpay') parts.endpoint.heard(state === 'delivered', nowMs);
  tally[state === 'delivered' ? 'delivered' : 'failed'] += 1;
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
