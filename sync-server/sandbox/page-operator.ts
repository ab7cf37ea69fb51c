// Owns the HTML of the operator page: what the sandbox holds, and the switches. Every button is a plain form, so the page
// works without its script, which only keeps the lists fresh.

import { bankReasonNames } from './bank-reasons.ts';
import type { OrderRow, PaymentRow } from './database.ts';
import type { Deliveries } from './deliveries.ts';
import { type FaultName, type FaultValue, faultMeaning, faultNames } from './faults.ts';
import { type Html, html, money, page, time } from './html.ts';

export interface OperatorView {
  readonly base: string;
  readonly publicUrl: string;
  readonly webhookUrl: string;
  readonly orders: readonly OrderRow[];
  readonly payments: readonly PaymentRow[];
  readonly deliveries: ReturnType<Deliveries['list']>;
  readonly faults: Readonly<Record<FaultName, FaultValue>>;
}

export function operatorPage(view: OperatorView): string {
  const { base, publicUrl, webhookUrl, faults } = view;
  const on = faultNames.filter((name) => faults[name] !== false).length;
  const body = html`
<header class="top">
  <h1>Payment sandbox</h1>
  <p>Speaks Razorpay’s API at <code>${publicUrl}/v1</code> and sends events to <code>${webhookUrl}</code></p>
</header>
<div class="columns">
  <main id="lists" data-url="${base}/operator/lists" aria-label="Orders, payments and webhooks">${operatorLists(view)}</main>
  <aside aria-labelledby="faults-title">
    <div class="heading">
      <h2 id="faults-title">Fault switches <small>${on === 0 ? 'all off' : `${on} on`}</small></h2>
      ${button(base, { do: 'reset' }, 'All off')}
    </div>
    ${groups.map(({ title, names }) => faultGroup(base, title, names, faults))}
  </aside>
</div>`;
  return page({
    base,
    title: 'Payment sandbox (test money)',
    name: 'operator',
    styles: ['operator.css'],
    script: 'operator-page.js',
    body,
  });
}

const startsWith = (...starts: string[]) => faultNames.filter((name) => starts.some((start) => name.startsWith(start)));
const hooks = startsWith('webhook_', 'only_');
const api = startsWith('api_', 'receipt_', 'list_', 'order_list_');
const groups = [
  { title: 'Payments', names: faultNames.filter((name) => !hooks.includes(name) && !api.includes(name)) },
  { title: 'Webhooks', names: hooks },
  { title: 'API', names: api },
];

/** A button that posts these fields: the page's one way to do something. */
function button(base: string, fields: Readonly<Record<string, string>>, label: string, look = ''): Html {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${base}/operator">${inputs}<button class="${look}">${label}</button></form>`;
}

function faultGroup(base: string, title: string, names: readonly FaultName[], values: OperatorView['faults']): Html {
  return html`<section class="faults"><h3>${title}</h3>${names.map((name) => faultRow(base, name, values[name]))}</section>`;
}

function faultRow(base: string, name: FaultName, value: FaultValue): Html {
  const seconds = name.endsWith('_seconds');
  const now = value === false ? 'off' : value === true ? 'on' : seconds ? `${value} s` : `next ${value}`;
  const set = (to: string, label: string, pressed: boolean) =>
    button(base, { do: 'fault', name, value: to }, label, pressed ? 'pressed' : '');
  return html`<div class="fault ${value !== false && 'set'}" id="${name}">
    <div><code>${name}</code> <span class="chip">${now}</span><p>${faultMeaning[name]}</p></div>
    <div class="segments" role="group" aria-label="${name}">
      ${set('off', 'Off', value === false)}
      ${seconds ? set('10', '10 s', value === 10) : set('1', 'Next', value === 1)}
      ${seconds ? set('120', '2 min', value === 120) : set('on', 'On', value === true)}
    </div>
  </div>`;
}

export function operatorLists({ base, orders, payments, deliveries }: OperatorView): Html {
  const waiting = deliveries.filter(({ state }) => state !== 'delivered').length;
  return html`
  <section><h2>Orders <small>newest first</small></h2>
    ${table(
      'Orders',
      ['Order', 'Amount', 'Receipt', 'State', 'Made', ''],
      orders.map((row) => orderLine(base, row)),
    )}
  </section>
  <section><h2>Payments</h2>
    ${table(
      'Payments',
      ['Payment', 'Amount', 'Way', 'State', 'Made', ''],
      payments.map((row) => paymentLine(base, row)),
    )}
  </section>
  <section><div class="heading"><h2>Webhooks <small>${waiting === 0 ? 'all delivered' : `${waiting} not delivered`}</small></h2>
    ${button(base, { do: 'deliver' }, 'Deliver held and due')}</div>
    ${table(
      'Webhooks',
      ['Event', 'Order', 'State', 'Tries', 'Next or last', ''],
      deliveries.map((row) => deliveryLine(base, row)),
    )}
  </section>`;
}

function table(label: string, heads: readonly string[], lines: readonly Html[]): Html {
  if (lines.length === 0) return html`<p class="empty">None yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head || html`<span class="unseen">Actions</span>`}</th>`)}</tr></thead>
    <tbody>${lines}</tbody></table></div>`;
}

function orderLine(base: string, row: OrderRow): Html {
  const open = row.status !== 'paid';
  const [reason] = bankReasonNames;
  return html`<tr><td><code>${row.id}</code></td><td class="num">${money(row.amount, row.currency)}</td>
    <td>${row.receipt ?? '–'}</td><td><span class="chip ${row.status}">${row.status}</span></td>
    <td>${time(row.created_at * 1000)}</td>
    <td class="acts">${
      open &&
      html`<a href="${base}/checkout/${row.id}">Checkout</a>
      ${button(base, { do: 'pay', orderId: row.id }, 'Pay')}${button(base, { do: 'fail', orderId: row.id, reason }, 'Fail')}`
    }</td></tr>`;
}

function paymentLine(base: string, row: PaymentRow): Html {
  return html`<tr><td><code>${row.id}</code><br><small>${row.order_id}</small></td>
    <td class="num">${money(row.amount, row.currency)}</td><td>${row.method}<br><small>${row.instrument}</small></td>
    <td><span class="chip ${row.status}">${row.status}</span></td><td>${time(row.created_at * 1000)}</td>
    <td class="acts">${row.status === 'failed' && button(base, { do: 'authorise_late', paymentId: row.id }, 'Authorise late')}</td></tr>`;
}

function deliveryLine(base: string, row: OperatorView['deliveries'][number]): Html {
  const marks = [row.tampered && 'tampered', row.unsigned && 'unsigned', row.unnamed && 'no event id'].filter(Boolean);
  return html`<tr><td>${row.name}<br><small>${row.event_id}${marks.length > 0 && ` · ${marks.join(', ')}`}</small></td>
    <td><small>${row.order_id}</small></td><td><span class="chip ${row.state}">${row.state}</span><br><small>${row.last_answer ?? ''}</small></td>
    <td class="num">${row.attempts}</td><td>${time(row.next_ms)}</td>
    <td class="acts">${button(base, { do: 'deliver', eventId: row.event_id }, row.state === 'delivered' ? 'Again' : 'Deliver')}</td></tr>`;
}
