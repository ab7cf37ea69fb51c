// Owns the operator page's list of deliveries, and the state of the endpoint above it.

import type { Deliveries } from './deliveries.ts';
import { type Html, html, time } from './html.ts';
import { button, chip, type Place, table } from './page-parts.ts';

export interface EndpointView {
  readonly failingSinceMs: number | null;
  readonly disabledMs: number | null;
  readonly secret: string;
}

type Row = ReturnType<Deliveries['list']>[number];

export function webhookList(place: Place, deliveries: readonly Row[], endpoint: EndpointView): Html {
  const waiting = deliveries.filter(({ state }) => state !== 'delivered').length;
  const disabled = endpoint.disabledMs !== null;
  return html`
  <section><div class="heading"><h2>Webhooks <small>${waiting === 0 ? 'all delivered' : `${waiting} not delivered`}</small></h2>
    <div class="acts">${button(place, { do: 'deliver' }, 'Deliver held and due')}
    ${button(place, { do: 'next' }, 'Move on to the next try')}
    ${button(place, { do: 'rotate' }, 'Rotate the secret')}
    ${disabled ? button(place, { do: 'enable' }, 'Enable') : button(place, { do: 'disable' }, 'Disable')}</div></div>
    <p class="endpoint">${endpointText(endpoint)} · secret <code>${endpoint.secret.slice(0, 6)}…</code></p>
    ${table(
      'Webhooks',
      ['Event', 'Of', 'State', 'Tries', 'Next or last', ''],
      deliveries.map((row) => line(place, row)),
    )}
  </section>`;
}

function endpointText({ failingSinceMs, disabledMs }: EndpointView): Html {
  if (disabledMs !== null) return html`${chip('disabled')} since ${time(disabledMs)}: nothing is sent for Razorpay`;
  if (failingSinceMs !== null)
    return html`${chip('failing')} since ${time(failingSinceMs)}; disabled after 24 hours of it`;
  return html`${chip('enabled')} and taking events`;
}

function line(place: Place, row: Row): Html {
  const marks = [row.tampered && 'tampered', row.unsigned && 'unsigned', row.unnamed && 'no event id'];
  const shown = [...marks, row.unheard > 0 && 'answer not heard'].filter(Boolean);
  const name = row.state === 'delivered' ? 'Again' : 'Deliver';
  return html`<tr><td>${row.name}<br><small>${row.event_id}${shown.length > 0 && ` · ${shown.join(', ')}`}</small></td>
    <td><small title="${row.order_id}">${row.order_id.slice(0, 20)}</small></td>
    <td>${chip(row.state)}<br><small>${row.last_answer ?? ''}</small></td>
    <td class="num">${row.attempts}</td><td>${time(row.next_ms)}</td>
    <td class="acts">${button(place, { do: 'deliver', eventId: row.event_id }, name)}</td></tr>`;
}
