// Owns orders at Razorpay: making one, finding one again by its receipt, and looking one up with its payments. The rule
// of this file: one receipt, one order. Whatever the API does with a receipt it has seen (refuses it, answers the same
// order, makes a second one; its documents disagree), the caller gets the same single order.

import type Razorpay from 'razorpay';
import { type Call, outcomeOf } from './call.ts';
import { type Fault, refused, unknown } from './fault.ts';
import type { OrderReport, OrderRequest, Outcome, ProviderOrder, ReportedPayment } from './port.ts';
import {
  isOrderId,
  isPaymentId,
  orderAnswer,
  orderListAnswer,
  paymentAnswer,
  paymentListAnswer,
} from './razorpay-entities.ts';

const SMALLEST_PAISE = 100;
const LONGEST_RECEIPT = 40;
const PAGE = 100;

export type Orders = ReturnType<typeof createOrders>;

export function createOrders(sdk: Razorpay, call: Call) {
  return {
    async createOrder(request: OrderRequest): Promise<Outcome<ProviderOrder>> {
      const fault = faultOfRequest(request);
      if (fault !== null) return refused(fault);
      const { receipt, amountPaise, currency, notes } = request;
      const body = { amount: amountPaise, currency, receipt, notes: { ...notes }, partial_payment: false };
      const answer = await call(orderAnswer, () => sdk.orders.create(body));
      if (answer.ok) return asRequested(answer.value, request) ?? unknown('the order made is not the one asked for');
      return isSeenReceipt(answer.fault) ? theOneSeenBefore(sdk, call, request) : outcomeOf(answer);
    },

    findOrder: (receipt: string) => findOrder(sdk, call, receipt),

    async fetchOrder(orderId: string): Promise<Outcome<OrderReport>> {
      if (!isOrderId(orderId)) return refused('not an order id');
      // The order before its payments: an order seen as paid then always comes with the payment that paid it.
      const order = await fetchOne(sdk, call, orderId);
      if (!order.ok) return order;
      const payments = outcomeOf(await call(paymentListAnswer, () => sdk.orders.fetchPayments(orderId)));
      if (!payments.ok) return payments;
      if (order.value.status === 'paid' || !payments.value.some(isCaptured)) {
        return { ok: true, value: { order: order.value, payments: payments.value } };
      }
      // Paid between the two looks: without a second look this would read as money on an order that is not paid.
      const again = await fetchOne(sdk, call, orderId);
      return again.ok ? { ok: true, value: { order: again.value, payments: payments.value } } : again;
    },

    async fetchPayment(paymentId: string): Promise<Outcome<ReportedPayment>> {
      if (!isPaymentId(paymentId)) return refused('not a payment id');
      const answer = outcomeOf(await call(paymentAnswer, () => sdk.payments.fetch(paymentId)));
      if (answer.ok && answer.value.paymentId !== paymentId) return unknown('the answer is about another payment');
      return answer;
    },
  };
}

const isCaptured = ({ status }: ReportedPayment): boolean => status === 'captured';

function faultOfRequest({ receipt, amountPaise }: OrderRequest): string | null {
  if (receipt === '' || receipt.length > LONGEST_RECEIPT) return `a receipt has 1 to ${LONGEST_RECEIPT} characters`;
  if (!Number.isSafeInteger(amountPaise) || amountPaise < SMALLEST_PAISE) {
    return `an amount is a whole number of paise, at least ${SMALLEST_PAISE}`;
  }
  return null;
}

function asRequested(order: ProviderOrder, request: OrderRequest): Outcome<ProviderOrder> | null {
  const same =
    order.amountPaise === request.amountPaise &&
    order.currency === request.currency &&
    order.receipt === request.receipt;
  return same ? { ok: true, value: order } : null;
}

function isSeenReceipt(fault: Fault | null): boolean {
  if (fault?.status !== 400 && fault?.status !== 409) return false;
  return /receipt/i.test(fault.description) && /unique|duplicate|already|exist/i.test(fault.description);
}

async function theOneSeenBefore(sdk: Razorpay, call: Call, request: OrderRequest): Promise<Outcome<ProviderOrder>> {
  const found = await findOrder(sdk, call, request.receipt);
  // An order of this receipt exists: what went wrong with looking for it is no word about making one.
  if (!found.ok) return found.kind === 'refused' ? unknown(found.reason) : found;
  // Refused as seen before, and yet not in the list: the list lags behind, so the order may well exist.
  if (found.value === null) return unknown('the receipt was seen before, and its order is not found');
  return asRequested(found.value, request) ?? refused('the receipt belongs to an order of another amount');
}

async function findOrder(sdk: Razorpay, call: Call, receipt: string): Promise<Outcome<ProviderOrder | null>> {
  if (receipt === '') return refused('no receipt to look for');
  const answer = outcomeOf(await call(orderListAnswer, () => sdk.orders.all({ receipt, count: PAGE })));
  if (!answer.ok) return answer;
  const ours = answer.value.filter((order) => order.receipt === receipt);
  const found = ours.find(({ status }) => status === 'paid') ?? ours[0] ?? null;
  // A full page without the receipt means that the filter was not applied: ours may be on another page.
  if (found === null && answer.value.length >= PAGE) return unknown('the list was not limited to the receipt');
  return { ok: true, value: found };
}

async function fetchOne(sdk: Razorpay, call: Call, orderId: string): Promise<Outcome<ProviderOrder>> {
  const answer = outcomeOf(await call(orderAnswer, () => sdk.orders.fetch(orderId)));
  if (answer.ok && answer.value.orderId !== orderId) return unknown('the answer is about another order');
  return answer;
}
