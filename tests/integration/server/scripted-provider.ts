// A payment provider with as much of Razorpay's order API as the server uses, that a test can make lose its answers: what
// the sandbox cannot play is an order that was made while both the answer and every look-up after it are lost.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * answer: as it should. fail: 500, nothing done. lose: done, and the connection is reset before the answer. hold: done, and
 * answered when `letGo` is called.
 */
export type Manner = 'answer' | 'fail' | 'lose' | 'hold';

export interface ScriptedOrder {
  readonly id: string;
  readonly amount: number;
  readonly receipt: string;
}

export interface ScriptedPayment {
  readonly id: string;
  readonly order_id: string;
  readonly amount: number;
  readonly status: string;
}

export interface ScriptedProvider {
  readonly url: string;
  /** Every order that was ever made. A test may put another one there, or take one away. */
  readonly orders: ScriptedOrder[];
  /** What was paid, by whatever the test says. */
  readonly payments: ScriptedPayment[];
  /** Every question that came, e.g. `GET /v1/orders/order_1`. */
  readonly asked: string[];
  create: Manner;
  find: Manner;
  /** Answers everything that is held. */
  letGo(): void;
  close(): Promise<void>;
  /** After `close`: listens again at the same address. */
  open(): Promise<void>;
}

const noSuchId = { error: { code: 'BAD_REQUEST_ERROR', description: 'The id provided does not exist' } };
const collection = (items: readonly unknown[]) => ({ entity: 'collection', count: items.length, items });
const shownPayment = (payment: ScriptedPayment) => ({
  entity: 'payment',
  currency: 'INR',
  captured: payment.status === 'captured',
  method: 'upi',
  amount_refunded: 0,
  notes: [],
  ...payment,
});

export async function scriptedProvider(): Promise<ScriptedProvider> {
  const orders: ScriptedOrder[] = [];
  const payments: ScriptedPayment[] = [];
  const asked: string[] = [];
  let made = 0;
  const held: (() => void)[] = [];
  const shown = (order: ScriptedOrder) => ({
    ...order,
    entity: 'order',
    currency: 'INR',
    status: 'created',
    notes: [],
  });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(`${request.method} ${request.url}`);
    const manner = request.method === 'POST' ? self.create : self.find;
    if (manner === 'fail') return response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
    const found = request.method === 'POST' ? make(Buffer.concat(chunks)) : read(request.url ?? '');
    if (manner === 'hold') await new Promise<void>((done) => held.push(done));
    if (manner === 'lose') return request.socket.resetAndDestroy();
    const status = found === null ? 400 : 200;
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? noSuchId));
  };
  const make = (body: Buffer) => {
    const { amount, receipt } = JSON.parse(body.toString('utf8')) as ScriptedOrder;
    const order = { id: `order_Scripted${String(made).padStart(6, '0')}`, amount, receipt };
    made += 1;
    orders.push(order);
    return shown(order);
  };
  const read = (url: string) => {
    const { pathname, searchParams } = new URL(url, 'http://provider');
    const [orderId, part] = pathname.split('/').slice(3);
    if (orderId === undefined) {
      return collection(orders.filter(({ receipt }) => receipt === searchParams.get('receipt')).map(shown));
    }
    const order = orders.find(({ id }) => id === orderId);
    if (order === undefined) return null;
    const paid = payments.filter(({ order_id }) => order_id === orderId).map(shownPayment);
    return part === 'payments' ? collection(paid) : { ...shown(order), status: paid.length > 0 ? 'paid' : 'created' };
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const self: ScriptedProvider = {
    url: `http://127.0.0.1:${port}`,
    orders,
    payments,
    asked,
    create: 'answer',
    find: 'answer',
    letGo: () => {
      for (const answerNow of held.splice(0)) answerNow();
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
    open: () => new Promise((done) => server.listen(port, '127.0.0.1', done)),
  };
  return self;
}

/** The server's settings for it. */
export const settingsFor = (provider: ScriptedProvider) => ({
  PAYMENT_PROVIDER: 'razorpay',
  RAZORPAY_KEY_ID: 'rzp_test_Scripted',
  RAZORPAY_KEY_SECRET: 'scripted-key-secret',
  RAZORPAY_WEBHOOK_SECRETS: 'current-webhook-secret,previous-webhook-secret',
  RAZORPAY_API_URL: provider.url,
});
