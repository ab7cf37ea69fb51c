// Keys that sign entitlements, as a test wants them: the same key for the same name, and a signature under whatever header.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { EntitlementClaims } from '../../shared/contract/billing.ts';
import type { EntitlementKey } from '../../shared/contract/devices.ts';
import { featuresOf, type RenewalFacts, renewalStatusAt } from '../../shared/plan/renewal.ts';

/** An Ed25519 private key in PKCS #8 is these bytes and 32 of its own. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
export const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface PlayedKey {
  readonly kid: string;
  readonly jwk: EntitlementKey;
  /** A compact JWS; header: in place of, or beside, what stands there. */
  readonly sign: (typ: string, claims: unknown, header?: Readonly<Record<string, unknown>>) => string;
}

/** secret: what the key itself is made of, where two are to bear one name. */
export function playedKey(kid: string, secret = kid): PlayedKey {
  const seed = createHash('sha256').update(secret).digest();
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  const x = String(createPublicKey(key).export({ format: 'jwk' }).x);
  return {
    kid,
    jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'EdDSA' },
    sign(typ, claims, header = {}) {
      const text = `${part({ alg: 'EdDSA', kid, typ, ...header })}.${part(claims)}`;
      return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
    },
  };
}

/** `by` says that `of` signs too. iat: seconds. */
export function statementOf(by: PlayedKey, of: PlayedKey, iat = 0): string {
  return by.sign('entitlement-key+jwt', { iat, kid: of.kid, jwk: of.jwk });
}

export interface PlayedClaims extends RenewalFacts {
  readonly sub: string;
  /** Seconds. */
  readonly iat: number;
  readonly days?: number;
}

/** As the server fills them in. */
export function claimsOf({ sub, iat, days = 30, serviceRenewalNextDue }: PlayedClaims): EntitlementClaims {
  const status = renewalStatusAt({ serviceRenewalNextDue }, new Date(iat * 1000));
  return {
    sub,
    iat,
    exp: iat + days * 86_400,
    plan: serviceRenewalNextDue === null ? null : 'pharmapulse-one',
    serviceRenewalStatus: status,
    serviceRenewalNextDue,
    features: featuresOf(status),
  };
}

export function entitlementOf(by: PlayedKey, claims: PlayedClaims): string {
  return by.sign('entitlement+jwt', claimsOf(claims));
}
