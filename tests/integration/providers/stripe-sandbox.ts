// Stripe's adapter against the Stripe that the sandbox plays.

import { createHmac } from 'node:crypto';
import { createStripeProvider } from '../../../sync-server/providers/stripe.ts';
import { openStage, STRIPE_KEYS } from '../sandbox/stage.ts';
import { addressOfNobody, type Trouble } from './played-api.ts';
import { type ContractStage, heardOf, NOW, secrets } from './stages.ts';

const faults: Readonly<Record<Trouble, string>> = {
  reset_after: 'api_reset_after_commit',
  hang_after: 'api_hang_after_commit',
  fail: 'api_500',
  fail_after: 'api_500_after_commit',
  html: 'api_502_html',
  busy: 'api_429',
};

export async function stripeSandboxStage(): Promise<ContractStage> {
  const stage = await openStage({ prefix: '/sandbox' });
  const clock = { now: () => NOW };
  const webhookSecrets = [secrets.current, secrets.old];
  const base = { secretKey: STRIPE_KEYS.secretKey, webhookSecrets, apiUrl: stage.url, timeoutMs: 10_000, clock };
  const open = (change: object) => createStripeProvider({ ...base, ...change });
  const count = async (path: string, is: (row: Record<string, unknown>) => boolean): Promise<number> => {
    const headers = { authorization: `Bearer ${STRIPE_KEYS.secretKey}` };
    const answer = await fetch(`${stage.url}${path}`, { headers });
    return ((await answer.json()) as { data: Record<string, unknown>[] }).data.filter(is).length;
  };
  return {
    provider: open({}),
    hasty: open({ timeoutMs: 400 }),
    stranger: open({ secretKey: 'sk_test_guess' }),
    lonely: open({ apiUrl: await addressOfNobody() }),
    sign: (body, secret) => {
      const time = NOW.getTime() / 1000;
      const v1 = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
      return { 'stripe-signature': `t=${time},v1=${v1}` };
    },
    idsOfOthers: { order: 'order_A1b2C3d4E5f6G7', payment: 'pay_A1b2C3d4E5f6G7' },
    trouble: async (kind) => void (await stage.faults({ [faults[kind]]: 1 })),
    loseNextWrite: async () => void (await stage.faults({ api_reset_after_commit: 1 })),
    madeFor: (receipt) => count('/v1/checkout/sessions?limit=100', (row) => row.client_reference_id === receipt),
    refundsOf: (paymentId) => count(`/v1/refunds?limit=100&payment_intent=${paymentId}`, () => true),
    pay: async (orderId) => {
      const done = await stage.post('/stripe/play', { action: 'pay', sessionId: orderId });
      return String((done.body.paymentIntent as { id: string }).id);
    },
    refuse: async (orderId) => {
      await stage.post('/stripe/play', { action: 'fail', sessionId: orderId });
      return heardOf(stage, 'type', 'payment_intent.payment_failed');
    },
    busySeconds: 2,
    close: () => stage.close(),
  };
}
