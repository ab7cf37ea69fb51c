// A provider's API that answers what a test scripts, and the adapter with the real SDK in front of it.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { createRazorpayProvider } from '../../../sync-server/providers/razorpay.ts';
import { createStripeProvider } from '../../../sync-server/providers/stripe.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}
type Script = { status?: number; headers?: Record<string, string>; body: unknown } | 'reset' | 'hang';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server with a scripted answer for each call; the last one stays. */
async function serverOf(script: readonly Script[]) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
      const body: unknown =
        text === '' ? null : isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      const next = script[Math.min(seen.length, script.length) - 1];
      if (next === 'hang' || next === undefined) return;
      if (next === 'reset') {
        request.socket.resetAndDestroy();
        return;
      }
      const answer = typeof next.body === 'string' ? next.body : JSON.stringify(next.body);
      response.writeHead(next.status ?? 200, { 'content-type': 'application/json', ...next.headers }).end(answer);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Short only where nothing is to be waited for.
  const timeoutMs = script.includes('hang') ? 200 : 10_000;
  return { apiUrl, seen, timeoutMs };
}

const clock = { now: () => new Date(0) };
const circuit = { failuresToOpen: 2, openMs: 5000 };

export async function scripted(...script: Script[]) {
  const { apiUrl, seen, timeoutMs } = await serverOf(script);
  const provider = createRazorpayProvider({
    name: 'razorpay',
    keyId: 'rzp_test_key',
    keySecret: 'secret',
    webhookSecrets: ['whsec'],
    apiUrl,
    timeoutMs,
    clock,
    circuit,
  });
  return { provider, seen };
}

/** The same for Stripe's adapter, at an address with a path. */
export async function scriptedStripe(...script: Script[]) {
  const { apiUrl, seen, timeoutMs } = await serverOf(script);
  const options = { secretKey: 'sk_test_key', webhookSecrets: ['whsec'], apiUrl: `${apiUrl}/sandbox`, timeoutMs };
  return { provider: createStripeProvider({ ...options, clock, circuit }), seen };
}

/** Every scripted API goes away: the next call finds a closed port. */
export async function nobodyListens(): Promise<void> {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
}

export const list = (...items: unknown[]) => ({ body: { entity: 'collection', count: items.length, items } });

/** A page of a list as Stripe tells it. */
export const stripeList = (...data: unknown[]) => ({ body: { object: 'list', data, has_more: false } });
