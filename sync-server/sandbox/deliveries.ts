// Owns the delivery rows: what is due, what comes after a failure, what a person may release. The ladder is the one that
// was measured on Razorpay's Test mode: about 24 hours, 15 to 16 tries, a 400 retried exactly like a 500.

import type { Db } from './database.ts';

/** Seconds from the first try, read as waits from one try to the next: after a wait of 5 s for an answer, later by that. */
const LADDER_SECONDS = [
  0, 0.23, 6, 19, 40, 82, 164, 326, 650, 1293, 2576, 5140, 10_267, 20_508, 40_989, 81_953,
] as const;

/** Stripe publishes three days with growing waits, not the waits themselves: these are assumed. */
const STRIPE_LADDER_SECONDS = [
  0, 60, 360, 2160, 9360, 27_360, 63_360, 106_560, 149_760, 192_960, 236_160, 259_200,
] as const;

/** Only these are tried again after a quarter of a second, and only when the endpoint broke rather than said no. */
const TRIED_AGAIN_AT_ONCE: ReadonlySet<string> = new Set(['payment.authorized', 'payment.captured', 'order.paid']);

export interface DeliveryRow {
  id: number;
  event_id: string;
  state: 'pending' | 'held' | 'dropped' | 'delivered' | 'abandoned';
  attempts: number;
  /** Where on the ladder the next try stands. */
  place: number;
  next_ms: number;
  volley: number;
  tampered: number;
  unsigned: number;
  unnamed: number;
  /** So many tries to come count as unanswered, whatever is answered. */
  unheard: number;
  last_answer: string | null;
}

export interface DueRow extends DeliveryRow {
  name: string;
  order_id: string;
  provider: 'razorpay' | 'stripe';
  body: Buffer;
  signature: string;
}

/** The text for a try that got no answer within the time an endpoint has. */
export const NO_ANSWER = 'no answer in time';

/** What came of one try: a status, or none when the connection broke or no answer came in time. */
export type TryResult = { readonly status: number } | { readonly broke: string };

export type Deliveries = ReturnType<typeof createDeliveries>;

export function createDeliveries(db: Db) {
  const joined =
    'SELECT d.*, e.name, e.order_id, e.provider, e.body, e.signature FROM deliveries d JOIN events e ON e.id = d.event_id';
  const due = db.prepare<[number, number], DueRow>(
    `${joined} WHERE d.state = 'pending' AND d.next_ms <= ? ORDER BY d.next_ms, d.id LIMIT ?`,
  );
  const next = db.prepare<[], number | null>("SELECT min(next_ms) FROM deliveries WHERE state = 'pending'").pluck();
  const update = db.prepare<[Pick<DeliveryRow, 'id' | 'state' | 'place' | 'next_ms' | 'last_answer'>]>(`
    UPDATE deliveries SET state = @state, place = @place, next_ms = @next_ms, last_answer = @last_answer,
      attempts = attempts + 1, unheard = max(0, unheard - 1) WHERE id = @id`);
  // A delivered event may be named too: that is the replay of the real thing's dashboard.
  const release = db.prepare<[number, string]>(
    "UPDATE deliveries SET state = 'pending', place = 0, next_ms = ? WHERE event_id = ?",
  );
  const undelivered = db.prepare<[string]>("SELECT 1 FROM deliveries WHERE event_id = ? AND state <> 'delivered'");
  const aged = db.prepare<[number]>("UPDATE deliveries SET next_ms = next_ms - ? WHERE state = 'pending'");
  const held = db
    .prepare<[], string>("SELECT DISTINCT event_id FROM deliveries WHERE state = 'held' ORDER BY id")
    .pluck();
  return {
    due: (nowMs: number, limit: number): DueRow[] => due.all(nowMs, limit),
    /** When the next pending row is due; null when none is pending. */
    nextMs: (): number | null => next.get() ?? null,
    record(row: DueRow, answer: TryResult, nowMs: number): DeliveryRow['state'] {
      const result: TryResult = row.unheard > 0 ? { broke: NO_ANSWER } : answer;
      const last_answer = 'status' in result ? `HTTP ${result.status}` : result.broke;
      const after = stepAfter(row, result);
      update.run({ id: row.id, state: after.state, place: after.place, next_ms: nowMs + after.waitMs, last_answer });
      return after.state;
    },
    /** Makes these events due in this order, one millisecond apart; without names, all that are held. */
    release: db.transaction((eventIds: readonly string[] | null, nowMs: number): number => {
      const chosen = eventIds ?? held.all();
      const start = nowMs - chosen.length;
      return chosen.reduce((count, eventId, place) => count + release.run(start + place, eventId).changes, 0);
    }),
    /** As if so much time had passed for all that is pending. */
    age(ms: number): void {
      aged.run(ms);
    },
    list: (limit: number): (Omit<DueRow, 'body' | 'signature'> & { created_ms: number })[] =>
      db
        .prepare<[number], Omit<DueRow, 'body' | 'signature'> & { created_ms: number }>(
          `SELECT d.*, e.name, e.order_id, e.provider, e.created_ms FROM deliveries d JOIN events e ON e.id = d.event_id
           ORDER BY d.id DESC LIMIT ?`,
        )
        .all(limit),
    isDelivered: (eventId: string): boolean => undelivered.get(eventId) === undefined,
    eventsOfOrder: (orderId: string) =>
      db
        .prepare<[string], { eventId: string; event: string; paymentId: string }>(
          'SELECT id AS eventId, name AS event, payment_id AS paymentId FROM events WHERE order_id = ? ORDER BY rowid',
        )
        .all(orderId),
  };
}

interface Step {
  readonly state: DeliveryRow['state'];
  readonly place: number;
  readonly waitMs: number;
}

function stepAfter(row: DueRow, result: TryResult): Step {
  if ('status' in result && result.status >= 200 && result.status < 300) {
    return { state: 'delivered', place: row.place, waitMs: 0 };
  }
  const endpointBroke = 'broke' in result ? result.broke !== NO_ANSWER : result.status >= 500;
  const ladder = row.provider === 'stripe' ? STRIPE_LADDER_SECONDS : LADDER_SECONDS;
  const skipsOne =
    row.provider === 'razorpay' && row.place === 0 && !(endpointBroke && TRIED_AGAIN_AT_ONCE.has(row.name));
  const place = row.place + (skipsOne ? 2 : 1);
  const [from, to] = [ladder[row.place], ladder[place]];
  if (from === undefined || to === undefined) return { state: 'abandoned', place: row.place, waitMs: 0 };
  return { state: 'pending', place, waitMs: Math.round((to - from) * 1000) };
}
