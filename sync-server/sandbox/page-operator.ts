// Owns the frame of the operator page: its views, and the fault switches beside them. The lists are in files of their own;
// the page's script only keeps them fresh.

import { type FaultName, type FaultValue, faultMeaning, faultNames } from './faults.ts';
import { type Html, html, page } from './html.ts';
import { clockBar, type ShownTime } from './page-clock.ts';
import { button, type Place, type ViewName, views } from './page-parts.ts';

export interface OperatorView {
  readonly place: Place;
  readonly publicUrl: string;
  readonly webhookUrl: string;
  readonly lists: Html;
  /** Null where the clock cannot be moved. */
  readonly clock: ShownTime | null;
  readonly faults: Readonly<Record<FaultName, FaultValue>>;
  /** Why the last button did nothing; empty when it did. */
  readonly said: string;
}

const TITLES: Readonly<Record<ViewName, string>> = {
  payments: 'Payments',
  mandates: 'Mandates and links',
  stripe: 'Stripe',
};

export function operatorPage(view: OperatorView): string {
  const { place, publicUrl, webhookUrl, clock, faults, said } = view;
  const { base, show } = place;
  const on = faultNames.filter((name) => faults[name] !== false).length;
  const body = html`
<header class="top">
  <h1>Payment sandbox</h1>
  <p>Speaks Razorpay’s API at <code>${publicUrl}/v1</code>, Stripe’s at <code>/v1</code> of the same server, and sends events to <code>${webhookUrl}</code></p>
  <nav class="views" aria-label="Views">${views.map((name) => html`<a href="${addressOf(base, name)}"${name === show && html` aria-current="page"`}>${TITLES[name]}</a>`)}</nav>
  ${said !== '' && html`<p class="said" role="alert">${said}</p>`}
</header>
${clock !== null && clockBar(place, clock)}
<div class="columns">
  <main id="lists" data-url="${base}/operator/lists?show=${show}" aria-label="${TITLES[show]} and webhooks">${view.lists}</main>
  <aside aria-labelledby="faults-title">
    <div class="heading">
      <h2 id="faults-title">Fault switches <small>${on === 0 ? 'all off' : `${on} on`}</small></h2>
      ${button(place, { do: 'reset' }, 'All off')}
    </div>
    ${groups.map(({ title, names }) => faultGroup(place, title, names, faults))}
  </aside>
</div>`;
  return page({
    base,
    title: `${TITLES[show]} · Payment sandbox (test money)`,
    name: 'operator',
    styles: ['operator.css', 'operator-parts.css', 'operator-clock.css'],
    script: 'operator-page.js',
    body,
  });
}

export function addressOf(base: string, show: ViewName): string {
  return show === 'payments' ? `${base}/` : `${base}/?show=${show}`;
}

const startsWith = (...starts: string[]) => faultNames.filter((name) => starts.some((start) => name.startsWith(start)));
const hooks = startsWith('webhook_', 'only_');
const api = startsWith('api_', 'receipt_', 'list_', 'order_list_');
const back = startsWith('refund_', 'charge_');
const groups = [
  { title: 'Payments', names: faultNames.filter((name) => ![...hooks, ...api, ...back].includes(name)) },
  { title: 'Refunds and mandates', names: back },
  { title: 'Webhooks', names: hooks },
  { title: 'API', names: api },
];

function faultGroup(place: Place, title: string, names: readonly FaultName[], values: OperatorView['faults']): Html {
  const on = names.filter((name) => values[name] !== false).length;
  return html`<details class="faults" open><summary><h3>${title}</h3>${on > 0 && html`<span class="chip">${on} on</span>`}</summary>
    ${names.map((name) => faultRow(place, name, values[name]))}</details>`;
}

function faultRow(place: Place, name: FaultName, value: FaultValue): Html {
  const seconds = name.endsWith('_seconds');
  const now = value === false ? 'off' : value === true ? 'on' : seconds ? `${value} s` : `next ${value}`;
  const set = (to: string, label: string, pressed: boolean) =>
    button(place, { do: 'fault', name, value: to }, label, pressed ? 'pressed' : '');
  return html`<div class="fault ${value !== false && 'set'}" id="${name}">
    <div><code>${name}</code> <span class="chip">${now}</span><p>${faultMeaning[name]}</p></div>
    <div class="segments" role="group" aria-label="${name}">
      ${set('off', 'Off', value === false)}
      ${seconds ? set('10', '10 s', value === 10) : set('1', 'Next', value === 1)}
      ${seconds ? set('120', '2 min', value === 120) : set('on', 'On', value === true)}
    </div>
  </div>`;
}
