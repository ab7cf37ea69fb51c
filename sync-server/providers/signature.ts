// Owns the check of an HMAC-SHA256 signature over raw bytes. It exists because the SDK's own helper compares with `===`,
// accepts an empty secret, and signs a parsed object as the text "[object Object]". It knows no provider and no header.

import { createHmac, timingSafeEqual } from 'node:crypto';

const HEX_SHA256 = /^[0-9a-f]{64}$/;

/**
 * True only if `signature` is the lower-case hex HMAC of exactly these bytes under one of the secrets. Takes `unknown` on
 * purpose: what arrives from the network is refused by its kind, and nothing that arrives can make this throw.
 */
export function signatureMatches(rawBody: unknown, signature: unknown, secrets: readonly string[]): boolean {
  if (!Buffer.isBuffer(rawBody)) return false;
  if (typeof signature !== 'string' || !HEX_SHA256.test(signature)) return false;
  const given = Buffer.from(signature, 'hex');
  let matched = false;
  // No early exit: the time taken must not tell which of the active secrets a forger came near to.
  for (const secret of secrets) {
    if (typeof secret !== 'string' || secret === '') continue;
    const expected = createHmac('sha256', secret).update(rawBody).digest();
    matched = timingSafeEqual(expected, given) || matched;
  }
  return matched;
}

/** The signature that `signatureMatches` accepts. Throws on an empty secret: that would be a signature of nobody. */
export function signatureOf(rawBody: Buffer, secret: string): string {
  if (secret === '') throw new Error('a signature needs a secret that is not empty');
  return createHmac('sha256', secret).update(rawBody).digest('hex');
}
