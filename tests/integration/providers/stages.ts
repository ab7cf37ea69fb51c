// The three ways in which the one contract of the provider port is played: each adapter with its real SDK against an API
// over HTTP.

import { createHmac } from 'node:crypto';
import type { PaymentProvider, WebhookHeaders } from '../../../sync-server/providers/port.ts';
import { createRazorpayProvider } from '../../../sync-server/providers/razorpay.ts';
import { createStripeProvider } from '../../../sync-server/providers/stripe.ts';
import { KEYS, openStage, type Stage } from '../sandbox/stage.ts';
import { addressOfNobody, type Trouble } from './played-api.ts';
import { openRazorpayLike, razorpayKeys } from './razorpay-like.ts';
import { openStripeLike, stripeKey } from './stripe-like.ts';

export const NOW = new Date('2026-11-22T06:30:00Z');
export const secrets = { current: 'whsec_current', old: 'whsec_old' };

export interface ContractStage {
  readonly provider: PaymentProvider;
  /** Gives up early: only for calls that are never answered. */
  readonly hasty: PaymentProvider;
  /** With a key that the API does not know. */
  readonly stranger: PaymentProvider;
  /** At an address where nobody listens. */
  readonly lonely: PaymentProvider;
  trouble(kind: Trouble): Promise<void>;
  /** The next call that changes something is done, and its answer lost. */
  loseNextWrite(): Promise<void>;
  madeFor(receipt: string): Promise<number>;
  refundsOf(paymentId: string): Promise<number>;
  pay(orderId: string): Promise<string>;
  /** The bank refuses an attempt; the raw body of the event that tells of it. */
  refuse(orderId: string): Promise<Buffer>;
  sign(body: Buffer, secret: string): WebhookHeaders;
  readonly idsOfOthers: { readonly order: string; readonly payment: string };
  /** How long a 429 asks to wait. */
  readonly busySeconds: number;
  close(): Promise<void>;
}

const clock = { now: () => NOW };
const HASTY_MS = 400;
const PATIENT_MS = 10_000;
const webhookSecrets = [secrets.current, secrets.old];

const razorpaySigned = (body: Buffer, secret: string): WebhookHeaders => ({
  'x-razorpay-signature': createHmac('sha256', secret).update(body).digest('hex'),
});

async function razorpays(name: 'razorpay' | 'sandbox', keys: { keyId: string; keySecret: string }, url: string) {
  const open = (change: object) =>
    createRazorpayProvider({ name, ...keys, webhookSecrets, apiUrl: url, timeoutMs: PATIENT_MS, clock, ...change });
  return {
    provider: open({}),
    hasty: open({ timeoutMs: HASTY_MS }),
    stranger: open({ keySecret: 'guess' }),
    lonely: open({ apiUrl: await addressOfNobody() }),
    sign: razorpaySigned,
    idsOfOthers: { order: 'cs_test_1', payment: 'pi_1' },
  };
}

export async function razorpayStage(): Promise<ContractStage> {
  const { api, madeFor, refundsOf, pay, refuse } = await openRazorpayLike();
  return {
    ...(await razorpays('razorpay', razorpayKeys, api.url)),
    trouble: async (kind) => void api.troubles.push(kind),
    loseNextWrite: async () => api.loseNextWrite(),
    madeFor: async (receipt) => madeFor(receipt),
    refundsOf: async (paymentId) => refundsOf(paymentId),
    pay: async (orderId) => pay(orderId),
    refuse: async (orderId) => {
      const entity = refuse(orderId);
      return Buffer.from(JSON.stringify({ event: 'payment.failed', payload: { payment: { entity } } }));
    },
    busySeconds: 7,
    close: () => api.close(),
  };
}

export async function stripeStage(): Promise<ContractStage> {
  const { api, book, madeFor, refundsOf } = await openStripeLike({ now: () => NOW.getTime() / 1000, page: 3 });
  const open = (change: object) =>
    createStripeProvider({
      secretKey: stripeKey,
      webhookSecrets,
      apiUrl: api.url,
      timeoutMs: PATIENT_MS,
      clock,
      ...change,
    });
  return {
    provider: open({}),
    hasty: open({ timeoutMs: HASTY_MS }),
    stranger: open({ secretKey: 'sk_test_guess' }),
    lonely: open({ apiUrl: await addressOfNobody() }),
    sign: (body, secret) => {
      const time = NOW.getTime() / 1000;
      return {
        'stripe-signature': `t=${time},v1=${createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')}`,
      };
    },
    idsOfOthers: { order: 'order_A1b2C3d4E5f6G7', payment: 'pay_A1b2C3d4E5f6G7' },
    trouble: async (kind) => void api.troubles.push(kind),
    loseNextWrite: async () => api.loseNextWrite(),
    madeFor: async (receipt) => madeFor(receipt),
    refundsOf: async (paymentId) => refundsOf(paymentId),
    pay: async (orderId) => book.pay(orderId),
    refuse: async (orderId) => {
      const object = book.refuseCard(orderId);
      const type = 'payment_intent.payment_failed';
      return Buffer.from(JSON.stringify({ id: 'evt_1', type, livemode: false, data: { object } }));
    },
    busySeconds: 7,
    close: () => api.close(),
  };
}

/** The body of the one event of this name that the sandbox sent. */
export async function heardOf(stage: Stage, name: 'event' | 'type', value: string): Promise<Buffer> {
  await stage.sandbox.deliverDue();
  const told = stage.listener.heard.filter(({ body }) => JSON.parse(body.toString('utf8'))[name] === value);
  if (told.length !== 1 || told[0] === undefined) throw new Error(`${told.length} events ${value}`);
  return told[0].body;
}

const sandboxFaults: Readonly<Record<Trouble, string>> = {
  reset_after: 'api_reset_after_commit',
  hang_after: 'api_hang_after_commit',
  fail: 'api_500',
  fail_after: 'api_500_after_commit',
  html: 'api_502_html',
  busy: 'api_429',
};

export async function sandboxStage(): Promise<ContractStage> {
  const stage = await openStage({ prefix: '/sandbox' });
  const authorization = `Basic ${Buffer.from(`${KEYS.keyId}:${KEYS.keySecret}`).toString('base64')}`;
  const countOf = async (path: string): Promise<number> => {
    const answer = await fetch(`${stage.url}${path}`, { headers: { authorization } });
    return ((await answer.json()) as { count: number }).count;
  };
  return {
    ...(await razorpays('sandbox', KEYS, stage.url)),
    trouble: async (kind) => void (await stage.faults({ [sandboxFaults[kind]]: 1 })),
    loseNextWrite: async () => void (await stage.faults({ api_reset_after_commit: 1 })),
    madeFor: (receipt) => countOf(`/v1/orders?receipt=${receipt}&count=100`),
    refundsOf: (paymentId) => countOf(`/v1/payments/${paymentId}/refunds?count=100`),
    pay: async (orderId) => (await stage.play({ action: 'pay', orderId })).payment.id,
    refuse: async (orderId) => {
      await stage.play({ action: 'fail', orderId });
      return heardOf(stage, 'event', 'payment.failed');
    },
    busySeconds: 2,
    close: () => stage.close(),
  };
}
