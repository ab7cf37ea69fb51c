// Owns the operator page's lists of what is at Stripe, and what a person can do to each.

import { type Html, html, money as shownMoney, time } from '../html.ts';
import { amountButton, button, chip, type Place, section, shortCode } from '../page-parts.ts';
import type { Books } from './books.ts';
import type { Charge, Dispute, Refund, Session, Subscription } from './objects.ts';

const money = (paise: number, currency: string): string => shownMoney(paise, currency.toUpperCase());
const act = (place: Place, fields: Readonly<Record<string, string>>, label: string) =>
  button(place, { do: 'stripe', ...fields }, label);

export function stripeLists(place: Place, books: Books, limit: number): Html {
  const of = <K extends Parameters<Books['list']>[0]>(kind: K) => books.list(kind, { where: {}, limit }).data;
  return html`
  ${section({
    title: 'Checkout sessions',
    hint: 'newest first',
    heads: ['Session', 'Amount', 'Reference', 'State', 'Until', ''],
    lines: of('session').map((row) => sessionLine(place, row)),
  })}
  ${section({
    title: 'Charges',
    heads: ['Charge', 'Amount', 'State', 'Made', ''],
    lines: of('charge').map((row) => chargeLine(place, row)),
  })}
  ${section({
    title: 'Subscriptions',
    heads: ['Subscription', 'Takes', 'State', 'Period ends', ''],
    lines: of('subscription').map((row) => subscriptionLine(place, row)),
  })}
  ${section({
    title: 'Refunds',
    heads: ['Refund', 'Amount', 'State', 'Made', ''],
    lines: of('refund').map((row) => refundLine(place, row)),
  })}
  ${section({
    title: 'Disputes',
    heads: ['Dispute', 'Amount', 'Reason', 'State', ''],
    lines: of('dispute').map((row) => disputeLine(place, row)),
  })}`;
}

function sessionLine(place: Place, row: Session): Html {
  const { id: sessionId } = row;
  const waits = row.status === 'complete' && row.payment_status === 'unpaid';
  const acts =
    row.status === 'open'
      ? html`<a href="${place.base}/stripe/checkout/${sessionId}">Page</a>${act(place, { action: 'pay', sessionId }, 'Pay')}
      ${act(place, { action: 'fail', sessionId }, 'Fail')}
      ${row.mode === 'payment' && act(place, { action: 'pay_later', sessionId }, 'Slow bank')}
      ${act(place, { action: 'expire', sessionId }, 'Expire')}`
      : waits &&
        html`${act(place, { action: 'settle', sessionId, outcome: 'succeeded' }, 'Bank: it came')}
      ${act(place, { action: 'settle', sessionId, outcome: 'failed' }, 'Bank: it did not')}`;
  return html`<tr><td>${shortCode(sessionId)}<br><small>${row.mode}</small></td><td class="num">${money(row.amount_total, row.currency)}</td>
    <td>${row.client_reference_id ?? '–'}</td><td>${chip(row.status)}<br><small>${row.payment_status.replaceAll('_', ' ')}</small></td>
    <td>${time(row.expires_at * 1000)}</td><td class="acts">${acts}</td></tr>`;
}

function chargeLine(place: Place, row: Charge): Html {
  const fields = { do: 'stripe', paymentIntentId: row.payment_intent };
  const left = row.status === 'succeeded' && !row.refunded;
  return html`<tr><td>${shortCode(row.id)}<br><small title="${row.payment_intent}">${row.payment_intent.slice(0, 11)}…</small></td>
    <td class="num">${money(row.amount, row.currency)}
    ${row.amount_refunded > 0 && html`<br><small>${money(row.amount_refunded, row.currency)} given back</small>`}</td>
    <td>${chip(row.status)}${row.disputed && html` ${chip('disputed')}`}</td><td>${time(row.created * 1000)}</td>
    <td class="acts">${left && amountButton(place, { ...fields, action: 'refund' }, 'Refund', 'Rupees to give back')}
    ${row.status === 'succeeded' && amountButton(place, { ...fields, action: 'dispute' }, 'Dispute', 'Disputed rupees')}</td></tr>`;
}

const STEPS = [
  ['charge', 'Charge now'],
  ['fail_charge', 'Charge fails'],
  ['halt', 'Halt'],
  ['pause', 'Pause'],
  ['cancel', 'Cancel'],
] as const;
const PAUSED_STEPS = [
  ['resume', 'Resume'],
  ['cancel', 'Cancel'],
] as const;

function subscriptionLine(place: Place, row: Subscription): Html {
  const [item] = row.items.data;
  const steps = row.status === 'canceled' ? [] : row.status === 'paused' ? PAUSED_STEPS : STEPS;
  return html`<tr><td>${shortCode(row.id)}</td>
    <td class="num">${money((item?.price.unit_amount ?? 0) * (item?.quantity ?? 0), row.currency)}<br><small>every ${item?.price.recurring?.interval ?? ''}</small></td>
    <td>${chip(row.status)}</td><td>${time((item?.current_period_end ?? 0) * 1000)}</td>
    <td class="acts">${steps.map(([step, label]) => act(place, { action: 'subscription', subscriptionId: row.id, step }, label))}</td></tr>`;
}

function refundLine(place: Place, row: Refund): Html {
  const end = (status: string, label: string) =>
    act(place, { action: 'finish_refund', refundId: row.id, status }, label);
  return html`<tr><td>${shortCode(row.id)}</td><td class="num">${money(row.amount, row.currency)}</td><td>${chip(row.status)}</td>
    <td>${time(row.created * 1000)}</td><td class="acts">${row.status === 'pending' && html`${end('succeeded', 'Succeeded')}${end('failed', 'Failed')}`}</td></tr>`;
}

function disputeLine(place: Place, row: Dispute): Html {
  const step = (status: string, label: string) =>
    act(place, { action: 'decide_dispute', disputeId: row.id, status }, label);
  const open = row.status === 'needs_response' || row.status === 'under_review';
  return html`<tr><td>${shortCode(row.id)}</td><td class="num">${money(row.amount, row.currency)}</td><td>${row.reason.replaceAll('_', ' ')}</td>
    <td>${chip(row.status)}</td><td class="acts">${
      open &&
      html`${row.status !== 'under_review' && step('under_review', 'Under review')}${step('won', 'Won')}${step('lost', 'Lost')}${step('closed', 'Closed')}`
    }</td></tr>`;
}
