// Owns the HTML of Stripe's hosted checkout as the sandbox plays it. Its buttons are plain forms; the page has no script.

import { type Html, html, money, page } from '../html.ts';
import type { Line } from './catalogue.ts';
import type { PaymentIntent, Session } from './objects.ts';

export interface SessionView {
  readonly base: string;
  readonly session: Session;
  readonly lines: readonly Line[];
  readonly intent: PaymentIntent | null;
}

const STYLES = ['desk.css', 'checkout.css'];

export function sessionPage(view: SessionView): string {
  const { base, session, lines } = view;
  const amount = money(session.amount_total, session.currency.toUpperCase());
  const every = lines.find(({ price }) => price.recurring !== null)?.price.recurring ?? null;
  const body = html`
<main class="checkout">
  <section class="bill" aria-label="What is paid">
    <p class="seller"><span class="mark" aria-hidden="true">S</span>Sandbox seller</p>
    <p class="amount">${amount}</p>
    <p class="what">${lines.map(({ description }) => description).join(', ')}${every !== null && `, every ${every.interval}`}</p>
    <dl>
      <div><dt>Session</dt><dd>${session.id.slice(0, 16)}…</dd></div>
      ${session.client_reference_id !== null && html`<div><dt>Reference</dt><dd>${session.client_reference_id}</dd></div>`}
    </dl>
    <p class="fine">Payment sandbox, in place of Stripe</p>
  </section>
  <section class="desk" aria-labelledby="desk-title">${desk(view, amount)}</section>
</main>`;
  return page({ base, title: `Pay ${amount} (test)`, name: 'pay', styles: STYLES, script: null, body });
}

function desk(view: SessionView, amount: string): Html {
  const { session, intent } = view;
  if (session.status === 'expired') return ended('This checkout has expired', 'Nothing can be paid here any more.');
  if (session.status === 'complete') {
    return session.payment_status === 'unpaid'
      ? ended('The bank takes its time', 'The order is placed; the money is on its way or not.')
      : ended('Paid with test money', 'You can close this page now.', true);
  }
  return intent?.status === 'requires_action' ? challenge(view, amount) : form(view, amount);
}

function ended(title: string, text: string, tick = false): Html {
  return html`<div class="result">
    ${tick && html`<p class="tick" aria-hidden="true">✓</p>`}
    <h1 id="desk-title">${title}</h1>
    <p>${text}</p>
  </div>`;
}

const choice = (value: string, title: string, text: string, checked = false): Html =>
  html`<label><input type="radio" name="how" value="${value}"${checked && html` checked`}><span><b>${title}</b>${text}</span></label>`;

function form({ base, session, intent }: SessionView, amount: string): Html {
  const failed = intent !== null && intent.last_payment_error !== null;
  const isPayment = session.mode === 'payment';
  return html`
    <header><h1 id="desk-title">Pay with test money</h1></header>
    ${failed && html`<p class="failure" role="alert">Your card has insufficient funds. You can try again.</p>`}
    <form method="post" action="${base}/stripe/checkout/${session.id}">
      <fieldset class="choices"><legend>Way to pay</legend>
        ${choice('card', 'Card 4242', 'pays at once', true)}
        ${choice('upi', 'UPI', 'pays at once')}
        ${choice('challenge', 'Card 3220', 'asks you to confirm at your bank first')}
        ${isPayment && choice('pay_later', 'Slow bank', 'tells some time later whether the money came')}
        ${choice('fail', 'Card 9995', 'is refused by the bank')}
      </fieldset>
      <button class="go" id="pay" name="do" value="pay">Pay ${amount}</button>
    </form>
    <form method="post" action="${base}/stripe/checkout/${session.id}" class="refuse">
      <p>Or leave without paying.</p>
      <button class="no" id="close" name="do" value="close">Close</button>
    </form>`;
}

function challenge({ base, session }: SessionView, amount: string): Html {
  return html`
    <header><h1 id="desk-title">Your bank asks you to confirm</h1></header>
    <p>A payment of ${amount} is asked for. Is it you who pays?</p>
    <form method="post" action="${base}/stripe/checkout/${session.id}">
      <button class="go" id="confirm" name="do" value="confirm">Yes, confirm</button>
    </form>
    <form method="post" action="${base}/stripe/checkout/${session.id}" class="refuse">
      <p>Or say that it is not you.</p>
      <button class="no" id="deny" name="do" value="deny">No</button>
    </form>`;
}
