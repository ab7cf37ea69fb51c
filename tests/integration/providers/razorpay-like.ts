// As much of Razorpay's API as the contract asks for. A receipt may be used twice, which is the worst of what its documents
// say, and the refund header is not honoured, which is what Test mode is not confirmed to do.

import { type Answer, type Asked, openPlayedApi } from './played-api.ts';

type Row = Record<string, unknown> & { id: string };

export const razorpayKeys = { keyId: 'rzp_test_played', keySecret: 'played_secret' };
const authorised = `Basic ${Buffer.from(`${razorpayKeys.keyId}:${razorpayKeys.keySecret}`).toString('base64')}`;

const list = (items: readonly Row[]): Answer => ({ body: { entity: 'collection', count: items.length, items } });
const no = (description: string, status = 400): Answer => ({
  status,
  body: { error: { code: 'BAD_REQUEST_ERROR', description } },
});

/** Payment links: one for a reference, which ends when it is cancelled. */
function linksOf(idOf: (prefix: string) => string) {
  const links: Row[] = [];
  return ({ method, query, body }: Asked, id?: string): Answer => {
    const link = links.find((one) => one.id === id);
    if (link !== undefined && method === 'GET') return { body: link };
    if (link !== undefined) {
      if (link.status !== 'created')
        return no(`Payment Link cannot be cancelled as it is ${String(link.status)} already`);
      link.status = 'cancelled';
      return { body: link };
    }
    if (id !== undefined) return no('The id provided does not exist');
    const reference = query.get('reference_id');
    if (method === 'GET') return { body: { payment_links: links.filter((one) => one.reference_id === reference) } };
    const asked = JSON.parse(body) as { reference_id: string };
    if (links.some((one) => one.reference_id === asked.reference_id)) {
      return no(`payment link with given reference_id (${asked.reference_id}) already exists`);
    }
    const made = {
      ...asked,
      id: idOf('plink'),
      short_url: 'https://rzp.example/i/1',
      status: 'created',
      payments: null,
    };
    links.push(made);
    return { body: made };
  };
}

export async function openRazorpayLike() {
  const orders: Row[] = [];
  const payments: Row[] = [];
  const refunds: Row[] = [];
  let made = 0;
  const idOf = (prefix: string) => {
    made += 1;
    return `${prefix}_Played${String(made).padStart(8, '0')}`;
  };

  const linksAnswer = linksOf(idOf);
  const answer = (asked: Asked): Answer => {
    if (asked.headers.authorization !== authorised) return no('Authentication failed', 401);
    const [, , kind, id, part] = asked.path.split('/');
    if (kind === 'payment_links') return linksAnswer(asked, id);
    if (kind === 'orders') return ordersAnswer(asked, id, part);
    const payment = payments.find((one) => one.id === id);
    if (kind !== 'payments' || payment === undefined) return no('The id provided does not exist');
    if (part === undefined) return { body: payment };
    const given = refunds.filter((one) => one.payment_id === id);
    if (part === 'refunds') return list(given.slice(Number(asked.query.get('skip') ?? 0)).toReversed());
    return refund(payment, JSON.parse(asked.body) as { amount: number; receipt: string });
  };

  const ordersAnswer = ({ method, query, body }: Asked, id?: string, part?: string): Answer => {
    if (method === 'POST') {
      const order = { ...(JSON.parse(body) as object), id: idOf('order'), status: 'created', created_at: made };
      orders.push(order);
      return { body: order };
    }
    if (id === undefined) return list(orders.filter(({ receipt }) => receipt === query.get('receipt')).toReversed());
    if (part === 'payments') return list(payments.filter((one) => one.order_id === id));
    const order = orders.find((one) => one.id === id);
    return order === undefined ? no('The id provided does not exist') : { body: order };
  };

  const refund = (payment: Row, { amount, receipt }: { amount: number; receipt: string }): Answer => {
    const gone = payment.amount_refunded as number;
    if (gone + amount > (payment.amount as number))
      return no('The refund amount provided is greater than amount captured');
    payment.amount_refunded = gone + amount;
    if (payment.amount_refunded === payment.amount) payment.status = 'refunded';
    const row = { id: idOf('rfnd'), payment_id: payment.id, amount, receipt, status: 'processed', created_at: made };
    refunds.push(row);
    return { body: row };
  };

  const api = await openPlayedApi(answer);
  return {
    api,
    madeFor: (receipt: string) => orders.filter((order) => order.receipt === receipt).length,
    refundsOf: (paymentId: string) => refunds.filter((one) => one.payment_id === paymentId).length,
    ...customerOf(orders, payments, idOf),
  };
}

/** Who pays, or tries to. */
function customerOf(orders: readonly Row[], payments: Row[], idOf: (prefix: string) => string) {
  const attempt = (orderId: string, what: object): Row => {
    const order = orders.find(({ id }) => id === orderId);
    if (order === undefined) throw new Error(`no order ${orderId}`);
    const { amount, currency } = order;
    const shown = { amount, currency, order_id: orderId, amount_refunded: 0, created_at: 1_790_000_000, notes: [] };
    const payment = { id: idOf('pay'), ...shown, ...what };
    payments.push(payment);
    return payment;
  };
  return {
    /** The payment as its event carries it. */
    refuse(orderId: string): Row {
      const why = { error_code: 'BAD_REQUEST_ERROR', error_description: 'No funds.' };
      return attempt(orderId, { status: 'failed', captured: false, method: 'card', ...why });
    },
    pay(orderId: string): string {
      const { id } = attempt(orderId, { status: 'captured', captured: true, method: 'upi' });
      Object.assign(orders.find((order) => order.id === orderId) ?? {}, { status: 'paid' });
      return id;
    },
  };
}
