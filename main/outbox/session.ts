// Who this counter is, as saved: org, device, the sealed token and the keys that sign entitlements, as they came.
import { type SaidKeys, saidKeys } from '../../shared/contract/told-status.ts';
import type { Outbox } from './open.ts';
import { session } from './schema.ts';

/** token: sealed by the SecretStore. revokedAt: when the server refused the token; the data stays readable. */
export interface SavedSession {
  readonly orgId: string;
  readonly orgName: string | null;
  readonly branchId: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly token: Uint8Array;
  readonly entitlementKeys: SaidKeys;
  readonly revokedAt: string | null;
}

export function readSession(outbox: Outbox): SavedSession | null {
  const row = outbox.db.select().from(session).get();
  if (row === undefined) return null;
  return { ...row, entitlementKeys: saidKeys.parse(JSON.parse(row.entitlementKeys)) };
}

export function saveSession(outbox: Outbox, saved: SavedSession): void {
  const row = {
    ...saved,
    token: Buffer.from(saved.token),
    entitlementKeys: JSON.stringify(saved.entitlementKeys),
  };
  outbox.db
    .insert(session)
    .values({ one: 1, ...row })
    .onConflictDoUpdate({ target: session.one, set: row })
    .run();
}

export function saveName(outbox: Outbox, deviceName: string): void {
  outbox.db.update(session).set({ deviceName }).run();
}

export function saveRevoked(outbox: Outbox, revokedAt: string): void {
  outbox.db.update(session).set({ revokedAt }).run();
}
