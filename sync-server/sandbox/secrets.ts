// The sandbox's own keys: made at its first start and kept, since events that wait to be delivered are signed already.
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Random } from './ids.ts';

const secrets = z.object({
  keyId: z.string().min(1),
  keySecret: z.string().min(20),
  webhookSecret: z.string().min(20),
});
export type SandboxSecrets = z.infer<typeof secrets>;

/** `folder` exists. */
export function readSandboxSecrets(folder: string, random: Random): SandboxSecrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  const secret = () => Buffer.from(random.bytes(24)).toString('hex');
  const made = { keyId: 'rzp_test_sandbox', keySecret: secret(), webhookSecret: secret() };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** Stripe's keys, where none are set: whoever knows the sandbox's key secret knows them. */
export function stripeKeys(keySecret: string): { secretKey: string; webhookSecret: string } {
  const of = (what: string) => createHmac('sha256', keySecret).update(what).digest('hex').slice(0, 32);
  return { secretKey: `sk_test_${of('stripe secret key')}`, webhookSecret: `whsec_${of('stripe webhook secret')}` };
}

/** The secret that the first rotation takes. Whoever knows the first one knows it, so that a server can accept both. */
export function spareSecret(webhookSecret: string): string {
  return createHmac('sha256', webhookSecret).update('the secret of the next rotation').digest('hex');
}
