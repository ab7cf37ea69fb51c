// A hundred thousand forgeries for each provider: random bytes, true bodies and signatures cut, lengthened, re-encoded and
// moved. Never a throw, never a yes. The seed is printed; SIGNATURE_SEED plays it again.

import { createHash, createHmac } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { createRazorpayProvider } from '../../../sync-server/providers/razorpay.ts';
import { createStripeProvider } from '../../../sync-server/providers/stripe.ts';

const CASES = 100_000;
const seed = process.env.SIGNATURE_SEED ?? createHash('sha256').update(String(process.pid)).digest('hex').slice(0, 12);
afterAll(() => console.info(`signature fuzz: SIGNATURE_SEED=${seed}`));

const NOW_SECONDS = 1_790_000_000;
const clock = { now: () => new Date(NOW_SECONDS * 1000) };
const SECRETS = ['whsec_current', 'whsec_old'];
const [SECRET = ''] = SECRETS;

/** Small, fast and the same for a seed (xorshift); good enough to choose forgeries. */
function randomFrom(text: string) {
  let state = createHash('sha256').update(text).digest().readUInt32LE() || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
  const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));
  return { below, pick, bytes };
}
type Random = ReturnType<typeof randomFrom>;

interface Forgery {
  readonly body: unknown;
  readonly signature: unknown;
}
interface Scheme {
  readonly header: string;
  /** A true signature of this body. */
  readonly sign: (body: Buffer, secret: string) => string;
  readonly verify: (body: Buffer, headers: Record<string, string | string[] | undefined>) => boolean;
}

const hex = (secret: string, ...parts: (Buffer | string)[]): string => {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac.digest('hex');
};

const razorpay = createRazorpayProvider({
  name: 'razorpay',
  keyId: 'rzp_test_1',
  keySecret: 's',
  webhookSecrets: SECRETS,
  clock,
});
const stripe = createStripeProvider({ secretKey: 'sk_test_1', webhookSecrets: SECRETS, clock });
const schemes: Readonly<Record<string, Scheme>> = {
  razorpay: {
    header: 'x-razorpay-signature',
    sign: (body, secret) => hex(secret, body),
    verify: (body, headers) => razorpay.verifyWebhookSignature(body, headers),
  },
  stripe: {
    header: 'stripe-signature',
    sign: (body, secret) => `t=${NOW_SECONDS},v1=${hex(secret, `${NOW_SECONDS}.`, body)}`,
    verify: (body, headers) => stripe.verifyWebhookSignature(body, headers),
  },
};

const trueBody = Buffer.from(JSON.stringify({ id: 'evt_1', event: 'payment.captured', type: 'x', note: 'é€😀' }));

/** Another body than the one that was signed. */
function spoiled({ below, pick, bytes }: Random): unknown {
  const text = trueBody.toString();
  return pick<() => unknown>([
    () => trueBody.subarray(0, below(trueBody.length)),
    () => Buffer.concat([trueBody, bytes(1 + below(4))]),
    () => Buffer.concat([bytes(1 + below(4)), trueBody]),
    () => {
      const copy = Buffer.from(trueBody);
      copy.writeUInt8(copy.readUInt8(0) ^ (1 + below(255)), 0);
      return copy;
    },
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.from(text, 'latin1'),
    () => Buffer.from(`\ufeff${text}`),
    () => Buffer.from(JSON.stringify(JSON.parse(text), null, 1)),
    () => Buffer.from(trueBody.toString('base64')),
    () => bytes(below(40)),
    () => text,
    () => JSON.parse(text),
    () => pick([null, undefined, 7, [], new Uint8Array(trueBody)]),
  ])();
}

/** What is no signature of the true body, though much of it comes near. */
function forged({ below, pick, bytes }: Random, scheme: Scheme, real: string): unknown {
  const flipped = () => {
    // One digit of the signature itself, wherever in the header it stands.
    const at = real.length - 64 + below(64);
    return real.slice(0, at) + pick([...'0123456789abcdef'].filter((digit) => digit !== real[at])) + real.slice(at + 1);
  };
  return pick<() => unknown>([
    () => real.slice(0, below(real.length)),
    () => real + pick(['0', ' ', '\n', '\u0000', 'ff']),
    () => flipped(),
    () =>
      real.slice(0, -64) +
      real
        .slice(-64)
        .toUpperCase()
        .replace(/^[0-9]+$/, 'A'),
    () => scheme.sign(trueBody, pick(['', 'other', 'whsec_currenT', 'undefined'])),
    () => real.slice(0, -64) + Buffer.from(real.slice(-64), 'hex').toString('base64'),
    () => real.slice(0, -64) + bytes(32).toString('hex'),
    () => bytes(below(80)).toString('latin1'),
    () => pick(['', 'undefined', 'null', '0'.repeat(64), 'v1=', 't=1', `t=${NOW_SECONDS}`, `t=${NOW_SECONDS},v1=`]),
    () => pick([null, undefined, 7, {}, [real], [real, real]]),
  ])();
}

/** A true signature on another body, or something else on the true body. */
function forgery(random: Random, scheme: Scheme, real: readonly string[]): Forgery {
  if (random.below(2) === 0) return { body: spoiled(random), signature: random.pick(real) };
  return { body: trueBody, signature: forged(random, scheme, random.pick(real)) };
}

describe.each(Object.entries(schemes))('%s', (name, scheme) => {
  test('takes the true signature of the true body, with either secret', () => {
    for (const secret of SECRETS)
      expect(scheme.verify(trueBody, { [scheme.header]: scheme.sign(trueBody, secret) })).toBe(true);
  });

  test(`refuses ${CASES} forgeries, and throws at none`, () => {
    const random = randomFrom(`${seed} ${name}`);
    const real = SECRETS.map((secret) => scheme.sign(trueBody, secret));
    for (let count = 0; count < CASES; count += 1) {
      const { body, signature } = forgery(random, scheme, real);
      const yes = scheme.verify(body as Buffer, { [scheme.header]: signature as string });
      if (yes) expect.fail(`taken: ${String(signature)} for ${String(body)} (SIGNATURE_SEED=${seed}, case ${count})`);
    }
  }, 60_000);

  test('refuses huge bodies and huge headers', () => {
    const signature = scheme.sign(trueBody, SECRET);
    const huge = Buffer.alloc(20_000_000, trueBody);
    expect(scheme.verify(huge, { [scheme.header]: signature })).toBe(false);
    expect(scheme.verify(trueBody, { [scheme.header]: signature.repeat(100_000) })).toBe(false);
    expect(scheme.verify(trueBody, { [scheme.header]: `${signature},`.repeat(100_000) })).toBe(false);
    // And a huge body that was truly signed is one as any other.
    expect(scheme.verify(huge, { [scheme.header]: scheme.sign(huge, SECRET) })).toBe(true);
  }, 60_000);
});
