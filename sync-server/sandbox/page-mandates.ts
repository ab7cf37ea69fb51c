// Owns the operator page's lists of mandates, their invoices and payment links, and what a person can do to each.

import { type Html, html, money, time } from './html.ts';
import type { Invoice } from './invoices.ts';
import { isOpen, type Link } from './links.ts';
import type { MandateStatus, Subscription } from './mandate.ts';
import { button, chip, code, type Place, section } from './page-parts.ts';
import type { Plan } from './plans.ts';

export interface MandateLists {
  readonly mandates: readonly Subscription[];
  readonly planOf: (id: string) => Plan;
  readonly invoices: readonly Invoice[];
  readonly links: readonly Link[];
}

export function mandateLists(place: Place, { mandates, planOf, invoices, links }: MandateLists): Html {
  return html`
  ${section({
    title: 'Mandates',
    hint: 'Razorpay’s subscriptions; charged by the clock or by hand',
    heads: ['Mandate', 'Takes', 'State', 'Paid', 'Next', ''],
    lines: mandates.map((row) => mandateLine(place, row, planOf(row.plan_id))),
  })}
  ${section({
    title: 'Invoices of mandates',
    heads: ['Invoice', 'Amount', 'State', 'Payment', 'Made'],
    lines: invoices.map(invoiceLine),
  })}
  ${section({
    title: 'Payment links',
    heads: ['Link', 'Amount', 'Reference', 'State', 'Until', ''],
    lines: links.map((row) => linkLine(place, row)),
  })}`;
}

type Step = readonly [step: string, label: string];
const CHARGES: readonly Step[] = [
  ['charge', 'Charge now'],
  ['fail_charge', 'Charge fails'],
];
const CANCEL: Step = ['cancel', 'Cancel in UPI app'];
const PAUSE: Step = ['pause', 'Pause'];
const HALT: Step = ['halt', 'Halt'];
const STEPS: Readonly<Partial<Record<MandateStatus, readonly Step[]>>> = {
  created: [['agree', 'Agree'], ['refuse', 'Refuse'], CANCEL],
  authenticated: [...CHARGES, PAUSE, CANCEL],
  active: [...CHARGES, HALT, PAUSE, CANCEL],
  pending: [...CHARGES, HALT, PAUSE, CANCEL],
  halted: [...CHARGES, CANCEL],
  paused: [['resume', 'Resume'], CANCEL],
};

function mandateLine(place: Place, row: Subscription, plan: Plan): Html {
  const { id: subscriptionId, charge_at: next } = row;
  const acts = (STEPS[row.status] ?? []).map(([step, label]) =>
    button(place, { do: 'act', action: 'mandate', subscriptionId, step }, label),
  );
  return html`<tr><td>${code(row.id)}<br><small>${plan.item.name}</small></td>
    <td class="num">${money(plan.item.amount * row.quantity, plan.item.currency)}<br><small>${plan.period}</small></td>
    <td>${chip(row.status)}${row.auth_attempts > 0 && html`<br><small>${row.auth_attempts} failed</small>`}</td>
    <td class="num">${row.paid_count} of ${row.total_count}</td><td>${next === null ? '–' : time(next * 1000)}</td>
    <td class="acts">${row.status === 'created' && html`<a href="${place.base}/mandate/${row.id}">Page</a>`}${acts}</td></tr>`;
}

function invoiceLine(row: Invoice): Html {
  return html`<tr><td>${code(row.id)}<br><small>${row.subscription_id}</small></td><td class="num">${money(row.amount, row.currency)}</td>
    <td>${chip(row.status)}</td><td>${row.payment_id ?? '–'}<br><small>${row.order_id}</small></td><td>${time(row.created_at * 1000)}</td></tr>`;
}

function linkLine(place: Place, row: Link): Html {
  const act = (step: string, label: string) =>
    button(place, { do: 'act', action: 'link', linkId: row.id, step }, label);
  return html`<tr><td>${code(row.id)}<br><small>${row.order_id}</small></td><td class="num">${money(row.amount, row.currency)}</td>
    <td>${row.reference_id || '–'}</td><td>${chip(row.status)}</td><td>${row.expire_by === 0 ? '–' : time(row.expire_by * 1000)}</td>
    <td class="acts">${
      isOpen(row) &&
      html`<a href="${place.base}/link/${row.id}">Page</a>${button(place, { do: 'pay', orderId: row.order_id }, 'Pay')}
      ${act('cancel', 'Cancel')}${act('expire', 'Expire')}`
    }</td></tr>`;
}
