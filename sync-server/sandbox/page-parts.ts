// Owns the pieces of which the operator page is made: buttons that post, tables, chips. Every button is a plain form, so
// the page works without its script.

import { type Html, html } from './html.ts';

export const views = ['payments', 'mandates', 'stripe'] as const;
export type ViewName = (typeof views)[number];

/** Where the page is and which of its views is shown: every button brings the person back there. */
export interface Place {
  readonly base: string;
  readonly show: ViewName;
}

export type Fields = Readonly<Record<string, string>>;

function hidden({ show }: Place, fields: Fields): Html[] {
  const all = show === 'payments' ? fields : { ...fields, show };
  return Object.entries(all).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}

/** A button that posts these fields: the page's one way to do something. */
export function button(place: Place, fields: Fields, label: string, look = ''): Html {
  return html`<form method="post" action="${place.base}/operator">${hidden(place, fields)}<button class="${look}">${label}</button></form>`;
}

/** A button with an amount in rupees beside it; empty means all of it. */
export function amountButton(place: Place, fields: Fields, label: string, name: string): Html {
  return html`<form method="post" action="${place.base}/operator" class="amount">${hidden(place, fields)}
    <input name="rupees" inputmode="decimal" placeholder="all" size="7" aria-label="${name}"><button>${label}</button></form>`;
}

/** A button with a field beside it, filled in. */
export function typedButton(
  place: Place,
  fields: Fields,
  label: string,
  field: {
    readonly name: string;
    readonly label: string;
    readonly type: string;
    readonly value: string;
    readonly step: string;
  },
): Html {
  return html`<form method="post" action="${place.base}/operator" class="amount">${hidden(place, fields)}
    <input name="${field.name}" type="${field.type}" value="${field.value}" step="${field.step}" required aria-label="${field.label}"><button>${label}</button></form>`;
}

/** A choice and a button beside it. */
export function choiceButton(
  place: Place,
  fields: Fields,
  label: string,
  choice: { readonly name: string; readonly label: string; readonly options: readonly (readonly [string, string])[] },
): Html {
  return html`<form method="post" action="${place.base}/operator" class="amount">${hidden(place, fields)}
    <select name="${choice.name}" aria-label="${choice.label}">
      ${choice.options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select><button>${label}</button></form>`;
}

export const chip = (state: string): Html => html`<span class="chip ${state}">${state.replaceAll('_', ' ')}</span>`;
export const code = (id: string): Html => html`<code title="${id}">${id}</code>`;
/** An id of Stripe's, which is long: its end tells it apart. */
export const shortCode = (id: string): Html =>
  html`<code title="${id}">${id.slice(0, id.indexOf('_') + 1)}…${id.slice(-8)}</code>`;

export interface Table {
  readonly title: string;
  readonly hint?: string;
  readonly heads: readonly string[];
  readonly lines: readonly Html[];
}

export function section({ title, hint, heads, lines }: Table): Html {
  return html`<section><h2>${title}${hint !== undefined && html` <small>${hint}</small>`}</h2>${table(title, heads, lines)}</section>`;
}

export function table(label: string, heads: readonly string[], lines: readonly Html[]): Html {
  if (lines.length === 0) return html`<p class="empty">None yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
    <thead><tr>${heads.map((head) => html`<th scope="col">${head || html`<span class="unseen">Actions</span>`}</th>`)}</tr></thead>
    <tbody>${lines}</tbody></table></div>`;
}
