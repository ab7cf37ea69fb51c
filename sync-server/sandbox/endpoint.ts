// Owns the state of the seller's webhook endpoint, as Razorpay's dashboard would show it: its secrets (the one in use and
// the one before it), since when it fails, and whether it is disabled because it failed for 24 hours. Times are the
// clock's. It sends nothing.

import type { Db } from './database.ts';
import type { Settings } from './settings.ts';

/** How long an endpoint may fail without a single success before it is disabled. */
const DISABLED_AFTER_MS = 24 * 3_600_000;

export const DISABLED = 'the webhook is disabled';

export interface EndpointParts {
  readonly db: Db;
  readonly settings: Settings;
  readonly secret: string;
  /** Taken by the first rotation; until then it counts as the one before. */
  readonly spareSecret: string;
}

export type Endpoint = ReturnType<typeof createEndpoint>;

export function createEndpoint({ db, settings, secret, spareSecret }: EndpointParts) {
  const giveUp = db.prepare<[string]>(`
    UPDATE deliveries SET state = 'abandoned', last_answer = ?
    WHERE state = 'pending' AND event_id IN (SELECT id FROM events WHERE provider = 'razorpay')`);
  const msOf = (name: 'webhook_failing_since_ms' | 'webhook_disabled_ms'): number | null => {
    const text = settings.get(name);
    return text === null ? null : Number(text);
  };
  const failingSinceMs = () => msOf('webhook_failing_since_ms');
  const disabledMs = () => msOf('webhook_disabled_ms');
  const currentSecret = () => settings.get('webhook_secret') ?? secret;
  const oldSecret = () => settings.get('webhook_old_secret') ?? spareSecret;

  const disable = db.transaction((nowMs: number): void => {
    settings.set('webhook_disabled_ms', String(nowMs));
    giveUp.run(DISABLED);
  });
  return {
    currentSecret,
    oldSecret,
    failingSinceMs,
    disabledMs,
    /** From now on events are signed with another secret; those that were made before keep their signature. */
    rotate: db.transaction((next: string | null): void => {
      const [now, before] = [currentSecret(), oldSecret()];
      settings.set('webhook_secret', next ?? before);
      settings.set('webhook_old_secret', now);
    }),
    disable,
    enable: db.transaction((): void => {
      settings.set('webhook_disabled_ms', null);
      settings.set('webhook_failing_since_ms', null);
    }),
    /** What one try showed. */
    heard(fine: boolean, nowMs: number): void {
      if (fine) settings.set('webhook_failing_since_ms', null);
      else if (failingSinceMs() === null) settings.set('webhook_failing_since_ms', String(nowMs));
    },
    disableIfItFailedTooLong(nowMs: number): void {
      const since = failingSinceMs();
      if (since !== null && disabledMs() === null && nowMs - since >= DISABLED_AFTER_MS) disable(nowMs);
    },
    /** When it will be disabled if nothing succeeds before; null when that is not ahead. */
    disabledFromMs(): number | null {
      const since = failingSinceMs();
      return since === null || disabledMs() !== null ? null : since + DISABLED_AFTER_MS;
    },
    /** As if so much time had passed for it already. */
    age(ms: number): void {
      const since = failingSinceMs();
      if (since !== null) settings.set('webhook_failing_since_ms', String(since - ms));
    },
  };
}
