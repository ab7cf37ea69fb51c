// The Ed25519 keys that sign entitlements: made once, kept in the database, so that every process signs with the same.
import { desc, sql } from 'drizzle-orm';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';
import type { EntitlementClaims } from '../../shared/contract/billing.ts';
import { entitlementKeys } from '../../shared/contract/devices.ts';
import { signingKey } from './schema.ts';
import type { Db } from './tx.ts';

export interface Signer {
  /** The public keys, as sign-up answers them. */
  readonly keys: z.infer<typeof entitlementKeys>;
  /** A compact JWS (EdDSA, kid in the header) of the claims. */
  sign(claims: EntitlementClaims): Promise<string>;
}

const storedJwk = z.record(z.string(), z.unknown());

export async function openSigner(db: Db, now: Date): Promise<Signer> {
  const rows = await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(7240202)`);
    const found = await tx.select().from(signingKey).orderBy(desc(signingKey.createdAt));
    if (found.length > 0) return found;
    const made = await makeKey();
    return tx
      .insert(signingKey)
      .values({ ...made, createdAt: now })
      .returning();
  });
  const [newest] = rows;
  if (newest === undefined) throw new Error('no signing key');
  const key = await importJWK(storedJwk.parse(newest.privateJwk) as JWK, 'EdDSA');
  return {
    keys: entitlementKeys.parse({ keys: rows.map((row) => row.publicJwk) }),
    sign: (claims) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: newest.kid, typ: 'entitlement+jwt' })
        .sign(key),
  };
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  return { kid, privateJwk: await exportJWK(privateKey), publicJwk: { ...publicJwk, kid, use: 'sig', alg: 'EdDSA' } };
}
