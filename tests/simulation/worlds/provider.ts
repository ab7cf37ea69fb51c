// The provider of a batch of worlds: the storm's book behind HTTP, with faults that take no time: errors, a proxy's page, and
// connections that are reset after the work was done. Its webhooks go into a bag, from which they are brought once, twice, late,
// out of order, or never.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Book, openBook } from '../storm/book.ts';
import type { Chance } from '../storm/chance.ts';
import { answerTo, credentials } from '../storm/provider.ts';

export { credentials } from '../storm/provider.ts';

export interface Webhook {
  readonly from: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Provider {
  readonly url: string;
  readonly book: Book;
  /** Of 1 calls, so many fail from now on. */
  failing: number;
  /** Of 1 payments, of so many no webhook ever tells. */
  losing: number;
  /** What befalls an org's calls and webhooks is decided by these dice, whoever else is in the batch. */
  diceOf(orgId: string, chance: Chance): void;
  /** Those whose time has come, in no order. */
  due(now: number): Webhook[];
  stop(): Promise<void>;
}

const html502 = '<html><h1>502 Bad Gateway</h1></html>';
const trouble = JSON.stringify({ error: { code: 'SERVER_ERROR', description: 'We are facing some trouble.' } });

export async function startProvider(
  chance: Chance,
  now: () => number,
  note: (what: string) => void,
): Promise<Provider> {
  let bag: Webhook[] = [];
  let told = 0;
  const dice = new Map<string, Chance>();
  const diceFor = (orderId: string | undefined): Chance => {
    const { orgId } = (book.orders.get(orderId ?? '')?.notes ?? {}) as { orgId?: string };
    return dice.get(orgId ?? '') ?? chance;
  };
  const tell = (event: string, payload: Readonly<Record<string, { entity: unknown }>>, at: number) => {
    told += 1;
    const own = diceFor((payload.payment?.entity as { order_id?: string } | undefined)?.order_id);
    // Money that goes back is always told in the end.
    if (!event.startsWith('refund.') && own.is(self.losing)) return note('webhook lost');
    const { body, headers } = signed(told, event, payload, at);
    const copies = own.is(0.15) ? 2 : 1;
    if (copies > 1) note('webhook doubled');
    for (let copy = 0; copy < copies; copy += 1) {
      const late = own.is(0.25);
      if (late) note('webhook late');
      bag.push({ from: now() + (late ? own.below(86_400_000) : 0), body, headers });
    }
  };
  const book = openBook(() => Math.floor(now() / 1000), tell);
  const chanceFor = (request: IncomingMessage, body: string): Chance =>
    diceOfCall(request, body, dice) ?? diceFor(/orders\/(order_\w+)/.exec(request.url ?? '')?.[1]);
  const server = createServer((request, response) => {
    serve({ book, chanceFor, failing: self.failing, note }, request, response).catch((error: unknown) =>
      response.destroy(error as Error),
    );
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const self: Provider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    book,
    failing: 0,
    losing: 0.2,
    diceOf: (orgId, own) => void dice.set(orgId, own),
    due(at) {
      const ready = bag.filter(({ from }) => from <= at);
      bag = bag.filter(({ from }) => from > at);
      return ready
        .map((one) => ({ one, by: chance.next() }))
        .toSorted((a, b) => a.by - b.by)
        .map(({ one }) => one);
    },
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
  return self;
}

function signed(number: number, event: string, payload: object, at: number): Omit<Webhook, 'from'> {
  const contains = Object.keys(payload);
  const text = { entity: 'event', account_id: 'acc_Worlds0000001', event, contains, payload, created_at: at };
  const body = JSON.stringify(text);
  const headers = {
    'content-type': 'application/json',
    'x-razorpay-signature': createHmac('sha256', credentials.webhookSecret).update(body).digest('hex'),
    'x-razorpay-event-id': `evw${String(number).padStart(11, '0')}`,
  };
  return { body, headers };
}

interface Serving {
  readonly book: Book;
  readonly chanceFor: (request: IncomingMessage, body: string) => Chance;
  readonly failing: number;
  readonly note: (what: string) => void;
}

/** Answers one call, or fails it: in half of the failures the work was done. */
async function serve(
  { book, chanceFor, failing, note }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts).toString('utf8');
  const say = (status: number, type: string, text: string) =>
    void response.writeHead(status, { 'content-type': type }).end(text);
  const own = chanceFor(request, body);
  if (!own.is(failing)) {
    const answer = answerTo(book, request, body);
    say(answer.status, 'application/json', JSON.stringify(answer.body));
    return;
  }
  const done = own.is(0.5) ? answerTo(book, request, body) : null;
  note('provider failed');
  if (done !== null && request.method === 'POST' && done.status === 200) note('provider did it and did not say so');
  const how = own.below(3);
  if (how === 0) say(500, 'application/json', trouble);
  else if (how === 1) say(502, 'text/html', html502);
  else response.socket?.resetAndDestroy();
}

/** An order that is asked for names its org. */
function diceOfCall({ method }: IncomingMessage, body: string, dice: ReadonlyMap<string, Chance>): Chance | undefined {
  const named = method === 'POST' ? /"orgId":"([^"]+)"/.exec(body)?.[1] : undefined;
  return named === undefined ? undefined : dice.get(named);
}
