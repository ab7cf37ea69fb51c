// The server's routes that a counter uses, each answer parsed with the shared shapes. Knows HTTP and nothing of what the
// answers are for; keeps no state but the token it is given.
import { z } from 'zod';
import {
  type DeviceChange,
  device,
  deviceList,
  joinCodeAnswer,
  type SignUpRequest,
} from '../../shared/contract/devices.ts';
import { feedColumnsType } from '../../shared/contract/feed-columns.ts';
import type { ProfileRequest } from '../../shared/contract/profile.ts';
import { protocolHeader, protocolVersion } from '../../shared/contract/protocol.ts';
import { toldDocument, toldDocumentList } from '../../shared/contract/told-document.ts';
import { type ToldPurchase, toldPurchase, toldPurchaseList } from '../../shared/contract/told-purchase.ts';
import { toldActivation, toldProfile } from '../../shared/contract/told-status.ts';
import type { Item } from '../outbox/item.ts';
import type { Fetch, FetchAnswer, Monotonic, Timers } from '../ports.ts';
import { type Answer, type RawAnswer, readAnswer, readFile } from './answer.ts';
import { columnsPage, type FeedAnswer, plainPage } from './feed.ts';

/** No answer within this long is no answer. */
const patienceMs = 20_000;

export interface ClientParts {
  readonly serverUrl: string;
  readonly fetch: Fetch;
  readonly timers: Timers;
  readonly monotonic: Monotonic;
  readonly token: () => string | null;
  /** Aborted when the counter stops: whoever waits then has no answer, and the request may have been done. */
  readonly ending: AbortSignal;
}

interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly key?: string;
  /** In place of the session's own. */
  readonly token?: string;
}

export type Client = ReturnType<typeof createClient>;

/** A 204 has no body. */
const nothing = z.undefined();

export function createClient(parts: ClientParts) {
  const ask = <T>(what: Ask, shape: z.ZodType<T>) =>
    request(parts, what, 'application/json', async (answer) => readAnswer(await rawOf(answer), shape));
  const download = (path: string, type: string) =>
    request(parts, { method: 'GET', path }, type, async (answer) => readFile(answer, type, () => rawOf(answer)));
  return {
    /** snapshot: the newest entries will do, where there are more than `limit`. */
    feed: (after: number, limit: number, snapshot = false): Promise<Answer<FeedAnswer>> => {
      const path = `/api/sync/feed?after=${after}&limit=${limit}${snapshot ? '&snapshot=1' : ''}`;
      const accept = `${feedColumnsType}, application/json;q=0.5`;
      return request(parts, { method: 'GET', path }, accept, async (answer) => readFeed(await rawOf(answer)));
    },
    purchases: (cursor: string | null) =>
      ask({ method: 'GET', path: `/api/billing/purchases?limit=200${cursorQuery(cursor)}` }, toldPurchaseList),
    purchase: (id: string) => ask({ method: 'GET', path: `/api/billing/purchases/${id}` }, toldPurchase),
    send: (item: Item): Promise<Answer<ToldPurchase>> =>
      ask({ method: 'POST', ...purchaseRoute(item), key: item.idempotencyKey }, toldPurchase),
    cancel: (id: string) =>
      ask({ method: 'POST', path: `/api/billing/purchases/${id}/cancel`, body: {} }, toldPurchase),
    documents: (cursor: string | null) =>
      ask({ method: 'GET', path: `/api/billing/invoices?limit=200${cursorQuery(cursor)}` }, toldDocumentList),
    document: (id: string) =>
      ask({ method: 'GET', path: `/api/billing/invoices/${encodeURIComponent(id)}` }, toldDocument),
    documentPdf: (id: string) => download(`/api/billing/invoices/${encodeURIComponent(id)}/pdf`, 'application/pdf'),
    register: (from: string, to: string) => download(`/api/billing/invoices.csv?from=${from}&to=${to}`, 'text/csv'),
    profile: () => ask({ method: 'GET', path: '/api/billing/profile' }, toldProfile),
    changeProfile: (body: ProfileRequest) => ask({ method: 'PUT', path: '/api/billing/profile', body }, toldProfile),
    signUp: (body: SignUpRequest, key: string) => ask({ method: 'POST', path: '/api/orgs', body, key }, toldActivation),
    join: (body: { code: string; deviceName: string }, key: string) =>
      ask({ method: 'POST', path: '/api/devices/join', body, key }, toldActivation),
    joinCode: () => ask({ method: 'POST', path: '/api/devices/join-codes', body: {} }, joinCodeAnswer),
    devices: (cursor: string | null) =>
      ask({ method: 'GET', path: `/api/devices?limit=200${cursorQuery(cursor)}` }, deviceList),
    renameDevice: (id: string, body: DeviceChange) =>
      ask({ method: 'PATCH', path: `/api/devices/${id}`, body }, device),
    /** token: of the counter that asks, where it is not the session's own. */
    removeDevice: (id: string, token?: string) =>
      ask({ method: 'DELETE', path: `/api/devices/${id}`, ...(token === undefined ? {} : { token }) }, nothing),
    /** The event stream itself; it ends when `signal` does. Rejects when there is none. */
    events: (signal: AbortSignal): Promise<FetchAnswer> =>
      parts.fetch(`${parts.serverUrl}/api/sync/events`, {
        method: 'GET',
        headers: { ...headersOf(parts.token()), Accept: 'text/event-stream' },
        signal,
        redirect: 'manual',
      }),
  };
}

function purchaseRoute(item: Item): { path: string; body: unknown } {
  const body = { id: item.id, expectedAmountPaise: item.amountPaise };
  if (item.sku === 'plan.pharmapulse-one') return { path: '/api/billing/plan/purchase', body };
  if (item.sku === 'renewal.year') {
    const year = item.renewalDue === null ? {} : { expectedDue: item.renewalDue };
    return { path: '/api/billing/renewal/subscribe', body: { ...body, ...year, mode: 'manual' } };
  }
  return { path: '/api/billing/credits/topup', body: { ...body, packs: item.quantity } };
}

const cursorQuery = (cursor: string | null) => (cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`);

function headersOf(token: string | null): Record<string, string> {
  const version = { [protocolHeader]: String(protocolVersion) };
  return token === null ? version : { ...version, Authorization: `Bearer ${token}` };
}

/** Whichever of the two ways the server chose. */
function readFeed(raw: RawAnswer): Answer<FeedAnswer> {
  const byColumns = raw.contentType?.startsWith(feedColumnsType) === true;
  return byColumns ? readAnswer({ ...raw, contentType: 'application/json' }, columnsPage) : readAnswer(raw, plainPage);
}

async function rawOf(answer: FetchAnswer): Promise<RawAnswer> {
  const text = await answer.text();
  const { headers, status } = answer;
  return { status, contentType: headers.get('content-type'), retryAfter: headers.get('retry-after'), text };
}

async function request<T>(
  parts: ClientParts,
  what: Ask,
  accept: string,
  read: (answer: FetchAnswer) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const late = new AbortController();
  const began = parts.monotonic();
  const patience = parts.timers.after(patienceMs, () => late.abort());
  try {
    const answer = await parts.fetch(`${parts.serverUrl}${what.path}`, {
      method: what.method,
      headers: {
        ...headersOf(what.token ?? parts.token()),
        Accept: accept,
        'Accept-Encoding': 'zstd, gzip',
        ...(what.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(what.key === undefined ? {} : { 'Idempotency-Key': what.key }),
      },
      ...(what.body === undefined ? {} : { body: JSON.stringify(what.body) }),
      signal: AbortSignal.any([late.signal, parts.ending]),
      redirect: 'manual',
    });
    const given = await read(answer);
    // A PC that slept finds the answer before its timer: what it says of now was true when it fell asleep.
    return parts.monotonic() - began > patienceMs ? { kind: 'none', reason: 'timeout' } : given;
  } catch {
    // Whatever went wrong on the way, the request may have been done: that is all that can be said.
    return { kind: 'none', reason: late.signal.aborted ? 'timeout' : 'unreachable' };
  } finally {
    patience.cancel();
  }
}
