// A stage for the sandbox's tests: the real sandbox on a real port, the adapter with the real SDK in front of it, a
// listener for its webhooks that can be told to misbehave, and a clock that is played by hand.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import Razorpay from 'razorpay';
import Stripe from 'stripe';
import type { OrderRequest } from '../../../sync-server/providers/port.ts';
import { createRazorpayProvider } from '../../../sync-server/providers/razorpay.ts';
import { createSandbox } from '../../../sync-server/sandbox/sandbox.ts';

export const KEYS = { keyId: 'rzp_test_stage', keySecret: 'stage_secret', webhookSecret: 'stage_webhook_secret' };

export const STRIPE_KEYS = { secretKey: 'sk_test_stage', webhookSecret: 'whsec_stage' };

export interface Heard {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

/** What the listener answers: a status (perhaps only once so many requests wait for it), silence, or a reset. */
export type Manner = number | { readonly status: number; readonly onceThereAre: number } | 'silent' | 'reset';

export async function openListener() {
  const heard: Heard[] = [];
  const manner: { now: Manner } = { now: 200 };
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ body: Buffer.concat(chunks), headers: request.headers });
      waiting.push(response);
      if (manner.now === 'reset') request.socket.resetAndDestroy();
      if (typeof manner.now === 'string') return;
      const { status, onceThereAre = 1 } = typeof manner.now === 'number' ? { status: manner.now } : manner.now;
      if (waiting.length < onceThereAre) return;
      for (const each of waiting.splice(0)) each.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const names = () => heard.map(({ body }) => (JSON.parse(body.toString()) as { event: string }).event);
  return { heard, manner, names, url: urlOf(server), close: () => closeServer(server) };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Bytes that differ from call to call and are the same in every run. */
export function seededRandom(seed: string) {
  let count = 0;
  return {
    bytes(length: number): Uint8Array {
      count += 1;
      return createHash('sha512').update(`${seed}:${count}`).digest().subarray(0, length);
    },
  };
}

/** Razorpay's own SDK, without anything of ours around it. */
export function razorpayAt(url: string): Razorpay {
  const razorpay = new Razorpay({ key_id: KEYS.keyId, key_secret: KEYS.keySecret });
  // Not in its types: the one way to point it elsewhere.
  const { defaults } = (razorpay as unknown as { api: { rq: { defaults: object } } }).api.rq;
  Object.assign(defaults, { baseURL: url, timeout: 10_000 });
  return razorpay;
}

/** Stripe's own SDK, which tries nothing again by itself here: what is lost must be seen. */
export function stripeAt(url: string, secretKey = STRIPE_KEYS.secretKey): Stripe {
  const { hostname: host, port } = new URL(url);
  const where = { host, port, protocol: 'http' as const };
  return new Stripe(secretKey, { ...where, maxNetworkRetries: 0, timeout: 10_000, telemetry: false });
}

const postTo = (url: string) => async (path: string, body: unknown) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

export interface StageOptions {
  /** A file of an earlier stage, to go on with. */
  readonly file?: string;
  readonly prefix?: string;
  readonly answerWithinMs?: number;
}

export async function openStage({ file, prefix = '', answerWithinMs = 10_000 }: StageOptions = {}) {
  const folder = file === undefined ? mkdtempSync(join(tmpdir(), 'sandbox-')) : null;
  const databasePath = file ?? join(folder ?? '', 'sandbox.sqlite');
  const listener = await openListener();
  let nowMs = Date.UTC(2026, 10, 22, 6, 30);
  const clock = { now: () => new Date(nowMs) };
  const sandbox = createSandbox({
    ...KEYS,
    databasePath,
    clock,
    random: seededRandom(file ?? 'first'),
    webhookUrl: `${listener.url}/hook`,
    publicUrl: 'http://127.0.0.1',
    answerWithinMs,
    stripe: STRIPE_KEYS,
  });
  const app = fastify();
  app.register(sandbox.plugin, { prefix });
  if (prefix !== '') app.register(sandbox.stripePlugin);
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })) + prefix;
  const providerThatWaits = (timeoutMs: number) =>
    createRazorpayProvider({
      name: 'sandbox',
      ...KEYS,
      webhookSecrets: [KEYS.webhookSecret],
      apiUrl: url,
      timeoutMs,
      clock,
    });
  const post = postTo(url);
  const end = async () => {
    await app.close();
    await sandbox.stop();
    await listener.close();
  };
  return {
    sandbox,
    provider: providerThatWaits(10_000),
    razorpay: razorpayAt(url),
    stripe: stripeAt(url),
    clock,
    /** Gives up early: only for calls that are never answered. */
    hasty: providerThatWaits(600),
    listener,
    url,
    databasePath,
    post,
    get: async (path: string) => (await (await fetch(url + path)).json()) as Record<string, unknown>,
    play: async (body: unknown) => (await post('/play', body)).body as unknown as Played,
    faults: (values: Record<string, boolean | number>) => post('/faults', values),
    /** An act of the world outside, which must be possible. */
    act: async (body: Record<string, unknown>) => {
      const answer = await post('/play', body);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return answer.body as unknown as Acted;
    },
    pass: (seconds: number) => {
      nowMs += Math.round(seconds * 1000);
    },
    /** Ends it and leaves the file, for a next stage. */
    end,
    async close() {
      await end();
      if (folder !== null) rmSync(folder, { recursive: true });
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

export interface Played {
  readonly checkout: { razorpay_payment_id: string; razorpay_order_id: string; razorpay_signature: string };
  readonly order: { id: string; status: string; amount_due: number };
  readonly payment: { id: string; status: string; order_id: string };
  readonly events: readonly { eventId: string; event: string }[];
}

interface Entity {
  readonly id: string;
  readonly status: string;
}

/** What an act answers: the entities that it touched. */
export interface Acted extends Played {
  readonly refund: Entity;
  readonly dispute: Entity;
  readonly subscription: Entity;
  readonly invoice: Entity;
  readonly link: Entity;
}

export function orderRequest(receipt: string, amountPaise = 1_500_000): OrderRequest {
  return {
    receipt,
    amountPaise,
    currency: 'INR',
    description: 'PharmaPulse One',
    returnUrl: `http://127.0.0.1/pay/${receipt}/return`,
    notes: { purchaseId: receipt, orgId: 'org_1', sku: 'plan.pharmapulse-one' },
  };
}

/** The value of an outcome that must be fine. */
export function must<T>(outcome: { ok: true; value: T } | { ok: false; kind: string; reason: string }): T {
  if (!outcome.ok) throw new Error(`${outcome.kind}: ${outcome.reason}`);
  return outcome.value;
}
