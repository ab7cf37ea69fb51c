// Plays the server of some years from now: a real server of today behind it, and in front everything that a newer one may say which
// today's counter has never heard of. The ledger keeps its rules: numbers, sums and the hash chain are right.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { feedColumnsType } from '../../shared/contract/feed-columns.ts';
import { chainStart, chainText } from '../../shared/ledger/chain.ts';
import type { FeedEntry } from '../../shared/ledger/entry.ts';

type Json = Record<string, unknown>;
interface Page {
  readonly entries: FeedEntry[];
  readonly status: Json;
  readonly serverTime: string;
}
export type NewerEntry = FeedEntry & { readonly batch: { readonly no: number }; readonly remark: string | null };

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

export class NewerServer {
  /** Purchases that are in a state of tomorrow. */
  readonly onHold = new Set<string>();
  /** Tax documents of a kind of tomorrow, by the purchase that they are of. */
  readonly debited = new Set<string>();
  /** Purchases of a product of tomorrow. */
  readonly leased = new Set<string>();
  /** As they were last given to a counter. */
  readonly purchases = new Map<string, Json>();
  entries: NewerEntry[] = [];
  /** The last status that was given. */
  status: Json = {};
  /** How many pages of the feed were given by columns. */
  byColumns = 0;
  /** False: a server that gives plain entries only. */
  columns = true;
  readonly #behind: () => string;
  readonly #orgId: () => string;
  readonly #http = createServer((request, response) => {
    this.#take(request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });

  constructor(behind: () => string, orgId: () => string) {
    this.#behind = behind;
    this.#orgId = orgId;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const type = { 'Content-Type': 'application/json; charset=utf-8' };
    if (path.startsWith('/api/sync/events')) return void events(response);
    if (path.startsWith('/api/sync/feed')) {
      const answer = await this.#ask(request, '/api/sync/feed?after=0&limit=5000');
      if (answer.status !== 200) return void response.writeHead(answer.status, type).end(answer.text);
      const page = this.#page(JSON.parse(answer.text) as Page, new URL(path, this.url).searchParams);
      const plain = !this.columns || request.headers.accept?.includes(feedColumnsType) !== true;
      if (!plain) this.byColumns += 1;
      response.writeHead(200, plain ? type : { 'Content-Type': feedColumnsType });
      return void response.end(JSON.stringify(plain ? page : columnsOf(page)));
    }
    const answer = await this.#ask(request, path);
    const body = answer.text === '' ? '' : JSON.stringify(this.#rewritten(JSON.parse(answer.text)));
    response.writeHead(answer.status, body === '' ? {} : type).end(body);
  }

  async #ask(request: IncomingMessage, path: string): Promise<{ status: number; text: string }> {
    let body = '';
    for await (const bytes of request.setEncoding('utf8')) body += String(bytes);
    const kept = ['authorization', 'content-type', 'idempotency-key', 'x-protocol-version'];
    const headers = kept.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    const method = request.method ?? 'GET';
    const sent = { method, headers, ...(body === '' ? {} : { body }) };
    const answer = await fetch(`${this.#behind()}${path}`, sent);
    return { status: answer.status, text: await answer.text() };
  }

  #rewritten(body: unknown): unknown {
    if (Array.isArray(body)) return body.map((one) => this.#rewritten(one));
    if (typeof body !== 'object' || body === null) return body;
    const read = body as Json;
    if (typeof read.id === 'string' && 'sku' in read) return this.#purchase(read, read.id);
    if (this.debited.has(String(read.purchaseId))) return { ...read, kind: 'debit_note', irn: { ack: 7 } };
    const inner = Object.fromEntries(Object.entries(read).map(([name, value]) => [name, this.#rewritten(value)]));
    return { ...inner, since: '2031' };
  }

  #purchase(said: Json, id: string): Json {
    const told = {
      ...said,
      ...(this.leased.has(id) ? { sku: 'plan.leased', term: { months: 36 } } : {}),
      ...(this.onHold.has(id) ? { state: 'on_hold', hold: { by: 'बैंक', until: '2031-04-01' } } : {}),
      instalments: [],
    };
    this.purchases.set(id, told);
    return told;
  }

  /** Every second entry is of a kind of tomorrow, and each has two fields more. */
  #page(page: Page, query: URLSearchParams): Json & { entries: NewerEntry[] } {
    let hash = chainStart;
    this.entries = page.entries.map((entry) => {
      const kind = entry.seq % 2 === 0 ? `${entry.kind}_by_parcel` : entry.kind;
      hash = sha256(chainText(hash, this.#orgId(), { ...entry, kind }));
      const remark = entry.seq % 3 === 0 ? null : `=दवा ${entry.seq}`;
      return { ...entry, kind, hash, batch: { no: entry.seq }, remark };
    });
    const after = Number(query.get('after') ?? 0);
    const entries = this.entries.slice(after, after + Number(query.get('limit')));
    const head = this.entries.at(-1);
    this.status = statusOf(page.status);
    return {
      entries,
      head: { seq: head?.seq ?? 0, balance: head?.balanceAfter ?? 0, hash, branch: 1 },
      status: this.status,
      serverTime: page.serverTime,
      weather: 'fine',
    };
  }
}

function statusOf(status: Json): Json {
  const { serviceRenewalNextDue, ...subscription } = status.subscription as Json;
  return {
    ...status,
    plan: status.plan === null ? null : 'pharmapulse-two',
    subscription: {
      ...subscription,
      ...{
        serviceRenewalNextDue,
        planType: 'leased',
        serviceRenewalStatus: 'paused',
        renewalMode: 'by_invoice',
        seats: 3,
      },
    },
    reminders: [{ kind: 'days_90', due: '2031-01-01', at: '2026-11-22T10:00:00.000Z' }],
    features: { 'pos.core': 'beta' },
    prices: { ...(status.prices as Json), 'plan.leased': { monthly: 99 } },
    loyalty: { points: 12 },
  };
}

function columnsOf({ entries, ...page }: Json & { entries: NewerEntry[] }): Json {
  const last = entries.at(-1);
  const list = <N extends keyof NewerEntry>(name: N) => entries.map((entry) => entry[name]);
  const ms = (name: 'occurredAt' | 'createdAt') => entries.map((entry) => Date.parse(entry[name]));
  return {
    ...page,
    columns: {
      ...{ delta: list('delta'), kind: list('kind'), reference: list('reference'), actor: list('actor') },
      ...{ idempotencyKey: list('idempotencyKey'), feature: list('feature') },
      ...{ occurredAt: ms('occurredAt'), createdAt: ms('createdAt'), batch: list('batch'), remark: list('remark') },
    },
    last: last === undefined ? null : { seq: last.seq, balance: last.balanceAfter, hash: last.hash },
  };
}

/** Names of events that nobody has heard of, a frame that is none, and then silence. */
function events(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  response.write('event: parcel\ndata: {"no":1}\n\nevent: changed\ndata: tomorrow\n\ndata: plain\n\n');
}
