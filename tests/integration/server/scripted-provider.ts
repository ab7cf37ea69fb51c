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

export interface ScriptedProvider {
  readonly url: string;
  /** Every order that was ever made. */
  readonly orders: readonly ScriptedOrder[];
  create: Manner;
  find: Manner;
  /** Answers everything that is held. */
  letGo(): void;
  close(): Promise<void>;
}

export async function scriptedProvider(): Promise<ScriptedProvider> {
  const orders: ScriptedOrder[] = [];
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
    const manner = request.method === 'POST' ? self.create : self.find;
    if (manner === 'fail') return response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
    const found = request.method === 'POST' ? make(Buffer.concat(chunks)) : list(request.url ?? '');
    if (manner === 'hold') await new Promise<void>((done) => held.push(done));
    if (manner === 'lose') return request.socket.resetAndDestroy();
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
  };
  const make = (body: Buffer) => {
    const { amount, receipt } = JSON.parse(body.toString('utf8')) as ScriptedOrder;
    const order = { id: `order_Scripted${String(orders.length).padStart(6, '0')}`, amount, receipt };
    orders.push(order);
    return shown(order);
  };
  const list = (url: string) => {
    const receipt = new URL(url, 'http://provider').searchParams.get('receipt');
    const items = orders.filter((order) => order.receipt === receipt).map(shown);
    return { entity: 'collection', count: items.length, items };
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
