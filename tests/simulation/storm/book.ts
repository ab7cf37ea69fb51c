// The played provider's book: orders, attempts to pay, money, refunds, as the provider knows them. It is the truth that the
// auditor compares with. In memory; knows no HTTP, no fault, and nothing of the server that is tried.
export interface Refund {
  readonly id: string;
  readonly amount: number;
  readonly receipt: string | null;
  readonly createdAt: number;
  status: 'pending' | 'processed';
}

export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number;
  readonly createdAt: number;
  status: 'failed' | 'authorized' | 'captured' | 'refunded';
  amountRefunded: number;
  readonly refunds: Refund[];
}

export interface Order {
  readonly id: string;
  readonly receipt: string;
  readonly amount: number;
  readonly notes: unknown;
  readonly createdAt: number;
  status: 'created' | 'attempted' | 'paid';
  readonly payments: Payment[];
}

/** A fact of which the provider tells by webhook: a snapshot of what it is about, at that time. */
export type Tell = (event: string, payload: Readonly<Record<string, { entity: unknown }>>, at: number) => void;

export interface Book {
  readonly orders: ReadonlyMap<string, Order>;
  ordersOf(receipt: string): readonly Order[];
  payment(id: string): Payment | undefined;
  createOrder(wish: { receipt: string; amount: number; notes: unknown }): Order;
  /** A customer's attempt that the bank refused. */
  fail(orderId: string): void;
  /** A customer pays: authorized, captured, the order paid; at most one success per order. `amount`: where it is another. */
  pay(orderId: string, amount?: number): Payment;
  /** Money goes back, by whoever's wish; null if there is not so much left. `key`: the same key is the same refund. */
  refund(paymentId: string, amount: number, receipt: string | null, key: string | null): Refund | null;
}

export function openBook(seconds: () => number, tell: Tell): Book {
  const orders = new Map<string, Order>();
  const byReceipt = new Map<string, Order[]>();
  const payments = new Map<string, Payment>();
  const byKey = new Map<string, Refund>();
  let made = 0;
  const id = (prefix: string) => {
    made += 1;
    return `${prefix}_S${String(made).padStart(13, '0')}`;
  };
  const orderOf = (orderId: string): Order => {
    const order = orders.get(orderId);
    if (order === undefined) throw new Error(`the provider has no order ${orderId}`);
    return order;
  };
  const attempt = (order: Order, amount: number, status: Payment['status']): Payment => {
    if (order.status === 'paid') throw new Error(`order ${order.id} is paid already`);
    const at = {
      id: id('pay'),
      orderId: order.id,
      amount,
      createdAt: seconds(),
      status,
      amountRefunded: 0,
      refunds: [],
    };
    order.payments.push(at);
    payments.set(at.id, at);
    order.status = 'attempted';
    return at;
  };
  return {
    orders,
    ordersOf: (receipt) => byReceipt.get(receipt) ?? [],
    payment: (paymentId) => payments.get(paymentId),
    createOrder: ({ receipt, amount, notes }) => {
      const order: Order = {
        ...{ id: id('order'), receipt, amount, notes, createdAt: seconds() },
        status: 'created',
        payments: [],
      };
      orders.set(order.id, order);
      byReceipt.set(receipt, [...(byReceipt.get(receipt) ?? []), order]);
      return order;
    },
    fail: (orderId) => {
      const order = orderOf(orderId);
      const payment = attempt(order, order.amount, 'failed');
      tell('payment.failed', { payment: { entity: paymentEntity(payment) } }, seconds());
    },
    pay: (orderId, amount) => {
      const order = orderOf(orderId);
      const payment = attempt(order, amount ?? order.amount, 'authorized');
      capture(order, payment, seconds(), tell);
      return payment;
    },
    refund: (paymentId, amount, receipt, key) => {
      const before = key === null ? undefined : byKey.get(key);
      if (before !== undefined) return before;
      const payment = payments.get(paymentId);
      if (payment === undefined) return null;
      const refund = moneyBack(payment, id, { amount, receipt, createdAt: seconds() }, tell);
      if (key !== null && refund !== null) byKey.set(key, refund);
      return refund;
    },
  };
}

function capture(order: Order, payment: Payment, at: number, tell: Tell): void {
  tell('payment.authorized', { payment: { entity: paymentEntity(payment) } }, at);
  payment.status = 'captured';
  order.status = 'paid';
  tell('payment.captured', { payment: { entity: paymentEntity(payment) } }, at);
  tell('order.paid', { payment: { entity: paymentEntity(payment) }, order: { entity: orderEntity(order) } }, at);
}

function moneyBack(
  payment: Payment,
  id: (prefix: string) => string,
  wish: Pick<Refund, 'amount' | 'receipt' | 'createdAt'>,
  tell: Tell,
): Refund | null {
  if (wish.amount > payment.amount - payment.amountRefunded) return null;
  const refund: Refund = { id: id('rfnd'), ...wish, status: 'pending' };
  payment.refunds.push(refund);
  payment.amountRefunded += wish.amount;
  if (payment.amountRefunded === payment.amount) payment.status = 'refunded';
  tell('refund.created', refundPayload(payment, refund), wish.createdAt);
  refund.status = 'processed';
  tell('refund.processed', refundPayload(payment, refund), wish.createdAt);
  return refund;
}

const refundPayload = (payment: Payment, refund: Refund) => ({
  refund: { entity: refundEntity(payment, refund) },
  payment: { entity: paymentEntity(payment) },
});

export const refundEntity = (payment: Payment, { id, amount, receipt, status, createdAt }: Refund) => ({
  ...{ id, entity: 'refund', amount, currency: 'INR', payment_id: payment.id, receipt, status },
  notes: [],
  created_at: createdAt,
});

export function paymentEntity(payment: Payment) {
  const { id, orderId, amount, status, amountRefunded, createdAt } = payment;
  const failed = status === 'failed';
  return {
    ...{ id, entity: 'payment', amount, currency: 'INR', status, order_id: orderId, method: 'upi' },
    captured: status === 'captured' || status === 'refunded',
    amount_refunded: amountRefunded,
    refund_status: amountRefunded === 0 ? null : amountRefunded === amount ? 'full' : 'partial',
    notes: [],
    created_at: createdAt,
    error_code: failed ? 'BAD_REQUEST_ERROR' : null,
    error_description: failed ? 'Your bank said no.' : null,
  };
}

export function orderEntity({ id, receipt, amount, notes, status, createdAt, payments }: Order) {
  const paid = status === 'paid' ? amount : 0;
  return {
    ...{ id, entity: 'order', amount, amount_paid: paid, amount_due: amount - paid, currency: 'INR', receipt, status },
    attempts: payments.length,
    notes,
    created_at: createdAt,
  };
}
