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

export async function openRazorpayLike() {
  const orders: Row[] = [];
  const payments: Row[] = [];
  const refunds: Row[] = [];
  let made = 0;
  const idOf = (prefix: string) => {
    made += 1;
    return `${prefix}_Played${String(made).padStart(8, '0')}`;
  };

  const answer = (asked: Asked): Answer => {
    if (asked.headers.authorization !== authorised) return no('Authentication failed', 401);
    const [, , kind, id, part] = asked.path.split('/');
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
    /** The payment as its event carries it. */
    refuse(orderId: string): Row {
      const order = orders.find(({ id }) => id === orderId);
      if (order === undefined) throw new Error(`no order ${orderId}`);
      const { amount, currency } = order;
      const why = { error_code: 'BAD_REQUEST_ERROR', error_description: 'No funds.' };
      const what = {
        amount,
        currency,
        order_id: orderId,
        status: 'failed',
        captured: false,
        amount_refunded: 0,
        ...why,
      };
      const payment = { id: idOf('pay'), ...what, created_at: 1_790_000_000, method: 'card', notes: [] };
      payments.push(payment);
      return payment;
    },
    pay(orderId: string): string {
      const order = orders.find(({ id }) => id === orderId);
      if (order === undefined) throw new Error(`no order ${orderId}`);
      order.status = 'paid';
      const { amount, currency } = order;
      const id = idOf('pay');
      const payment = {
        id,
        amount,
        currency,
        order_id: orderId,
        status: 'captured',
        captured: true,
        amount_refunded: 0,
      };
      payments.push({ ...payment, created_at: 1_790_000_000, method: 'upi', notes: [] });
      return id;
    },
  };
}
