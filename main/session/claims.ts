// The entitlement in force: the last one whose signature was good, kept over restarts. One that is not good changes
// nothing; the org keeps what it had.
import type { EntitlementClaims } from '../../shared/contract/billing.ts';
import type { Outbox } from '../outbox/open.ts';
import { readSetting, saveSetting } from '../outbox/settings.ts';
import type { Log } from '../ports.ts';
import { readEntitlement } from './entitlement.ts';
import type { Session } from './session.ts';

export interface Claims {
  /** Null before the first good one, or when it is another org's. */
  readonly current: () => EntitlementClaims | null;
  readonly take: (jws: string) => void;
}

export function createClaims(outbox: Outbox, session: Session, log: Log): Claims {
  let read: { readonly jws: string; readonly orgId: string; readonly claims: EntitlementClaims | null } | null = null;
  const claimsOf = (jws: string): EntitlementClaims | null => {
    const saved = session.saved();
    if (saved === null) return null;
    if (read?.jws === jws && read.orgId === saved.orgId) return read.claims;
    const claims = readEntitlement(jws, saved.orgId, saved.entitlementKeys);
    read = { jws, orgId: saved.orgId, claims };
    return claims;
  };
  return {
    current() {
      const jws = readSetting(outbox, 'entitlement');
      return jws === null ? null : claimsOf(jws);
    },
    take(jws) {
      if (readSetting(outbox, 'entitlement') === jws) return;
      if (claimsOf(jws) !== null) saveSetting(outbox, 'entitlement', jws);
      else log('warn', 'an entitlement with no good signature was left aside');
    },
  };
}
