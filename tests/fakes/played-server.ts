// A played sync server: real HTTP on 127.0.0.1, the few routes that a counter uses, and a switch for everything that a
// network, a proxy or a dying server can do to a request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import { errorCatalogue } from '../../shared/contract/errors.ts';
import type { Sku } from '../../shared/plan/catalogue.ts';
import { PlayedDevices } from './played-devices.ts';
import { PlayedDocuments } from './played-documents.ts';
import { entitlementKeys, orgId, PlayedOrg } from './played-org.ts';
import { readRequest, type Seen } from './played-request.ts';

/**
 * drop: the connection dies before anything is done. cut: all is done and the answer is lost. double: it is done twice.
 * versions: it speaks other versions. portal: a captive portal's page, with status 200. redirect: to such a page. half: the answer ends in the middle.
 * proxy: a 403 page of somebody else. busy: 503 with Retry-After. limited: 429. broken: 500. hang: no answer, ever.
 */
export type Fault =
  | 'drop'
  | 'cut'
  | 'double'
  | 'versions'
  | 'portal'
  | 'redirect'
  | 'half'
  | 'proxy'
  | 'busy'
  | 'limited'
  | 'broken'
  | 'hang';

interface Rule {
  readonly where: (seen: Seen) => boolean;
  readonly fault: Fault;
  times: number;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** In place of a body in JSON. */
  readonly file?: Buffer;
  readonly type?: string;
}

const refuse = (code: ErrorCode, details?: Record<string, unknown>): Reply => {
  const { status, retryable, meaning } = errorCatalogue[code];
  return { status, body: { error: { code, message: meaning, retryable, ...(details ? { details } : {}) } } };
};

export class PlayedServer {
  readonly org: PlayedOrg;
  readonly documents = new PlayedDocuments();
  readonly seen: Seen[] = [];
  /** Lets a test change a page of the feed on its way out. */
  tamper: (page: Record<string, unknown>) => Record<string, unknown> = (page) => page;
  /** The same of every answer in JSON, as a newer server would give it. */
  rewrite: (body: unknown, seen: Seen) => unknown = (body) => body;
  /** Called with every request. */
  onSeen: () => void = () => undefined;
  retryAfterSeconds = 7;
  pageSize = 1000;
  readonly joinCodes = new Set<string>();
  joinsOrg = orgId;
  readonly devices: PlayedDevices;
  readonly revoked: Set<string>;
  readonly #keys = new Map<string, { body: string; reply: Reply }>();
  readonly #rules: Rule[] = [];
  readonly #streams = new Set<ServerResponse>();
  readonly #http = createServer((request, response) => void this.#take(request, response));
  readonly #now: () => Date;
  /** False: the list knows no purchases, as one that was read a moment too early. */
  lists = true;
  /** Streams are opened but nothing flows in them, as behind some antivirus programs. */
  mute = false;

  constructor(now: () => Date) {
    this.#now = now;
    this.org = new PlayedOrg(now);
    this.devices = new PlayedDevices(now);
    this.revoked = this.devices.revoked;
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

  /** From now on, `times` requests whose path holds `path` (or that fit) meet the fault. */
  fault(fault: Fault, where: string | ((seen: Seen) => boolean), times = Number.POSITIVE_INFINITY): void {
    const fits = typeof where === 'string' ? (seen: Seen) => seen.path.includes(where) : where;
    this.#rules.push({ where: fits, fault, times });
  }

  heal(): void {
    this.#rules.length = 0;
  }

  /** Tells every open stream that something is new. */
  tell(): void {
    for (const stream of this.#streams) stream.write(`event: changed\ndata: {"seq":${this.org.head().seq}}\n\n`);
  }

  endStreams(): void {
    for (const stream of this.#streams) stream.end();
  }

  get streams(): number {
    return this.#streams.size;
  }

  sent(path: string): Seen[] {
    return this.seen.filter((seen) => seen.path.includes(path));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await readRequest(request);
    this.seen.push(seen);
    this.onSeen();
    const rule = this.#rules.find((candidate) => candidate.times > 0 && candidate.where(seen));
    if (rule !== undefined) rule.times -= 1;
    if (rule !== undefined && this.#instead(rule.fault, response)) return;
    if (seen.path.startsWith('/api/sync/events')) return this.#stream(seen, response);
    let reply = this.#route(seen);
    if (rule?.fault === 'double') reply = this.#route(seen);
    if (rule?.fault === 'cut') return void response.destroy();
    const text = reply.body === undefined ? '' : JSON.stringify(this.rewrite(reply.body, seen));
    const content = reply.file ?? Buffer.from(text);
    response.writeHead(reply.status, { 'Content-Type': reply.type ?? 'application/json; charset=utf-8' });
    if (rule?.fault !== 'half') return void response.end(content);
    response.write(content.subarray(0, content.length / 2));
    response.destroy();
  }

  /** Faults that keep the request from the server altogether. */
  #instead(fault: Fault, response: ServerResponse): boolean {
    const page = (status: number, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'Content-Type': 'text/html', ...headers });
      response.end('<html><body>Welcome to Station WiFi. Please sign in.</body></html>');
      return true;
    };
    const told = (code: ErrorCode) => {
      const reply = refuse(code);
      const headers = { 'Content-Type': 'application/json', 'Retry-After': String(this.retryAfterSeconds) };
      response.writeHead(reply.status, headers).end(JSON.stringify(reply.body));
      return true;
    };
    if (fault === 'drop') response.destroy();
    if (fault === 'drop' || fault === 'hang') return true;
    if (fault === 'portal') return page(200);
    if (fault === 'redirect') return page(302, { Location: `${this.url}/portal` });
    if (fault === 'proxy') return page(403);
    if (fault === 'busy') return told('unavailable');
    if (fault === 'limited') return told('rate_limited');
    if (fault === 'versions') return told('protocol_unsupported');
    return fault === 'broken' ? told('internal') : false;
  }

  #stream(seen: Seen, response: ServerResponse): void {
    if (this.#refusalOf(seen) !== null) return void response.writeHead(401).end();
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    response.flushHeaders();
    if (this.mute) return;
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
    response.write(': hello\n\n');
  }

  #refusalOf(seen: Seen): Reply | null {
    const device = this.devices.of(seen.token);
    if (device === undefined) return refuse('unauthenticated');
    return this.revoked.has(device.id) ? refuse('device_revoked') : null;
  }

  #route(seen: Seen): Reply {
    const { pathname, searchParams } = new URL(seen.path, this.url);
    const at = `${seen.method} ${pathname}`;
    if (at === 'POST /api/orgs') return this.#remembered(seen, () => this.#activate(seen, orgId));
    if (at === 'POST /api/devices/join') return this.#remembered(seen, () => this.#join(seen));
    const refusal = this.#refusalOf(seen);
    if (refusal !== null) return refusal;
    if (at === 'GET /api/sync/feed') {
      const newest = searchParams.get('snapshot') === '1';
      return this.#feed(Number(searchParams.get('after')), Number(searchParams.get('limit')), newest);
    }
    if (at === 'GET /api/billing/purchases') return this.#purchases(searchParams.get('cursor'));
    if (at === 'POST /api/devices/join-codes') {
      this.joinCodes.add('ABCD2345');
      return { status: 201, body: { code: 'ABCD2345', expiresAt: this.#now().toISOString() } };
    }
    if (at === 'GET /api/devices')
      return { status: 200, body: { items: this.devices.list(seen.token), nextCursor: null } };
    const device = /^\/api\/devices\/([^/]+)$/.exec(pathname)?.[1];
    if (device !== undefined) return this.#device(device, seen);
    if (at === 'PUT /api/billing/profile') {
      this.documents.profile = { ...this.documents.profile, ...seen.body };
      return { status: 200, body: this.documents.profile };
    }
    const document = seen.method === 'GET' ? this.documents.answer(pathname, searchParams) : null;
    if (document !== null) return document;
    const one = /^\/api\/billing\/purchases\/([^/]+)(\/cancel)?$/.exec(pathname);
    if (one?.[1] !== undefined) return one[2] === undefined ? this.#purchase(one[1]) : this.#cancel(one[1]);
    const sku = routes[pathname];
    return sku === undefined ? refuse('not_found') : this.#remembered(seen, () => this.#buy(seen, sku));
  }

  /** The same key and body answers with the first result; a refusal is not remembered. */
  #remembered(seen: Seen, act: () => Reply): Reply {
    if (seen.key === null) return refuse('invalid_request', { faults: [] });
    const body = JSON.stringify(seen.body);
    const first = this.#keys.get(seen.key);
    if (first !== undefined) return first.body === body ? first.reply : refuse('idempotency_key_reused');
    const reply = act();
    if (reply.status < 300) this.#keys.set(seen.key, { body, reply: { ...reply, status: 200 } });
    return reply;
  }

  #activate(seen: Seen, org: string): Reply {
    const { id, token: deviceToken } = this.devices.add(String(seen.body.deviceName));
    const serverTime = this.#now().toISOString();
    return {
      status: 201,
      body: { orgId: org, branchId: 'br_1', deviceId: id, deviceToken, serverTime, entitlementKeys },
    };
  }

  #device(id: string, seen: Seen): Reply {
    if (seen.method === 'DELETE') return this.devices.remove(id);
    const renamed = this.devices.rename(id, String(seen.body.name), seen.token);
    return renamed.status === 404 ? refuse('not_found') : renamed;
  }

  #join(seen: Seen): Reply {
    return this.joinCodes.delete(String(seen.body.code)) ? this.#activate(seen, this.joinsOrg) : refuse('not_found');
  }

  #feed(after: number, limit: number, newest: boolean): Reply {
    const all = this.org.entries;
    const from = newest && after === 0 && all.length > limit ? all.length - limit : after;
    const entries = all.slice(from, from + Math.min(this.pageSize, limit));
    const status = this.org.status();
    const page = { entries, head: this.org.head(), status, serverTime: status.serverTime };
    const before = all[from - 1];
    const { seq = 0, balanceAfter: balance = 0, hash = '' } = before ?? {};
    return { status: 200, body: this.tamper(from === after ? page : { ...page, snapshot: { seq, balance, hash } }) };
  }

  #purchases(cursor: string | null): Reply {
    const all = this.lists ? [...this.org.purchases.values()].reverse() : [];
    const from = Number(cursor ?? 0);
    const next = from + 2;
    return { status: 200, body: { items: all.slice(from, next), nextCursor: next < all.length ? String(next) : null } };
  }

  #purchase(id: string): Reply {
    const purchase = this.org.purchases.get(id);
    return purchase === undefined ? refuse('not_found') : { status: 200, body: purchase };
  }

  #cancel(id: string): Reply {
    const purchase = this.org.purchases.get(id);
    if (purchase === undefined) return refuse('not_found');
    if (purchase.state === 'cancelled') return { status: 200, body: purchase };
    if (purchase.state !== 'awaiting_payment') return refuse('not_cancellable');
    return { status: 200, body: this.org.change(id, { state: 'cancelled' }) };
  }

  #buy(seen: Seen, sku: Sku): Reply {
    const { org } = this;
    if (sku === 'plan.pharmapulse-one' && org.plan !== null) return refuse('plan_already_owned');
    if (sku !== 'plan.pharmapulse-one' && org.plan === null) return refuse('plan_required');
    const open = [...org.purchases.values()].find((other) => other.sku === sku && other.state === 'awaiting_payment');
    if (sku !== 'topup.50k' && open !== undefined) return refuse('purchase_in_progress', { purchase: open });
    const quantity = Number(seen.body.packs ?? 1);
    const amountPaise = org.prices[sku] * quantity;
    if (seen.body.expectedAmountPaise !== amountPaise) return refuse('price_changed', { amountPaise });
    const device = this.devices.of(seen.token);
    const id = String(seen.body.id);
    return { status: 201, body: org.create(id, sku, quantity, device?.id ?? '', device?.name ?? '') };
  }
}

const routes: Readonly<Record<string, Sku>> = {
  '/api/billing/plan/purchase': 'plan.pharmapulse-one',
  '/api/billing/renewal/subscribe': 'renewal.year',
  '/api/billing/credits/topup': 'topup.50k',
};
