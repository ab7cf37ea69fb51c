// Sign-up and join asked for again with the same idempotency key: the counter that was made is found, and the token that it
// was given is opened with the key. Nobody without the key can open it, the operator of the database included.
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Random } from '../clock.ts';
import { bodyHash } from './idempotency.ts';
import type { KeptActivation, NewCounter } from './orgs.ts';
import { device } from './schema.ts';
import type { Tx } from './tx.ts';

/** A key as a stranger used it: on what, with which checked body. */
export interface ActivationUse {
  readonly key: string;
  /** Method and path. */
  readonly route: string;
  readonly body: unknown;
}

const [nonceBytes, tagBytes] = [12, 16];

export function keepActivation(use: ActivationUse, token: string, random: Random): KeptActivation {
  const nonce = Buffer.from(random.bytes(nonceBytes));
  const cipher = createCipheriv('aes-256-gcm', sealingKey(use), nonce);
  const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return { activationDigest: digestOf(use), sealedToken: Buffer.concat([nonce, cipher.getAuthTag(), sealed]) };
}

/** The counter that this very request made before, with its token; null if it made none. Looks across orgs. */
export async function findActivation(tx: Tx, use: ActivationUse): Promise<NewCounter | null> {
  const [row] = await tx
    .select({
      orgId: device.orgId,
      branchId: device.branchId,
      deviceId: device.deviceId,
      sealedToken: device.sealedToken,
    })
    .from(device)
    .where(eq(device.activationDigest, digestOf(use)));
  if (row === undefined || row.sealedToken === null) return null;
  const { sealedToken, ...ids } = row;
  return { ...ids, token: openToken(use, sealedToken) };
}

function openToken(use: ActivationUse, kept: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(use), kept.subarray(0, nonceBytes));
  decipher.setAuthTag(kept.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(kept.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
}

function digestOf({ key, route, body }: ActivationUse): Buffer {
  return createHash('sha256').update(`${route}\n${key}\n`, 'utf8').update(bodyHash(body)).digest();
}

function sealingKey({ key, route, body }: ActivationUse): Buffer {
  return Buffer.from(hkdfSync('sha256', key, bodyHash(body), `token of ${route}`, 32));
}
