// Owns events: the body of each, made and signed once, and the rows of its deliveries. It runs inside the transaction of
// the change that it tells about, and does no I/O: deliveries are rows, sent by the courier.

import { createHmac } from 'node:crypto';
import type { Db } from './database.ts';
import { type Planned, planDeliveries } from './delivery-plan.ts';
import { DISABLED, type Endpoint } from './endpoint.ts';
import type { Faults } from './faults.ts';
import { type Clock, type NewId, unixSeconds } from './ids.ts';
import type { Snapshot } from './snapshots.ts';

export type Announce = (snapshots: readonly Snapshot[]) => void;

/** One account for the whole sandbox; fourteen letters, as an account id has. */
const ACCOUNT_ID = 'acc_SandboxAccount';

export interface EventParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly faults: Faults;
  readonly endpoint: Endpoint;
}

export function createAnnouncer({ db, clock, newId, faults, endpoint }: EventParts): Announce {
  const saveEvent = db.prepare<[string, string, string, string, Buffer, string, number]>(
    'INSERT INTO events (id, name, order_id, payment_id, body, signature, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const saveDelivery = createDeliveryWriter(db);
  return (snapshots) => {
    const told = chosen(snapshots, faults);
    if (told.length === 0) return;
    const secret = faults.take('webhook_old_secret') ? endpoint.oldSecret() : endpoint.currentSecret();
    const nowMs = clock.now().getTime();
    const eventIds = told.map((snapshot) => {
      const id = newId('');
      const body = Buffer.from(JSON.stringify(eventBody(snapshot, unixSeconds(clock))));
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      saveEvent.run(id, snapshot.event, snapshot.about, snapshot.paymentId ?? '', body, signature, nowMs);
      return id;
    });
    const disabled = endpoint.disabledMs() !== null;
    for (const planned of planDeliveries(eventIds, nowMs, faults)) saveDelivery(planned, disabled ? DISABLED : null);
  };
}

/** A row each; one that nobody may be told of any more is written as given up, with the reason. */
export function createDeliveryWriter(db: Db) {
  const insert = db.prepare<[Omit<Planned, 'state'> & { state: string; last_answer: string | null }]>(`
    INSERT INTO deliveries (event_id, state, next_ms, volley, tampered, unsigned, unnamed, unheard, last_answer)
    VALUES (@event_id, @state, @next_ms, @volley, @tampered, @unsigned, @unnamed, @unheard, @last_answer)`);
  return (planned: Planned, givenUp: string | null): void => {
    insert.run({ ...planned, state: givenUp === null ? planned.state : 'abandoned', last_answer: givenUp });
  };
}

function eventBody({ event, entities }: Snapshot, createdAt: number) {
  return {
    entity: 'event',
    account_id: ACCOUNT_ID,
    event,
    contains: Object.keys(entities),
    payload: Object.fromEntries(Object.entries(entities).map(([name, entity]) => [name, { entity }])),
    created_at: createdAt,
  };
}

/** Some accounts subscribe to one of the events only; a switch acts that out where the event is among those to be sent. */
function chosen(snapshots: readonly Snapshot[], faults: Faults): readonly Snapshot[] {
  for (const [name, event] of [
    ['only_payment_captured', 'payment.captured'],
    ['only_order_paid', 'order.paid'],
  ] as const) {
    const found = snapshots.filter((snapshot) => snapshot.event === event);
    if (found.length > 0 && faults.take(name)) return found;
  }
  return snapshots;
}
