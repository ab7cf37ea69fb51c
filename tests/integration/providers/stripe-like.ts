// As much of Stripe's API as the adapter uses for orders: sessions, payment intents and refunds, with idempotency keys that
// are kept for a day, lists in pages, and sessions that expire by a clock played by hand.

import { type Answer, type Asked, openPlayedApi } from './played-api.ts';

type Row = Record<string, unknown> & { id: string; created: number };

export const stripeKey = 'sk_test_played';
const DAY = 86_400;

const no = (message: string, type = 'invalid_request_error', status = 400): Answer => ({
  status,
  body: { error: { type, message } },
});

/** `metadata[a]=1&metadata[b]=2` under `metadata` as `{a: '1', b: '2'}`. */
function mapIn(form: URLSearchParams, name: string): Record<string, string> {
  const entries = [...form].filter(([key]) => key.startsWith(`${name}[`) && key.endsWith(']'));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(name.length + 1, -1), value]));
}

class StripeBook {
  readonly sessions: Row[] = [];
  readonly intents: Row[] = [];
  readonly refunds: Row[] = [];
  readonly remembered = new Map<string, { at: number; body: string; answer: Answer }>();
  /** What each session's payment is to carry; Stripe does not show it on the session. */
  readonly #intentMetadata = new Map<string, Record<string, string>>();
  /** The list does not show what was made lately. */
  lags = false;
  /** Stripe promises a day at least. */
  keepsKeysFor = DAY;
  readonly #now: () => number;
  readonly #page: number;
  #made = 0;

  constructor(now: () => number, page: number) {
    this.#now = now;
    this.#page = page;
  }

  idOf(prefix: string): string {
    this.#made += 1;
    return `${prefix}_played${String(this.#made).padStart(6, '0')}`;
  }

  answer(asked: Asked): Answer {
    for (const session of this.sessions) {
      if (session.status === 'open' && this.#now() >= session.created + DAY) this.expire(session);
    }
    if (asked.headers.authorization !== `Bearer ${stripeKey}`)
      return no('Invalid API Key', 'invalid_request_error', 401);
    return asked.method === 'POST' ? this.#once(asked) : this.#look(asked);
  }

  expire(session: Row): Row {
    return Object.assign(session, { status: 'expired', url: null });
  }

  #once(asked: Asked): Answer {
    const key = String(asked.headers['idempotency-key']);
    const before = this.remembered.get(key);
    if (before !== undefined && this.#now() < before.at + this.keepsKeysFor) {
      if (before.body !== asked.body) return no('Keys can only be used with the same parameters', 'idempotency_error');
      return { ...before.answer, headers: { 'idempotent-replayed': 'true' } };
    }
    const answer = structuredClone(this.#post(asked));
    this.remembered.set(key, { at: this.#now(), body: asked.body, answer });
    return answer;
  }

  #post({ path, body }: Asked): Answer {
    const form = new URLSearchParams(body);
    if (path === '/v1/refunds') return this.#refund(form);
    if (path === '/v1/checkout/sessions') return { body: this.#makeSession(form) };
    const session = this.sessions.find(({ id }) => path === `/v1/checkout/sessions/${id}/expire`);
    return session === undefined ? no('Unrecognized request URL') : { body: this.expire(session) };
  }

  #makeSession(form: URLSearchParams): Row {
    const id = this.idOf('cs_test');
    const row = {
      id,
      object: 'checkout.session',
      mode: form.get('mode'),
      client_reference_id: form.get('client_reference_id'),
      amount_total: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]'),
      metadata: mapIn(form, 'metadata'),
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      url: `https://checkout.stripe.example/${id}`,
      created: this.#now(),
    };
    this.sessions.push(row);
    this.#intentMetadata.set(id, mapIn(form, 'payment_intent_data[metadata]'));
    return row;
  }

  #refund(form: URLSearchParams): Answer {
    const intent = this.intents.find(({ id }) => id === form.get('payment_intent'));
    const charge = intent?.latest_charge as { amount_refunded: number } | undefined;
    if (intent === undefined || charge === undefined) return no('No such payment_intent');
    const amount = Number(form.get('amount'));
    if (charge.amount_refunded + amount > (intent.amount as number)) return no('Refund amount is too large');
    charge.amount_refunded += amount;
    const metadata = mapIn(form, 'metadata');
    const what = { payment_intent: intent.id, amount, metadata, status: 'succeeded' };
    const row = { ...what, id: this.idOf('re'), object: 'refund', created: this.#now() };
    this.refunds.push(row);
    return { body: row };
  }

  #look({ path, query }: Asked): Answer {
    if (path === '/v1/checkout/sessions') return this.#listSessions(query);
    if (path === '/v1/refunds') {
      return this.#pageOf(
        this.refunds.filter((one) => one.payment_intent === query.get('payment_intent')),
        query,
      );
    }
    const found = [...this.sessions, ...this.intents].find(({ id }) => path.endsWith(`/${id}`));
    if (found === undefined) return no('No such object', 'invalid_request_error', 404);
    const asks = [...query].some(([key, value]) => key.startsWith('expand') && value === 'payment_intent');
    const intent = this.intents.find(({ id }) => id === found.payment_intent);
    return { body: asks && intent !== undefined ? { ...found, payment_intent: intent } : found };
  }

  #listSessions(query: URLSearchParams): Answer {
    const since = Number(query.get('created[gte]') ?? 0);
    const intent = query.get('payment_intent');
    const shown = this.sessions.filter(
      (one) => one.created >= since && (intent === null || one.payment_intent === intent),
    );
    return this.#pageOf(this.lags ? shown.slice(0, 1) : shown, query);
  }

  #pageOf(rows: readonly Row[], query: URLSearchParams): Answer {
    const newestFirst = rows.toReversed();
    const from = newestFirst.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    const size = Math.min(this.#page, Number(query.get('limit') ?? 10));
    const data = newestFirst.slice(from, from + size);
    return { body: { object: 'list', data, has_more: from + size < newestFirst.length } };
  }

  session(sessionId: string): Row {
    const session = this.sessions.find(({ id }) => id === sessionId);
    if (session === undefined) throw new Error(`no session ${sessionId}`);
    return session;
  }

  /** As if a customer paid on the page of this session. */
  pay(sessionId: string): string {
    const session = this.session(sessionId);
    if (session.status !== 'open') throw new Error(`session ${sessionId} takes no money`);
    const created = this.#now();
    const card = { payment_method_details: { type: 'card' } };
    const charge = { id: this.idOf('ch'), amount_refunded: 0, created, ...card };
    const { amount_total: amount, currency } = session;
    const id = this.idOf('pi');
    const what = { amount, amount_received: amount, currency, status: 'succeeded', latest_charge: charge };
    this.intents.push({ id, ...what, metadata: this.#intentMetadata.get(sessionId), created });
    Object.assign(session, { status: 'complete', payment_status: 'paid', payment_intent: id, url: null });
    return id;
  }

  /** As if a customer's card was refused on the page of this session; the payment intent, as its event carries it. */
  refuseCard(sessionId: string): Row {
    const session = this.session(sessionId);
    const last_payment_error = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'No funds.' };
    const { amount_total: amount, currency } = session;
    const id = this.idOf('pi');
    const what = { amount, amount_received: 0, currency, status: 'requires_payment_method', last_payment_error };
    const metadata = this.#intentMetadata.get(sessionId);
    const intent = { id, object: 'payment_intent', ...what, metadata, created: this.#now() };
    this.intents.push(intent);
    session.payment_intent = id;
    return intent;
  }
}

export interface StripeLikeOptions {
  readonly now: () => number;
  /** How many items a page of a list has at most. */
  readonly page: number;
}

export async function openStripeLike({ now, page }: StripeLikeOptions) {
  const book = new StripeBook(now, page);
  const api = await openPlayedApi((asked) => book.answer(asked));
  return {
    api,
    book,
    madeFor: (receipt: string) => book.sessions.filter((one) => one.client_reference_id === receipt).length,
    refundsOf: (paymentId: string) => book.refunds.filter((one) => one.payment_intent === paymentId).length,
  };
}
