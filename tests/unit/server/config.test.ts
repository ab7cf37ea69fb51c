// The server's settings: their defaults, and each fault told in one line that names the setting.
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../sync-server/config.ts';

const razorpay = {
  PAYMENT_PROVIDER: 'razorpay',
  RAZORPAY_KEY_ID: 'rzp_live_1',
  RAZORPAY_KEY_SECRET: 'secret',
  RAZORPAY_WEBHOOK_SECRETS: 'now, before',
};
const stripe = {
  PAYMENT_PROVIDER: 'stripe',
  STRIPE_SECRET_KEY: 'sk_live_1',
  STRIPE_WEBHOOK_SECRETS: 'whsec_now, whsec_before',
};
const seller = {
  SELLER_NAME: 'PharmaPulse Private Limited',
  SELLER_GSTIN: '27AAPFU0939F1ZV',
  SELLER_ADDRESS: '1 Fort, Mumbai',
};

function faultsOf(env: Record<string, string>): readonly string[] {
  const read = readConfig(env);
  return read.ok ? [] : read.faults;
}
function read(env: Record<string, string>) {
  const result = readConfig(env);
  if (!result.ok) throw new Error(result.faults.join('; '));
  return result.config;
}

describe('without any setting', () => {
  test('the server is the sample of http-api.md: 127.0.0.1:4400, embedded database, sandbox', () => {
    expect(read({})).toMatchObject({
      host: '127.0.0.1',
      port: 4400,
      publicUrl: null,
      databaseUrl: null,
      dataDir: './.data',
      production: false,
      payments: { provider: 'sandbox' },
      pricesIncludeGst: true,
      seller: { name: 'PharmaPulse (sample seller)', gstin: '27ABCPE1234F1ZB' },
      adminToken: null,
      testClock: false,
    });
  });

  test('TEST_CLOCK=sandbox is on with test money, off with real keys, and no fault in production', () => {
    const keys = { RAZORPAY_KEY_ID: 'rzp_live_1', RAZORPAY_KEY_SECRET: 's', RAZORPAY_WEBHOOK_SECRETS: 'w' };
    expect(read({ TEST_CLOCK: 'sandbox' }).testClock).toBe(true);
    expect(read({ TEST_CLOCK: 'sandbox', ...keys }).testClock).toBe(false);
    expect(read({ TEST_CLOCK: '1', ...keys }).testClock).toBe(true);
  });

  test('an empty one counts as none', () => {
    expect(read({ PORT: '', DATABASE_URL: '', TEST_CLOCK: '', ADMIN_TOKEN: '' })).toEqual(read({}));
  });
});

describe('a malformed setting is one fault that names it', () => {
  test.each([
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '44.5'],
    ['PUBLIC_URL', 'pharmapulse.example'],
    ['PUBLIC_URL', 'ftp://pharmapulse.example'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_URL', 'postgres://user@host:port/x'],
    ['PAYMENT_PROVIDER', 'paypal'],
    ['RAZORPAY_WEBHOOK_SECRETS', ','],
    ['RAZORPAY_WEBHOOK_SECRETS', 'one,,two'],
    ['RAZORPAY_API_URL', 'api.razorpay.com'],
    ['STRIPE_SECRET_KEY', 'rzp_live_1'],
    ['STRIPE_SECRET_KEY', 'sk_live_'],
    ['STRIPE_SECRET_KEY', 'sk_live_a b'],
    ['STRIPE_SECRET_KEY', 'pk_live_1'],
    ['STRIPE_WEBHOOK_SECRETS', 'one,'],
    ['STRIPE_API_URL', 'api.stripe.com'],
    ['PAYMENT_TIMEOUT_MS', '999'],
    ['PAYMENT_TIMEOUT_MS', '60001'],
    ['PAYMENT_TIMEOUT_MS', 'long'],
    ['PRICES_INCLUDE_GST', 'yes'],
    ['PRICES_INCLUDE_GST', '1'],
    ['SELLER_NAME', '   '],
    ['SELLER_ADDRESS', '   '],
    ['SELLER_NAME', 'W'.repeat(201)],
    ['SELLER_ADDRESS', 'W'.repeat(501)],
    ['SELLER_NAME', 'அருண்'],
    ['SELLER_GSTIN', '27AAPFU0939F1ZW'],
    ['SELLER_GSTIN', 'none'],
    ['TEST_CLOCK', 'true'],
    ['TEST_CLOCK', 'Sandbox'],
    ['TEST_CLOCK', '0'],
    ['LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: \\S[^\\n]*$`))]);
  });

  test('several are told at once, also those that are missing beside those that are malformed', () => {
    const names = faultsOf({ PORT: 'x', PAYMENT_PROVIDER: 'razorpay', RAZORPAY_WEBHOOK_SECRETS: ',', TEST_CLOCK: '2' });
    expect(names.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'PORT',
      'RAZORPAY_KEY_ID',
      'RAZORPAY_KEY_SECRET',
      'RAZORPAY_WEBHOOK_SECRETS',
      'TEST_CLOCK',
    ]);
  });

  test('no fault shows the value of a secret', () => {
    const secrets = { DATABASE_URL: 'mysql://u:hush@h/x', RAZORPAY_WEBHOOK_SECRETS: 'hush,,hush' };
    expect(faultsOf({ ...razorpay, ...secrets }).join()).not.toContain('hush');
    const theirs = { STRIPE_SECRET_KEY: 'hush', STRIPE_WEBHOOK_SECRETS: 'hush,,hush' };
    expect(faultsOf({ ...stripe, ...theirs }).join()).not.toContain('hush');
  });
});

describe('the payment provider', () => {
  test('is razorpay where its key is set, with every webhook secret, the first as the current one', () => {
    const { PAYMENT_PROVIDER: _chosen, ...keys } = razorpay;
    expect(read({ ...keys, RAZORPAY_API_URL: 'http://127.0.0.1:9/' }).payments).toEqual({
      provider: 'razorpay',
      keyId: 'rzp_live_1',
      keySecret: 'secret',
      webhookSecrets: ['now', 'before'],
      apiUrl: 'http://127.0.0.1:9',
      timeoutMs: 8_000,
    });
  });

  test.each(['RAZORPAY_KEY_ID', 'RAZORPAY_KEY_SECRET', 'RAZORPAY_WEBHOOK_SECRETS'])(
    'razorpay without %s is a fault',
    (name) => {
      expect(faultsOf({ ...razorpay, [name]: '' })).toEqual([expect.stringMatching(`^${name}: is needed`)]);
    },
  );
});

describe('stripe as the payment provider', () => {
  const settings = {
    provider: 'stripe',
    secretKey: 'sk_live_1',
    webhookSecrets: ['whsec_now', 'whsec_before'],
    apiUrl: null,
    timeoutMs: 8_000,
  };

  test('is taken by name and by its key alone, with every webhook secret and its address', () => {
    expect(read(stripe).payments).toEqual(settings);
    const { PAYMENT_PROVIDER: _chosen, ...keys } = stripe;
    const apiUrl = 'http://127.0.0.1:4400/sandbox';
    expect(read({ ...keys, STRIPE_API_URL: `${apiUrl}/` }).payments).toEqual({ ...settings, apiUrl });
  });

  test.each(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRETS'])('without %s is a fault', (name) => {
    expect(faultsOf({ ...stripe, [name]: '' })).toEqual([expect.stringMatching(`^${name}: is needed`)]);
  });

  test('starts in production with a real seller', () => {
    expect(faultsOf({ NODE_ENV: 'production', ...stripe, ...seller })).toEqual([]);
  });
});

describe('production', () => {
  const production = { NODE_ENV: 'production', ...razorpay, ...seller };

  test('starts with real keys and a real seller', () => {
    expect(read(production)).toMatchObject({ production: true, seller: { gstin: '27AAPFU0939F1ZV' } });
  });

  test.each([
    ['PAYMENT_PROVIDER', { PAYMENT_PROVIDER: 'sandbox' }],
    ['TEST_CLOCK', { TEST_CLOCK: '1' }],
    ['SELLER_NAME', { SELLER_NAME: '' }],
    ['SELLER_ADDRESS', { SELLER_ADDRESS: '' }],
    ['SELLER_GSTIN', { SELLER_GSTIN: '' }],
    ['SELLER_GSTIN', { SELLER_GSTIN: '27ABCPE1234F1ZB' }],
  ])('refuses by name: %s', (name, change) => {
    expect(faultsOf({ ...production, ...change })).toEqual([expect.stringMatching(`^${name}: `)]);
  });
});
