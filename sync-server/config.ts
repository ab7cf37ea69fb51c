// The server's settings: read once from the environment, checked, and refused with one line per fault that names the
// setting. Nothing else in the server reads the environment.
import { z } from 'zod';
import { checkGstin } from '../shared/gst/gstin.ts';
import { isPrintable } from '../shared/gst/printable.ts';

export const sampleSeller = {
  name: 'PharmaPulse (sample seller)',
  gstin: '27ABCPE1234F1ZB',
  address: '1 Sample Street, Mumbai 400001, Maharashtra',
} as const;

export interface Config {
  readonly host: string;
  readonly port: number;
  /** null: http://HOST:PORT, known once the port is. */
  readonly publicUrl: string | null;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly production: boolean;
  readonly payments: PaymentSettings;
  readonly pricesIncludeGst: boolean;
  readonly seller: { readonly name: string; readonly gstin: string; readonly address: string };
  readonly adminToken: string | null;
  readonly ai: AiSettings;
  readonly testClock: boolean;
  readonly logLevel: string;
}

export type PaymentSettings =
  | { readonly provider: 'sandbox' }
  | {
      readonly provider: 'razorpay';
      readonly keyId: string;
      readonly keySecret: string;
      readonly webhookSecrets: readonly string[];
      readonly apiUrl: string | null;
      /** How long one call to the provider may take, in milliseconds. */
      readonly timeoutMs: number;
    }
  | {
      readonly provider: 'stripe';
      readonly secretKey: string;
      readonly webhookSecrets: readonly string[];
      readonly apiUrl: string | null;
      /** How long one call to the provider may take, in milliseconds. */
      readonly timeoutMs: number;
    };

export interface AiSettings {
  /** An OpenAI-compatible server, up to before `/chat/completions`; null: the built-in echo model in the sandbox, else none. */
  readonly upstreamUrl: string | null;
  readonly upstreamKey: string | null;
  /** How long it may be silent: until its answer begins, and between two pieces of it. */
  readonly silenceMs: number;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] };

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .transform((url) => url.replace(/\/+$/, ''));
/** What stands on every invoice: of letters that it can be printed with, and no longer than it has room for. */
const printed = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most, { error: `must be at most ${most} characters` })
    .refine(isPrintable, { error: 'has characters that cannot be printed on an invoice' });
const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true');
const secrets = z
  .string()
  .transform((list) => list.split(',').map((secret) => secret.trim()))
  .pipe(z.array(z.string().min(1, { error: 'must not hold an empty secret' })).min(1));

const environment = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number({ error: 'must be a number' }).int().min(0).max(65535).default(4400),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { error: 'must begin with postgres://' })
    .refine((url) => URL.canParse(url), { error: 'is not an address' })
    .optional(),
  DATA_DIR: z.string().min(1).default('./.data'),
  PAYMENT_PROVIDER: z
    .enum(['razorpay', 'stripe', 'sandbox'], { error: 'must be razorpay, stripe or sandbox' })
    .optional(),
  RAZORPAY_KEY_ID: z.string().min(1).optional(),
  RAZORPAY_KEY_SECRET: z.string().min(1).optional(),
  RAZORPAY_WEBHOOK_SECRETS: secrets.optional(),
  RAZORPAY_API_URL: httpUrl.optional(),
  // Stripe's own form: it tells whether the money is real, so a key without it cannot be told apart.
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[rs]k_(live|test)_[\x21-\x7e]+$/, { error: 'must begin with sk_live_, sk_test_, rk_live_ or rk_test_' })
    .optional(),
  STRIPE_WEBHOOK_SECRETS: secrets.optional(),
  STRIPE_API_URL: httpUrl.optional(),
  PAYMENT_TIMEOUT_MS: z.coerce.number({ error: 'must be a number' }).int().min(1_000).max(60_000).default(8_000),
  PRICES_INCLUDE_GST: flag.default(true),
  SELLER_NAME: printed(200).optional(),
  SELLER_GSTIN: z.string().trim().min(1).optional(),
  SELLER_ADDRESS: printed(500).optional(),
  ADMIN_TOKEN: z.string().min(1).optional(),
  AI_UPSTREAM_URL: httpUrl.optional(),
  AI_UPSTREAM_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'must be printable characters without blanks' })
    .optional(),
  AI_UPSTREAM_TIMEOUT_MS: z.coerce.number({ error: 'must be a number' }).int().min(1).max(240_000).default(120_000),
  TEST_CLOCK: z.enum(['1', 'sandbox'], { error: 'must be 1, sandbox or unset' }).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'),
});
type Environment = z.infer<typeof environment>;

export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const faults: string[] = [];
  const set = readEach(given, faults);
  const production = set.NODE_ENV === 'production';
  const payments = readPayments(set, faults);
  if (production) refuseInProduction(set, payments, faults);
  const gstin = checkGstin(set.SELLER_GSTIN ?? sampleSeller.gstin);
  if (!gstin.ok) faults.push(`SELLER_GSTIN: is not a valid GSTIN (${gstin.reason})`);
  if (faults.length > 0 || payments === null || !gstin.ok) return { ok: false, faults: firstOfEach(faults) };
  return {
    ok: true,
    config: {
      host: set.HOST,
      port: set.PORT,
      publicUrl: set.PUBLIC_URL ?? null,
      databaseUrl: set.DATABASE_URL ?? null,
      dataDir: set.DATA_DIR,
      production,
      payments,
      pricesIncludeGst: set.PRICES_INCLUDE_GST,
      seller: {
        name: set.SELLER_NAME ?? sampleSeller.name,
        gstin: gstin.gstin,
        address: set.SELLER_ADDRESS ?? sampleSeller.address,
      },
      adminToken: set.ADMIN_TOKEN ?? null,
      ai: {
        upstreamUrl: set.AI_UPSTREAM_URL ?? null,
        upstreamKey: set.AI_UPSTREAM_KEY ?? null,
        silenceMs: set.AI_UPSTREAM_TIMEOUT_MS,
      },
      // `sandbox`: where nobody pays with real money, and nowhere else.
      testClock: set.TEST_CLOCK === '1' || (set.TEST_CLOCK === 'sandbox' && payments.provider === 'sandbox'),
      logLevel: set.LOG_LEVEL,
    },
  };
}

/** What is well formed; the rest become faults. The checks that follow still run, so that all faults are told at once. */
function readEach(given: Readonly<Record<string, string | undefined>>, faults: string[]): Environment {
  const issues = environment.safeParse(given).error?.issues ?? [];
  faults.push(...issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`));
  const malformed = new Set(issues.map((issue) => issue.path[0]));
  return environment.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !malformed.has(name))));
}

/** One line a setting: what comes later about a malformed one only follows from that. */
function firstOfEach(faults: readonly string[]): string[] {
  const byName = Map.groupBy(faults, (fault) => fault.slice(0, fault.indexOf(':')));
  return [...byName.values()].flatMap((ofOne) => ofOne.slice(0, 1));
}

function readPayments(set: Environment, faults: string[]): PaymentSettings | null {
  const byKeys =
    set.RAZORPAY_KEY_ID !== undefined ? 'razorpay' : set.STRIPE_SECRET_KEY !== undefined ? 'stripe' : 'sandbox';
  const provider = set.PAYMENT_PROVIDER ?? byKeys;
  if (provider === 'sandbox') return { provider };
  if (provider === 'stripe') return readStripe(set, faults);
  const timeoutMs = set.PAYMENT_TIMEOUT_MS;
  const { RAZORPAY_KEY_ID: keyId, RAZORPAY_KEY_SECRET: keySecret, RAZORPAY_WEBHOOK_SECRETS: webhookSecrets } = set;
  if (keyId === undefined) faults.push('RAZORPAY_KEY_ID: is needed with PAYMENT_PROVIDER=razorpay');
  if (keySecret === undefined) faults.push('RAZORPAY_KEY_SECRET: is needed with PAYMENT_PROVIDER=razorpay');
  if (webhookSecrets === undefined) faults.push('RAZORPAY_WEBHOOK_SECRETS: is needed with PAYMENT_PROVIDER=razorpay');
  if (keyId === undefined || keySecret === undefined || webhookSecrets === undefined) return null;
  return { provider, keyId, keySecret, webhookSecrets, apiUrl: set.RAZORPAY_API_URL ?? null, timeoutMs };
}

function readStripe(set: Environment, faults: string[]): PaymentSettings | null {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRETS: webhookSecrets, STRIPE_API_URL: apiUrl } = set;
  if (secretKey === undefined) faults.push('STRIPE_SECRET_KEY: is needed with PAYMENT_PROVIDER=stripe');
  if (webhookSecrets === undefined) faults.push('STRIPE_WEBHOOK_SECRETS: is needed with PAYMENT_PROVIDER=stripe');
  if (secretKey === undefined || webhookSecrets === undefined) return null;
  return { provider: 'stripe', secretKey, webhookSecrets, apiUrl: apiUrl ?? null, timeoutMs: set.PAYMENT_TIMEOUT_MS };
}

function refuseInProduction(set: Environment, payments: PaymentSettings | null, faults: string[]): void {
  if (payments?.provider === 'sandbox') faults.push('PAYMENT_PROVIDER: the sandbox is refused in production');
  if (set.TEST_CLOCK === '1') faults.push('TEST_CLOCK: is refused in production');
  for (const name of ['SELLER_NAME', 'SELLER_GSTIN', 'SELLER_ADDRESS'] as const) {
    if (set[name] === undefined) faults.push(`${name}: is needed in production; the sample seller is refused`);
  }
  if (set.SELLER_GSTIN === sampleSeller.gstin) faults.push('SELLER_GSTIN: the sample seller is refused in production');
}
