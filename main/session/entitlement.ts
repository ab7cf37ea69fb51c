// The server-signed statement of plan, renewal and features that this counter trusts offline: which one is believed, and
// which one takes the place of the one that is held. It must not know network or disk.
import { type ToldClaims, toldClaims } from '../../shared/contract/told-status.ts';
import { type JwsFault, openJws } from './jws.ts';
import type { KeyRing } from './key-ring.ts';
import { clockTolerance } from './trusted-time.ts';

/**
 * another_org: copied from another pharmacy. expired, from_the_future: not made for now, as the server itself says the time.
 * older: made before the one that is held. older_key: signed with a key that the held one's key has replaced.
 */
export type EntitlementFault = JwsFault | 'another_org' | 'expired' | 'from_the_future' | 'older' | 'older_key';

export interface Entitlement {
  readonly kid: string;
  readonly claims: ToldClaims;
}

export type Judged =
  | { readonly ok: true; readonly entitlement: Entitlement }
  | { readonly ok: false; readonly fault: EntitlementFault };

const refused = (fault: EntitlementFault): Judged => ({ ok: false, fault });

/** Whether a believed key signed this for this org; when, and what was believed before, is not looked at. */
export function readEntitlement(jws: string, orgId: string, ring: Pick<KeyRing, 'find'>): Judged {
  const opened = openJws(jws, 'entitlement+jwt', ring.find);
  if (!opened.ok) return opened;
  const claims = toldClaims.safeParse(opened.payload);
  if (!claims.success || claims.data.exp <= claims.data.iat) return refused('malformed');
  if (claims.data.sub !== orgId) return refused('another_org');
  return { ok: true, entitlement: { kid: opened.kid, claims: claims.data } };
}

export interface Judging {
  readonly orgId: string;
  readonly ring: KeyRing;
  readonly held: Entitlement | null;
  /** As the same answer says it. */
  readonly serverTime: Date;
}

/** Whether one that the server presents takes the place of the one that is held. */
export function judgeEntitlement(jws: string, { orgId, ring, held, serverTime }: Judging): Judged {
  const read = readEntitlement(jws, orgId, ring);
  if (!read.ok) return read;
  const { kid, claims } = read.entitlement;
  if (claims.exp * 1000 <= serverTime.getTime()) return refused('expired');
  if (claims.iat * 1000 > serverTime.getTime() + clockTolerance) return refused('from_the_future');
  if (held !== null && claims.iat < held.claims.iat) return refused('older');
  if (held !== null && ring.rank(kid) < ring.rank(held.kid)) return refused('older_key');
  return read;
}
