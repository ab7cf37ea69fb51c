// A Razorpay of the storm's own, over HTTP: what the server calls of its API, and its faults by seed. Written from the
// provider's documentation; shares no code with the server nor with its sandbox.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Book, openBook, orderEntity, paymentEntity, refundEntity, type Tell } from './book.ts';
import { type Chance, oneOf } from './chance.ts';

const faultKinds = ['error500', 'html502', 'hang', 'reset'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface ProviderFigures {
  calls: number;
  /** Each kind of fault, as often as it happened. */
  readonly faults: Record<FaultKind, number>;
  /** An order or a refund was made, and nobody was told so. */
  madeUnheard: number;
  /** Calls that were held until the caller gave up by itself. */
  heldToTheEnd: number;
}

export interface Provider {
  readonly url: string;
  readonly book: Book;
  readonly figures: ProviderFigures;
  /** Of each kind, so many of 1 calls fail from now on. */
  failing(share: number): void;
  /** `told` hears of each call from now on. */
  onCall(told: () => void): void;
  stop(): Promise<void>;
}

export const credentials = {
  keyId: 'rzp_test_storm',
  keySecret: 'storm-key-secret',
  webhookSecret: 'storm-hook-secret',
};

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}
const ok = (body: unknown): Answer => ({ status: 200, body });
const bad = (description: string): Answer => ({
  status: 400,
  body: {
    error: { code: 'BAD_REQUEST_ERROR', description, source: 'business', step: 'NA', reason: 'NA', metadata: {} },
  },
});
const list = (items: readonly unknown[]): Answer => ok({ entity: 'collection', count: items.length, items });

/** A hang ends after so long without an answer; each so manieth is held until the caller gives up. */
const hangMs = 300;
const heldEvery = 20;
/** Longer than any caller waits. */
const longestHoldMs = 30_000;

export async function startProvider(chance: Chance, seconds: () => number, tell: Tell): Promise<Provider> {
  const book = openBook(seconds, tell);
  const faults = { error500: 0, html502: 0, hang: 0, reset: 0 };
  const figures: ProviderFigures = { calls: 0, faults, madeUnheard: 0, heldToTheEnd: 0 };
  let share = 0;
  let heard: () => void = () => undefined;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await read(request);
    figures.calls += 1;
    heard();
    const fault = chance.is(share * faultKinds.length)
      ? oneOf(chance, { error500: 1, html502: 1, hang: 1, reset: 1 })
      : null;
    if (fault === null) return send(response, answerTo(book, request, body));
    figures.faults[fault] += 1;
    // A reset comes after the work was done; of the others nobody can tell.
    if (fault === 'reset' || chance.is(0.5)) {
      const { status } = answerTo(book, request, body);
      if (request.method === 'POST' && status === 200) figures.madeUnheard += 1;
    }
    await failWith(fault, response, figures);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      send(response, { status: 500, body: String(error) });
      throw error;
    });
  });
  // The server's client keeps no connection for long; one that we closed in its hands would be a fault nobody counted.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    book,
    figures,
    failing: (of) => {
      share = of;
    },
    onCall: (told) => {
      heard = told;
    },
    stop: async () => {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function failWith(fault: FaultKind, response: ServerResponse, figures: ProviderFigures): Promise<void> {
  switch (fault) {
    case 'error500':
      return send(response, {
        status: 500,
        body: { error: { code: 'SERVER_ERROR', description: 'We are facing some trouble.' } },
      });
    case 'html502':
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>502 Bad Gateway</h1></html>');
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang': {
      const toTheEnd = figures.faults.hang % heldEvery === 0;
      const gone = new Promise<void>((done) => void response.once('close', done));
      const timer = setTimeout(() => response.socket?.destroy(), toTheEnd ? longestHoldMs : hangMs);
      await gone;
      clearTimeout(timer);
      if (toTheEnd) figures.heldToTheEnd += 1;
    }
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

const basic = `Basic ${Buffer.from(`${credentials.keyId}:${credentials.keySecret}`).toString('base64')}`;

/** What the provider says to one call, without any fault. */
export function answerTo(book: Book, request: IncomingMessage, body: string): Answer {
  if (request.headers.authorization !== basic) {
    return { status: 401, body: { error: { code: 'BAD_REQUEST_ERROR', description: 'Authentication failed' } } };
  }
  const url = new URL(request.url ?? '/', 'http://provider');
  const [version, what, id, part] = url.pathname.slice(1).split('/');
  if (version !== 'v1') return bad('The requested URL was not found on the server.');
  const route = `${request.method} ${what}${id === undefined ? '' : '/:id'}${part === undefined ? '' : `/${part}`}`;
  if (what === 'orders') return orderCall(book, route, id ?? '', url.searchParams, body);
  return paymentCall(book, route, id ?? '', url.searchParams, body, request.headers['x-refund-idempotency']);
}

function orderCall(book: Book, route: string, id: string, query: URLSearchParams, body: string): Answer {
  const order = book.orders.get(id);
  switch (route) {
    case 'POST orders': {
      const { receipt, amount, notes } = JSON.parse(body) as { receipt: string; amount: number; notes: unknown };
      // The classic API makes a second order of the same receipt without a word; so does this one.
      return ok(orderEntity(book.createOrder({ receipt, amount, notes })));
    }
    case 'GET orders':
      return list(page(book.ordersOf(query.get('receipt') ?? ''), query).map(orderEntity));
    case 'GET orders/:id':
      return order === undefined ? bad('The id provided does not exist') : ok(orderEntity(order));
    case 'GET orders/:id/payments':
      return order === undefined ? bad('The id provided does not exist') : list(order.payments.map(paymentEntity));
    default:
      return bad('The requested URL was not found on the server.');
  }
}

function paymentCall(
  book: Book,
  route: string,
  id: string,
  query: URLSearchParams,
  body: string,
  key: string | string[] | undefined,
): Answer {
  const payment = book.payment(id);
  if (payment === undefined) return bad('The id provided does not exist');
  switch (route) {
    case 'GET payments/:id':
      return ok(paymentEntity(payment));
    case 'GET payments/:id/refunds':
      return list(page(payment.refunds.toReversed(), query).map((refund) => refundEntity(payment, refund)));
    case 'POST payments/:id/refund': {
      const { amount, receipt } = JSON.parse(body) as { amount: number; receipt?: string };
      const refund = book.refund(id, amount, receipt ?? null, typeof key === 'string' ? key : null);
      return refund === null ? bad('The payment has been fully refunded already') : ok(refundEntity(payment, refund));
    }
    default:
      return bad('The requested URL was not found on the server.');
  }
}

function page<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const skip = Number(query.get('skip') ?? 0);
  return items.slice(skip, skip + Number(query.get('count') ?? 10));
}
