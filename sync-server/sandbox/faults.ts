// Owns the fault switches: their names, what each does, and their stored values. Kept in the file, so that a switch set
// before a crash is still set after it.
//
// GET  /faults  → {"faults":{name: false | true | N}, "meaning":{name: text}}
// POST /faults  {name: value, …}: false or 0 off; true on until turned off; N the next N times. `{"reset": true}` turns
//               all off first. One time of a payment or webhook switch is one played payment (with all its events); one
//               time of an API switch is one API call. `…_seconds` is a number of seconds, never used up.
// Webhook switches are read when the events are made, and stay with them through every retry.

import type { Db } from './database.ts';

export const faultMeaning = {
  wrong_amount: 'The payment is ₹1.00 short of its order, and the order still says paid.',
  wrong_currency: 'The payment is in USD.',
  foreign_order: 'The money goes to an order of another product on the same account; ours stays unpaid.',
  late_authorisation: 'A payment that fails is authorised and captured after all, just after payment.failed.',
  partial_payment: 'Half of what is due is paid; the order stays attempted until the rest is.',
  refund_before_captured: 'The payment is given back at once, and refund.* is sent before payment.captured.',
  refund_pending: 'A refund stays pending until somebody finishes it.',
  refund_fails: 'A refund is pending, fails just after, and the money is with the seller again.',
  charge_fails: 'A mandate’s charge by the clock fails.',
  captured_text: 'The payment says captured:"1" instead of true.',
  notes_list: 'The payment’s notes are [].',
  notes_null: 'The payment’s notes are null.',
  only_payment_captured: 'Of a payment’s events, only payment.captured is sent.',
  only_order_paid: 'Of a payment’s events, only order.paid is sent.',
  webhook_duplicate: 'Every event is delivered a second time, 0.23 s later.',
  webhook_concurrent: 'Every event is delivered five times at the same moment.',
  webhook_reorder: 'Events are delivered in reverse order.',
  webhook_drop: 'Events are made and not delivered (a named deliver still can).',
  webhook_hold: 'Events wait until they are delivered by command.',
  webhook_delay_seconds: 'Events are delivered so many seconds later.',
  webhook_timeout: 'The first try of every event arrives, and its answer counts as later than 5 s.',
  webhook_never_heard: 'Every try arrives and its answer counts as later than 5 s: the whole ladder, then disabled.',
  webhook_old_secret: 'Events are signed with the secret from before the last rotation.',
  webhook_stale: 'Stripe: the signature’s time is ten minutes ago.',
  webhook_tampered: 'The body differs from the one that was signed.',
  webhook_unsigned: 'The signature header is missing.',
  webhook_no_event_id: 'The event id header is missing.',
  api_429: 'API: 429 with Retry-After; nothing is done.',
  api_500: 'API: 500 JSON; nothing is done.',
  api_502_html: 'API: 502 HTML page; nothing is done.',
  api_504_empty: 'API: 504 without a body; nothing is done.',
  api_reset: 'API: the connection is reset; nothing is done.',
  api_hang: 'API: no answer, ever; nothing is done.',
  api_500_after_commit: 'API: a write is done and then answered 500.',
  api_hang_after_commit: 'API: a write is done and never answered.',
  api_reset_after_commit: 'API: a write is done and then the connection is reset.',
  list_lag_seconds: 'Lists of payments, refunds, disputes and invoices lack what is younger than so many seconds.',
  order_list_lag_seconds: 'Lists of orders, links and subscriptions lack what is younger than so many seconds.',
  order_refused: 'API: an order is refused for good with 400; nothing is done. Payment links are made.',
  receipt_refused: 'A second order with the same receipt is refused.',
  receipt_same_order: 'A second order with the same receipt answers the first one.',
} as const satisfies Record<string, string>;

export type FaultName = keyof typeof faultMeaning;
export type FaultValue = boolean | number;
export type SecondsName = Extract<FaultName, `${string}_seconds`>;
export const faultNames = Object.keys(faultMeaning) as FaultName[];

export interface Faults {
  all(): Record<FaultName, FaultValue>;
  set(values: Partial<Record<FaultName, FaultValue>>): void;
  reset(): void;
  /** True if the switch is on; uses up one time of a counted one. */
  take(name: FaultName): boolean;
  seconds(name: SecondsName): number;
}

const UNTIL_TURNED_OFF = -1;

export function createFaults(db: Db): Faults {
  const read = db.prepare<[string], number>('SELECT value FROM faults WHERE name = ?').pluck();
  const write = db.prepare<[string, number]>(
    'INSERT INTO faults (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const stored = (name: FaultName) => read.get(name) ?? 0;
  return {
    all: () => Object.fromEntries(faultNames.map((name) => [name, shown(stored(name))])) as ReturnType<Faults['all']>,
    set(values) {
      db.transaction(() => {
        for (const name of faultNames) {
          const value = values[name];
          if (value !== undefined) write.run(name, value === true ? UNTIL_TURNED_OFF : Number(value));
        }
      })();
    },
    reset: () => void db.prepare('DELETE FROM faults').run(),
    take(name) {
      const value = stored(name);
      if (value > 0) write.run(name, value - 1);
      return value !== 0;
    },
    seconds: (name) => Math.max(0, stored(name)),
  };
}

function shown(value: number): FaultValue {
  if (value === 0) return false;
  return value === UNTIL_TURNED_OFF ? true : value;
}
