// The server-signed statement of plan, renewal and features that this counter trusts offline. Owns the signature check
// and what follows from an old statement; it must not know network or disk.
import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { type EntitlementClaims, entitlementClaims } from '../../shared/contract/billing.ts';
import { type Features, featuresOf, renewalStatusAt } from '../../shared/plan/renewal.ts';
import type { EntitlementKeys } from '../outbox/session.ts';

const header = z.object({ alg: z.literal('EdDSA'), kid: z.string() });

/** The claims of a compact JWS that one of `keys` signed for this org; null for anything else, however it is wrong. */
export function readEntitlement(jws: string, orgId: string, keys: EntitlementKeys): EntitlementClaims | null {
  const [head, body, signature, ...more] = jws.split('.');
  if (head === undefined || body === undefined || signature === undefined || more.length > 0) return null;
  const said = header.safeParse(fromPart(head));
  const jwk = said.success ? keys.keys.find((key) => key.kid === said.data.kid) : undefined;
  if (jwk === undefined) return null;
  const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' });
  const signed = Buffer.from(`${head}.${body}`, 'ascii');
  if (!verify(null, signed, key, Buffer.from(signature, 'base64url'))) return null;
  const claims = entitlementClaims.safeParse(fromPart(body));
  return claims.success && claims.data.sub === orgId ? claims.data : null;
}

function fromPart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Features now: the plan's own rules on the statement's dates, until it ends; after that they stay as they were at its
 * end and are marked stale. Never locked.
 */
export function featuresAt(claims: EntitlementClaims, now: Date): { features: Features; stale: boolean } {
  const end = new Date(claims.exp * 1000);
  const stale = now.getTime() > end.getTime();
  return { features: featuresOf(renewalStatusAt(claims, stale ? end : now)), stale };
}
