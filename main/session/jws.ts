// Opens a compact JWS, strictly: one algorithm, one type, a key that is trusted already, and the one spelling that its bytes
// have. What the text itself says of how to check it (another algorithm, a key of its own) is never followed.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import type { EntitlementKey } from '../../shared/contract/devices.ts';

/** malformed: no JWS of this kind at all. wrong_type: one of another kind. */
export type JwsFault = 'malformed' | 'wrong_type' | 'unknown_key' | 'bad_signature';

export type Opened =
  | { readonly ok: true; readonly kid: string; readonly payload: unknown }
  | { readonly ok: false; readonly fault: JwsFault };

/** An entitlement has about 700 characters. */
const mostCharacters = 4_096;
const signatureBytes = 64;
const header = z.strictObject({ alg: z.literal('EdDSA'), kid: z.string().min(1), typ: z.string() });

const refused = (fault: JwsFault): Opened => ({ ok: false, fault });

/** typ: as it must stand in the header. keyOf: the trusted key of this name, if there is one. */
export function openJws(text: string, typ: string, keyOf: (kid: string) => EntitlementKey | undefined): Opened {
  if (text.length > mostCharacters) return refused('malformed');
  const parts = text.split('.');
  const [head = '', body = '', signature = ''] = parts;
  const bytes = bytesOf(signature);
  const payload = fromPart(body);
  const said = header.safeParse(fromPart(head));
  if (parts.length !== 3 || !said.success || payload === undefined) return refused('malformed');
  if (said.data.typ !== typ) return refused('wrong_type');
  const { kid } = said.data;
  const jwk = keyOf(kid);
  const key = jwk === undefined ? null : publicKey(jwk);
  if (key === null) return refused('unknown_key');
  if (bytes === null || bytes.length !== signatureBytes) return refused('bad_signature');
  const isGood = verify(null, Buffer.from(`${head}.${body}`, 'ascii'), key, bytes);
  return isGood ? { ok: true, kid, payload } : refused('bad_signature');
}

/** Null for a text that is not the one base64url spelling of its bytes: padding, spaces, or bits that nobody reads. */
function bytesOf(part: string): Buffer | null {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : null;
}

function fromPart(part: string): unknown {
  try {
    const bytes = bytesOf(part);
    return bytes === null ? undefined : JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function publicKey({ kty, crv, x }: EntitlementKey): KeyObject | null {
  try {
    return createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
  } catch {
    return null;
  }
}
