// The sandbox as a program of its own in Stripe's place, and the settings with which a server takes it for Stripe.
import { join } from 'node:path';
import { freePort, Program } from './program.ts';

export interface StripeStandIn {
  readonly settings: Record<string, string>;
  end(): Promise<void>;
}

const secretKey = 'sk_test_end_to_end';
const webhookSecret = 'whsec_end_to_end';

/** `serverUrl`: where the server will listen; events wait until it does. */
export async function openStripe(folder: string, serverUrl: string): Promise<StripeStandIn> {
  const port = String(await freePort());
  const program = new Program(
    [
      'sync-server/sandbox/standalone.ts',
      ...['--port', port, '--data', join(folder, 'stripe.sqlite')],
      ...['--webhook-url', `${serverUrl}/api/billing/webhook`],
      ...['--stripe-key', secretKey, '--stripe-webhook-secret', webhookSecret],
    ],
    {},
  );
  const [, url = ''] = await program.line(/^listening on (http:\/\/\S+)/);
  return {
    settings: {
      PAYMENT_PROVIDER: 'stripe',
      STRIPE_SECRET_KEY: secretKey,
      STRIPE_WEBHOOK_SECRETS: webhookSecret,
      STRIPE_API_URL: url,
    },
    end: () => program.end('SIGTERM'),
  };
}
