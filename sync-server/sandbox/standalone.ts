// Starts the sandbox alone, for example beside a server on another machine. A composition root: the clock, the randomness
// and the listening socket are made here.
//
//   node sync-server/sandbox/standalone.ts --webhook-url http://127.0.0.1:4400/api/billing/webhook [--port 4410]
//     [--data sandbox.sqlite] [--key-id …] [--key-secret …] [--webhook-secret …] [--public-url …]
//     [--stripe-key sk_test_…] [--stripe-webhook-secret whsec_…] [--stripe-webhook-url …]
//
// Razorpay's API and Stripe's are both at /v1; the key of a request tells which is meant.

import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import fastify from 'fastify';
import { createSandbox } from './sandbox.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4410' },
    data: { type: 'string', default: 'sandbox.sqlite' },
    'webhook-url': { type: 'string' },
    'key-id': { type: 'string', default: 'rzp_test_sandbox' },
    'key-secret': { type: 'string', default: 'sandbox_key_secret' },
    'webhook-secret': { type: 'string', default: 'sandbox_webhook_secret' },
    'public-url': { type: 'string' },
    'stripe-key': { type: 'string', default: 'sk_test_sandbox' },
    'stripe-webhook-secret': { type: 'string', default: 'whsec_sandbox' },
    'stripe-webhook-url': { type: 'string' },
  },
});
const webhookUrl = values['webhook-url'];
if (webhookUrl === undefined) {
  console.error('--webhook-url is missing: where events are sent');
  process.exit(78);
}

const sandbox = createSandbox({
  databasePath: values.data,
  clock: { now: () => new Date() },
  random: { bytes: randomBytes },
  keyId: values['key-id'],
  keySecret: values['key-secret'],
  webhookSecret: values['webhook-secret'],
  webhookUrl,
  stripe: {
    secretKey: values['stripe-key'],
    webhookSecret: values['stripe-webhook-secret'],
    webhookUrl: values['stripe-webhook-url'] ?? webhookUrl,
  },
  publicUrl: values['public-url'] ?? `http://127.0.0.1:${values.port}`,
});
const app = fastify();
app.register(sandbox.plugin);
const address = await app.listen({ host: '127.0.0.1', port: Number(values.port) });
sandbox.start();
console.log(`listening on ${address}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await app.close();
    await sandbox.stop();
  });
}
