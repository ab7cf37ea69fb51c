// Owns the operator page's lists of orders, payments, refunds and disputes, and what a person can do to each.

import { bankReasonNames, bankReasons } from './bank-reasons.ts';
import type { OrderRow, PaymentRow, RefundRow } from './database.ts';
import type { Dispute } from './disputes.ts';
import { type Html, html, money, time } from './html.ts';
import { amountButton, button, chip, choiceButton, code, type Place, section } from './page-parts.ts';

export interface PaymentLists {
  readonly orders: readonly OrderRow[];
  readonly payments: readonly PaymentRow[];
  readonly refunds: readonly RefundRow[];
  readonly disputes: readonly Dispute[];
}

export function paymentLists(place: Place, { orders, payments, refunds, disputes }: PaymentLists): Html {
  return html`
  ${section({
    title: 'Orders',
    hint: 'newest first',
    heads: ['Order', 'Amount', 'Receipt', 'State', 'Made', ''],
    lines: orders.map((row) => orderLine(place, row)),
  })}
  ${section({
    title: 'Payments',
    heads: ['Payment', 'Amount', 'Way', 'State', 'Made', ''],
    lines: payments.map((row) => paymentLine(place, row)),
  })}
  ${section({
    title: 'Refunds',
    heads: ['Refund', 'Amount', 'State', 'Made', ''],
    lines: refunds.map((row) => refundLine(place, row)),
  })}
  ${section({
    title: 'Disputes',
    heads: ['Dispute', 'Amount', 'Reason', 'State', 'Answer by', ''],
    lines: disputes.map((row) => disputeLine(place, row)),
  })}`;
}

const reasons = {
  name: 'reason',
  label: 'Reason of the bank',
  options: bankReasonNames.map((name) => [name, bankReasons[name].description] as const),
};

function orderLine(place: Place, row: OrderRow): Html {
  const part = row.amount_paid > 0 && row.status !== 'paid';
  return html`<tr><td>${code(row.id)}</td><td class="num">${money(row.amount, row.currency)}
    ${part && html`<br><small>${money(row.amount_paid, row.currency)} paid</small>`}</td>
    <td>${row.receipt ?? '–'}</td><td>${chip(row.status)}</td><td>${time(row.created_at * 1000)}</td>
    <td class="acts">${
      row.status !== 'paid' &&
      html`<a href="${place.base}/checkout/${row.id}">Checkout</a>
      ${button(place, { do: 'pay', orderId: row.id }, 'Pay')}
      ${button(place, { do: 'authorise', orderId: row.id }, 'Authorise only')}
      ${choiceButton(place, { do: 'fail', orderId: row.id }, 'Fail', reasons)}`
    }</td></tr>`;
}

function paymentLine(place: Place, row: PaymentRow): Html {
  const back = row.amount_refunded > 0;
  return html`<tr><td>${code(row.id)}<br><small>${row.order_id}${row.invoice_id !== null && html`<br>${row.invoice_id}`}</small></td>
    <td class="num">${money(row.amount, row.currency)}
    ${back && html`<br><small>${money(row.amount_refunded, row.currency)} given back</small>`}</td>
    <td>${row.method}<br><small>${row.instrument}</small></td><td>${chip(row.status)}</td><td>${time(row.created_at * 1000)}</td>
    <td class="acts">${paymentActs(place, row)}</td></tr>`;
}

function paymentActs(place: Place, { id, status }: PaymentRow): Html | null {
  const paymentId = id;
  if (status === 'failed') return button(place, { do: 'authorise_late', paymentId }, 'Authorise late');
  if (status === 'authorized') return button(place, { do: 'capture', paymentId }, 'Capture');
  const dispute = amountButton(place, { do: 'act', action: 'dispute', paymentId }, 'Dispute', 'Disputed rupees');
  if (status === 'refunded') return dispute;
  return html`${amountButton(place, { do: 'act', action: 'refund', paymentId }, 'Refund', 'Rupees to give back')}${dispute}`;
}

function refundLine(place: Place, row: RefundRow): Html {
  const end = (status: string, label: string) =>
    button(place, { do: 'act', action: 'finish_refund', refundId: row.id, status }, label);
  return html`<tr><td>${code(row.id)}<br><small>${row.payment_id}</small></td><td class="num">${money(row.amount, row.currency)}</td>
    <td>${chip(row.status)}</td><td>${time(row.created_at * 1000)}</td>
    <td class="acts">${row.status === 'pending' && html`${end('processed', 'Processed')}${end('failed', 'Failed')}`}</td></tr>`;
}

function disputeLine(place: Place, row: Dispute): Html {
  const step = (status: string, label: string) =>
    button(place, { do: 'act', action: 'decide_dispute', disputeId: row.id, status }, label);
  const open = row.status === 'open' || row.status === 'under_review';
  return html`<tr><td>${code(row.id)}<br><small>${row.payment_id}</small></td><td class="num">${money(row.amount, row.currency)}</td>
    <td>${row.phase}<br><small>${row.reason_code}</small></td><td>${chip(row.status)}</td><td>${time(row.respond_by * 1000)}</td>
    <td class="acts">${
      open &&
      html`${row.status === 'open' && step('under_review', 'Under review')}${step('action_required', 'Action required')}
      ${step('won', 'Won')}${step('lost', 'Lost')}${step('closed', 'Closed')}`
    }</td></tr>`;
}
